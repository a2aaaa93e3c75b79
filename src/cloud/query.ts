/**
 * Searching the catalogue: every given condition must hold. Ties go by name; types without a known price come last when
 * sorting by price. Pure: the command line only prints what this returns.
 */

import { AssumedParameters } from './assumptions.ts';
import { instanceTypes } from './catalogue.ts';
import type { InstanceType } from './instance-type.ts';
import { onDemandNanoUsdPerHour } from './prices.ts';

export interface CatalogueQuery {
  /** Exact family, for example `m6i`. */
  readonly family?: string;
  readonly arch?: 'amd64' | 'arm64';
  readonly minVcpu?: number;
  readonly maxVcpu?: number;
  readonly minMemoryBytes?: number;
  /** true: some GPU; false: none; a text: that model, for example `a10g`. */
  readonly gpu?: boolean | string;
  /** Where to price (default us-east-1). */
  readonly region?: string;
  /** Ascending (default `name`). */
  readonly sort?: CatalogueOrder;
  /** At most so many. */
  readonly limit?: number;
}

export type CatalogueOrder = 'price' | 'vcpu' | 'memory' | 'name';

export function queryCatalogue(
  query: CatalogueQuery,
  parameters: AssumedParameters = new AssumedParameters(),
): InstanceType[] {
  const keyed = instanceTypes()
    .filter((type) => matches(type, query))
    .map((type) => ({ type, key: sortKey(type, query, parameters) }));
  // The catalogue is in the order of names and the sort is stable, so equal keys stay by name.
  keyed.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1));
  return keyed.slice(0, query.limit ?? keyed.length).map(({ type }) => type);
}

function matches(type: InstanceType, query: CatalogueQuery): boolean {
  return (
    (query.family === undefined || type.family === query.family) &&
    (query.arch === undefined || type.arch === query.arch) &&
    type.vcpu >= (query.minVcpu ?? 0) &&
    type.vcpu <= (query.maxVcpu ?? Infinity) &&
    type.memoryBytes >= (query.minMemoryBytes ?? 0) &&
    matchesGpu(type, query.gpu)
  );
}

function matchesGpu(type: InstanceType, gpu: CatalogueQuery['gpu']): boolean {
  if (gpu === undefined) return true;
  return typeof gpu === 'string' ? type.gpu?.model === gpu : (type.gpu !== null) === gpu;
}

function sortKey(type: InstanceType, query: CatalogueQuery, parameters: AssumedParameters): number {
  switch (query.sort ?? 'name') {
    case 'price':
      return onDemandNanoUsdPerHour(type, query.region ?? 'us-east-1', parameters) ?? Infinity;
    case 'vcpu':
      return type.vcpu;
    case 'memory':
      return type.memoryBytes;
    case 'name':
      return 0;
  }
}
