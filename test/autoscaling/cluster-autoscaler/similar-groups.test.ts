import { describe, expect, it } from 'vitest';
import { KubernetesWorld } from './kubernetes-world.ts';
import { US_PER_SECOND } from '../../../src/base/units.ts';
import {
  areSimilar,
  balanced,
} from '../../../src/autoscaling/cluster-autoscaler/similar-groups.ts';
import type { ComparedNode } from '../../../src/autoscaling/cluster-autoscaler/similar-groups.ts';

const LATER_US = 3 * US_PER_SECOND;

function nodes(parts: object = {}): [ComparedNode, ComparedNode] {
  const world = new KubernetesWorld();
  const pool = world.addPool('base', ['m5.large']);
  const { description } = world.template(pool);
  const free = {
    cpuFreeTicks: description.cpuAllocatableTicks,
    memoryFreeBytes: description.memoryAllocatableBytes,
  };
  return [
    { description, ...free },
    { description: { ...description, ...parts }, ...free },
  ];
}

describe('groups that are alike (kubernetes.md 5.4)', () => {
  it('differ in zone, host name and the name of the group at most', () => {
    const [one, other] = nodes();
    expect(areSimilar(one, other)).toBe(true);
    const { labels } = one.description;
    const elsewhere = { ...labels, 'topology.kubernetes.io/zone': 'x', 'berth.dev/pool': 'y' };
    expect(areSimilar(...nodes({ labels: elsewhere }))).toBe(true);
    const tiered = nodes({ labels: { ...labels, tier: 'a' } });
    expect(areSimilar(...tiered)).toBe(false);
    // --balancing-ignore-label=tier
    expect(areSimilar(...tiered, ['tier'])).toBe(true);
  });

  it('have memory within 1.5 % and the same of everything else', () => {
    const memory = 8_589_934_592;
    const capacity = (share: number) => nodes({ memoryCapacityBytes: memory * share });
    expect(areSimilar(...capacity(0.986))).toBe(true);
    expect(areSimilar(...capacity(0.984))).toBe(false);
    expect(areSimilar(...nodes({ cpuCapacityTicks: 256_001 }))).toBe(false);
  });
});

describe('balancing (kubernetes.md 5.4 step 6)', () => {
  const groups = [
    { pool: 0, size: 3, maximum: 10 },
    { pool: 1, size: 1, maximum: 10 },
    { pool: 2, size: 1, maximum: 2 },
  ];

  it.each([
    [1, [[1, 1]]],
    [
      3,
      [
        [1, 2],
        [2, 1],
      ],
    ],
    [
      5,
      [
        [1, 3],
        [2, 1],
        [0, 1],
      ],
    ],
    [
      100,
      [
        [1, 9],
        [2, 1],
        [0, 7],
      ],
    ],
  ])('shares %i nodes among 3 of 10, 1 of 10 and 1 of 2', (count, shares) => {
    expect(balanced(groups, count)).toEqual(new Map(shares as [number, number][]));
  });

  it('is done when it is asked for', () => {
    const world = new KubernetesWorld();
    const pools = ['a', 'b'].map((name) => world.addPool(name, ['m5.large']));
    world.addRefused(world.service('api', 900), 6);
    const scaleUp = {
      nodesPerScaleUp: 1000,
      nodesTotal: 0,
      balanceSimilarGroups: true,
      ignoredLabels: [],
      fastPath: false,
    };
    expect(world.wake(world.autoscaler(pools, { scaleUp }), LATER_US)).toEqual([
      { kind: 'set-pool-desired', pool: 0, desired: 2 },
      { kind: 'set-pool-desired', pool: 1, desired: 1 },
    ]);
  });
});

it('max-nodes-total caps a scale-up, with the nodes that are there (kubernetes.md 5.4 step 6)', () => {
  const world = new KubernetesWorld();
  const pool = world.addPool('base', ['m5.large'], { desired: 1 });
  world.addRunning(world.service('full', 1800), world.addHost(pool));
  world.addRefused(world.service('api', 900), 10);
  const scaleUp = {
    nodesPerScaleUp: 1000,
    nodesTotal: 3,
    balanceSimilarGroups: false,
    ignoredLabels: [],
    fastPath: false,
  };
  expect(world.wake(world.autoscaler([pool], { scaleUp }), LATER_US)).toEqual([
    { kind: 'set-pool-desired', pool, desired: 3 },
  ]);
});
