import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KarpenterWorld } from './karpenter-world.ts';
import { MARKET } from '../../support/world.ts';
import { MIB, TICKS_PER_MILLI } from '../../../src/base/units.ts';
import { Requirement } from '../../../src/autoscaling/karpenter/requirement.ts';
import { Requirements } from '../../../src/autoscaling/karpenter/requirements.ts';
import { describeInstance } from '../../../src/orchestration/host-description.ts';
import { fixedLabels, meetsFixed } from '../../../src/autoscaling/karpenter/instance-types.ts';
import { instanceTypes } from '../../../src/cloud/catalogue.ts';

function typesOf(world: KarpenterWorld) {
  return world.provisioner().templates[0]!.types;
}

describe('the types of a NodePool', () => {
  it('are those that its keys choose, the cheapest first', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { families: ['m5', 'm6g'], arch: ['amd64'] });
    const names = typesOf(world).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['m5.large', 'm5.xlarge', 'm5.2xlarge']);
    expect(names).not.toContain('m6g.large');
  });

  it('pitfall 14.9: give to pods what a node of the type would, not what the instance has', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: ['m5.large'] });
    const [type] = typesOf(world);
    // aws.md 1.15: 8192 - 615 - (11 x 29 + 255 = 574) - 100 = 6903 MiB, 1930m, 29 pods.
    expect(type!.room).toEqual([1930 * TICKS_PER_MILLI, 6903 * MIB, 29, 0]);
  });

  it('are offered by zone and capacity type, the cheapest first', () => {
    const world = new KarpenterWorld(['a', 'b']);
    const capacityTypes = ['on-demand', 'spot'];
    world.addNodePool('m5', { instanceTypes: ['m5.large'], capacityTypes });
    const offerings = typesOf(world)[0]!.offerings;
    expect(offerings.map(({ zoneName, spot }) => [zoneName, spot])).toEqual([
      ['us-east-1a', true],
      ['us-east-1b', true],
      ['us-east-1a', false],
      ['us-east-1b', false],
    ]);
    expect(offerings[2]!.priceNanoUsdPerHour).toBe(96_000_000);
  });

  it('are bought only in the zones of the NodePool', () => {
    const world = new KarpenterWorld(['a', 'b', 'on-prem']);
    world.addNodePool('m5', { instanceTypes: ['m5.large'] }, { zones: [1] });
    expect(typesOf(world)[0]!.offerings.map(({ zoneName }) => zoneName)).toEqual(['us-east-1b']);
  });
});

it('types are chosen by labels as the requirement algebra would', () => {
  const world = new KarpenterWorld();
  const { pool } = world.addNodePool('any', {});
  const labelSets = instanceTypes()
    .filter((_, at) => at % 40 === 0)
    .map((type) => describeInstance(world.cluster, pool, type.name, 0, false, MARKET).labels);
  const keys = [
    'karpenter.k8s.aws/instance-gpu-name',
    'karpenter.k8s.aws/instance-cpu',
    'kubernetes.io/arch',
    'topology.kubernetes.io/region',
    'example.com/team',
  ];
  const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] as const;
  const one = fc
    .tuple(fc.constantFrom(...keys), fc.constantFrom(...operators), fc.constantFrom('8', 'amd64'))
    .map(([key, operator, value]) => {
      const isBound = operator === 'Gt' || operator === 'Lt';
      return Requirement.of({ key, operator, values: [isBound ? '8' : value] });
    });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 3 }), fc.constantFrom(...labelSets), (list, labels) => {
      const requirements = Requirements.of(list);
      expect(meetsFixed(requirements, labels)).toBe(fixedLabels(labels).intersects(requirements));
    }),
    { seed: 31, numRuns: 500 },
  );
});
