/** What the parts of an assembly share while it is put together. */

import type { AssumedParameters } from '../../cloud/assumptions.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { LoadedInputs } from '../inputs.ts';
import type { Market } from '../../orchestration/host-description.ts';
import type { PolicyKind } from '../../placement/policy.ts';
import type { ResolvedVariant } from '../experiment.ts';
import type { Supply } from '../../cloud/supply/supply.ts';
import type { Streams } from '../../random/streams.ts';

export interface World {
  readonly variant: ResolvedVariant;
  /** Seed of the replication. */
  readonly seed: string | number;
  readonly inputs: LoadedInputs;
  readonly ownPolicies: readonly PolicyKind[];
  readonly streams: Streams;
  readonly parameters: AssumedParameters;
  readonly market: Market;
  readonly supply: Supply;
  readonly cluster: Cluster;
  /** What a reader should know about how the scenario was understood: rounded sizes, skipped objects. */
  readonly notes: string[];
}

/** Row of a zone by its name. */
export function zoneRow(world: World, name: string): number {
  return world.cluster.zones.indexOf(name);
}
