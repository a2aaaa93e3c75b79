import { describe, expect, it } from 'vitest';
import { GIB, NANO_USD_PER_USD, TICKS_PER_CORE, TICKS_PER_MILLI } from '../../../src/base/units.ts';
import { KubernetesWorld } from './kubernetes-world.ts';
import { MARKET } from '../../support/world.ts';
import { chooseOption } from '../../../src/autoscaling/cluster-autoscaler/expander.ts';
import { describeInstance } from '../../../src/orchestration/host-description.ts';
import {
  leastWaste,
  waste,
} from '../../../src/autoscaling/cluster-autoscaler/expanders/least-waste.ts';
import { mostPods } from '../../../src/autoscaling/cluster-autoscaler/expanders/most-pods.ts';
import {
  priceExpander,
  unfitness,
} from '../../../src/autoscaling/cluster-autoscaler/expanders/price.ts';
import { leastNodes } from '../../../src/autoscaling/cluster-autoscaler/expanders/least-nodes.ts';
import { priorityExpander } from '../../../src/autoscaling/cluster-autoscaler/expanders/priority.ts';
import { random } from '../../../src/autoscaling/cluster-autoscaler/expanders/random.ts';
import type { ExpansionOption } from '../../../src/autoscaling/cluster-autoscaler/expander.ts';

/** An option of `nodeCount` nodes of `cores` and `gib` each. */
function option(
  pool: number,
  nodeCount: number,
  cores: number,
  gib: number,
  parts: Partial<ExpansionOption> & { usdPerHour?: number; gpuCount?: number } = {},
): ExpansionOption {
  const world = new KubernetesWorld();
  const row = world.addPool('base', ['m5.large']);
  const { usdPerHour = 0.1, gpuCount = 0, ...rest } = parts;
  const node = {
    ...describeInstance(world.cluster, row, 'm5.large', 0, false, MARKET),
    cpuCapacityTicks: cores * TICKS_PER_CORE,
    memoryCapacityBytes: gib * GIB,
    priceNanoUsdPerHour: usdPerHour * NANO_USD_PER_USD,
    gpuCount,
  };
  const pods = { podCount: 1, podCpuTicks: 5000 * TICKS_PER_MILLI, podMemoryBytes: 10 * GIB };
  return { pool, id: `group-${pool}`, nodeCount, node, ...pods, ...rest };
}

describe('least-waste (kubernetes.md 5.5, 6)', () => {
  it('pitfall 8.15: waste is of capacity; pods of 5000 m and 10 GiB waste 0.75, 1.0625 and 1.0625 of three offers', () => {
    // 3 x (2, 8): 1/6 + 14/24; 2 x (4, 16): 3/8 + 22/32; 1 x (8, 32): 3/8 + 22/32
    const offers = [option(0, 3, 2, 8), option(1, 2, 4, 16), option(2, 1, 8, 32)];
    expect(offers.map(waste)).toEqual([expect.closeTo(0.75, 12), 1.0625, 1.0625]);
    expect(leastWaste.best(offers, 0)).toEqual([offers[0]]);
    expect(leastWaste.best(offers.slice(1), 0)).toEqual(offers.slice(1));
  });
});

it('most-pods takes the group that helps most pods (kubernetes.md 5.5)', () => {
  const offers = [1, 7, 7].map((podCount, pool) => option(pool, 1, 2, 8, { podCount }));
  expect(mostPods.best(offers, 0)).toEqual(offers.slice(1));
});

describe('price (kubernetes.md 5.5)', () => {
  it.each([
    // small cluster prefers 1 core: u = 4, one node: weight 1
    [4, 1, 2, 4],
    // 7 nodes prefer 4 cores
    [4, 1, 7, 1],
    [2, 1, 7, 2],
    // (2 - 1)(1 - tanh(15 / 15)) + 1 = 2 - 0.7615941559557649
    [2, 16, 7, 1.2384058440442351],
    // above 200 nodes: 32 cores
    [16, 1, 201, 2],
  ])(
    '%i cores, %i nodes more in a cluster of %i: unfitness %d',
    (cores, count, nodes, expected) => {
      expect(unfitness(option(0, count, cores, 8), nodes)).toBeCloseTo(expected, 12);
    },
  );

  it('takes the cheaper of two equal nodes and spurns GPUs', () => {
    const dear = option(0, 1, 4, 16, { usdPerHour: 0.2 });
    const cheap = option(1, 1, 4, 16, { usdPerHour: 0.19 });
    const gpu = option(2, 1, 4, 16, { usdPerHour: 0.01, gpuCount: 1 });
    const price = priceExpander(MARKET.parameters);
    expect(price.best([dear, cheap, gpu], 10)).toEqual([cheap]);
  });

  it('leaves out groups without a price, unless none has one', () => {
    const unknown = option(0, 1, 4, 16, { usdPerHour: NaN });
    const known = option(1, 1, 2, 8, { usdPerHour: 9 });
    const price = priceExpander(MARKET.parameters);
    expect(price.best([unknown, known], 10)).toEqual([known]);
    expect(price.best([unknown, unknown], 10)).toHaveLength(2);
  });
});

describe('the choice of an option (kubernetes.md 5.5, 9)', () => {
  const offers = [option(0, 2, 4, 16), option(1, 1, 8, 32), option(2, 3, 2, 8)];

  it('draws among what the expanders leave, or takes the first', () => {
    expect(chooseOption(offers, [random], 0, () => 0.99)?.pool).toBe(2);
    expect(chooseOption(offers, [random], 0, () => 0)?.pool).toBe(0);
    expect(chooseOption(offers, [random], 0, undefined)?.pool).toBe(0);
    expect(chooseOption([], [random], 0, () => 0)).toBeUndefined();
  });

  it('chains expanders: each filters what the one before left', () => {
    const equalWaste = offers.slice(0, 2);
    const more = equalWaste.map((offer, index) => ({ ...offer, podCount: index }));
    expect(chooseOption(more, [leastWaste, mostPods], 0, undefined)?.pool).toBe(1);
  });
});

it('least-nodes takes the group that grows least (kubernetes.md 5.5)', () => {
  const offers = [3, 1, 1].map((nodeCount, pool) => option(pool, nodeCount, 2, 8));
  expect(leastNodes.best(offers, 0)).toEqual(offers.slice(1));
});

describe('priority (kubernetes.md 5.5)', () => {
  const offers = ['spot-a', 'spot-b', 'base'].map((id, pool) => option(pool, 1, 2, 8, { id }));
  const best = (...rules: [number, RegExp][]) =>
    priorityExpander(rules.map(([priority, pattern]) => ({ priority, patterns: [pattern] })))
      .best(offers, 0)
      .map(({ id }) => id);

  it('takes the groups with the highest number that a pattern gives them', () => {
    expect(best([10, /spot/u], [50, /-b$/u], [1, /.*/u])).toEqual(['spot-b']);
    expect(best([10, /spot/u])).toEqual(['spot-a', 'spot-b']);
  });

  it('filters nothing where nothing matches, or only numbers below -1', () => {
    expect(best([10, /gpu/u])).toHaveLength(3);
    expect(best([-2, /base/u])).toHaveLength(3);
    expect(best([-1, /base/u])).toEqual(['base']);
  });
});
