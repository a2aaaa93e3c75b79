import { describe, expect, it } from 'vitest';
import { GIB } from '../../src/base/units.ts';
import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { instanceTypes } from '../../src/cloud/catalogue.ts';
import { onDemandNanoUsdPerHour } from '../../src/cloud/prices.ts';
import { queryCatalogue } from '../../src/cloud/query.ts';

const names = (types: readonly { readonly name: string }[]): string[] =>
  types.map((type) => type.name);

describe('a query of the catalogue', () => {
  it('without conditions gives every type, by name', () => {
    expect(queryCatalogue({})).toEqual(instanceTypes());
  });

  it('gives a family from 8 to 32 vCPUs, cheapest first', () => {
    const found = queryCatalogue({ family: 'm6i', minVcpu: 8, maxVcpu: 32, sort: 'price' });
    expect(names(found)).toEqual(['m6i.2xlarge', 'm6i.4xlarge', 'm6i.8xlarge']);
  });

  it('puts unknown prices last, by name', () => {
    const found = queryCatalogue({ sort: 'price' });
    const parameters = new AssumedParameters();
    const prices = found.map((type) => onDemandNanoUsdPerHour(type, 'us-east-1', parameters));
    const firstUnknown = prices.indexOf(null);
    expect(firstUnknown).toBe(1345);
    expect(prices.slice(firstUnknown).every((price) => price === null)).toBe(true);
    expect(names(found.slice(-2))).toEqual(['x8aedz.metal-24xl', 'x8aedz.xlarge']);
  });

  it('finds GPUs by presence and by model', () => {
    expect(queryCatalogue({ gpu: true }).length).toBe(70);
    expect(queryCatalogue({ gpu: false }).length).toBe(1293);
    const a100 = queryCatalogue({ gpu: 'a100', sort: 'memory' });
    expect(names(a100)).toEqual(['p4d.24xlarge', 'p4de.24xlarge']);
  });

  it('holds every condition at once, and the limit', () => {
    const found = queryCatalogue({
      arch: 'arm64',
      minVcpu: 4,
      minMemoryBytes: 32 * GIB,
      sort: 'vcpu',
      limit: 5,
    });
    expect(found.length).toBe(5);
    for (const type of found) {
      expect(type.arch).toBe('arm64');
      expect(type.vcpu).toBe(4);
      expect(type.memoryBytes).toBeGreaterThanOrEqual(32 * GIB);
    }
    expect(names(found)).toEqual([...names(found)].sort((a, b) => (a < b ? -1 : 1)));
  });
});
