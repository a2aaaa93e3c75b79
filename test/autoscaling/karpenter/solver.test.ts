import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KarpenterWorld, claimsOf } from './karpenter-world.ts';
import { HOST_STATE } from '../../../src/cluster/hosts.ts';
import { TICKS_PER_CORE } from '../../../src/base/units.ts';
import { ZONE } from '../../../src/autoscaling/karpenter/well-known-labels.ts';
import type { SpreadConstraint } from '../../../src/cluster/spec.ts';

// Allocatable by aws.md 1.15: m5.large 1930m and 6903 MiB; m5.xlarge 3920m; m5.2xlarge 7910m.
const M5 = ['m5.large', 'm5.xlarge', 'm5.2xlarge'];

function zoneSpread(parts: Partial<SpreadConstraint> = {}): SpreadConstraint {
  return { topologyKey: ZONE, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', ...parts };
}

describe('a claim is a set of types', () => {
  it('that shrinks with every pod it takes', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: M5 });
    const web = world.addService('web', 1.5, 1);
    const one = world.plan(world.addPending(web, 1));
    expect(claimsOf(one)).toEqual([{ types: M5, pods: 1 }]);
    // Four pods ask for 6 cores: only the 8-core type has them.
    const four = world.plan(world.addPending(web, 4));
    expect(claimsOf(four)).toEqual([{ types: ['m5.2xlarge'], pods: 4 }]);
  });

  it('and a second claim opens when no type holds one more pod', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: M5 });
    // 5 x 1.5 = 7.5 of 7.91 cores; the sixth pod needs another node.
    const plan = world.plan(world.addPending(world.addService('web', 1.5, 1), 6));
    expect(claimsOf(plan).map(({ pods }) => pods)).toEqual([5, 1]);
  });

  it('without the types that daemons leave too little of', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: M5 });
    world.addWorkload('agent', 'daemon', TICKS_PER_CORE, 0);
    // m5.large keeps 1.93 - 1 = 0.93 cores for a pod of 1.5.
    const plan = world.plan(world.addPending(world.addService('web', 1.5, 1)));
    expect(claimsOf(plan)).toEqual([{ types: ['m5.xlarge', 'm5.2xlarge'], pods: 1 }]);
  });

  it('that keeps minValues distinct values or refuses the pod', () => {
    const world = new KarpenterWorld();
    const key = 'node.kubernetes.io/instance-type';
    const wish = { key, operator: 'In', values: M5, minValues: 2 } as const;
    world.addNodePool('m5', { instanceTypes: M5 }, { requirements: [wish] });
    const pod = (cores: number) => world.addPending(world.addService(`p${cores}`, cores, 1));
    expect(claimsOf(world.plan(pod(3)))[0]!.types).toEqual(['m5.xlarge', 'm5.2xlarge']);
    expect(world.plan(pod(6)).unplaced).toHaveLength(1);
  });
});

describe('pods go first', () => {
  it('to existing nodes, ready ones before those on their way, then by row', () => {
    const world = new KarpenterWorld();
    const { pool } = world.addNodePool('m5', { instanceTypes: M5 });
    const coming = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.launching);
    const ready = world.addHostOf('m5.large', pool, 1, false, HOST_STATE.ready);
    const plan = world.plan(world.addPending(world.addService('web', 1.5, 1), 2));
    expect(plan.placements.map(({ host }) => host)).toEqual([ready, coming]);
    expect(plan.claims).toHaveLength(0);
  });

  it('but not to hosts of other pools that have yet to join', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: M5 });
    const asg = world.addPool('base', ['m5.2xlarge']);
    world.addHost(asg, 0, HOST_STATE.running);
    const plan = world.plan(world.addPending(world.addService('web', 1.5, 1)));
    expect(plan.claims).toHaveLength(1);
  });

  it('to the claim with the fewest pods', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: ['m5.xlarge'] });
    const big = world.addPending(world.addService('big', 2.5, 1), 2);
    const small = world.addPending(world.addService('small', 0.5, 1), 2);
    // The big ones open a claim each; the small ones then alternate instead of filling the first.
    expect(claimsOf(world.plan([...small, ...big])).map(({ pods }) => pods)).toEqual([2, 2]);
  });

  it('pitfall 14.4: to the NodePool of higher weight, and among equals to the last by name', () => {
    const world = new KarpenterWorld();
    world.addNodePool('a', { instanceTypes: M5 }, { weight: 10 });
    const b = world.addNodePool('b', { instanceTypes: M5 }, { weight: 10 });
    world.addNodePool('c', { instanceTypes: M5 });
    // aws.md 10.1 (13): order b, a, c.
    expect(world.provisioner().templates.map(({ config }) => config.name)).toEqual(['b', 'a', 'c']);
    const plan = world.plan(world.addPending(world.addService('web', 1, 1)));
    expect(plan.claims[0]!.template.config).toBe(b);
  });
});

describe('a zone spread', () => {
  it('pins each claim to the zone with the fewest pods, the smallest name among equals', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: ['m5.2xlarge'] });
    const web = world.addService('web', 1, 1, { spread: [zoneSpread()] });
    const plan = world.plan(world.addPending(web, 5));
    // Zones in turn a, b, c, a, b: 2, 2, 1.
    const zones = plan.claims.map(({ requirements, pods }) => [
      [...requirements.get(ZONE)!.values][0],
      pods.length,
    ]);
    expect(zones).toEqual([
      ['us-east-1a', 2],
      ['us-east-1b', 2],
      ['us-east-1c', 1],
    ]);
  });

  it('counts the pods that run', () => {
    const world = new KarpenterWorld();
    const { pool } = world.addNodePool('m5', { instanceTypes: ['m5.large'] });
    const web = world.addService('web', 1.5, 1, { spread: [zoneSpread()] });
    world.addRunning(web, world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready));
    const plan = world.plan(world.addPending(web, 2));
    const zones = plan.claims.map(({ requirements }) => [...requirements.get(ZONE)!.values][0]);
    expect(zones).toEqual(['us-east-1b', 'us-east-1c']);
  });

  it('holds for ScheduleAnyway too, until it cannot be met', () => {
    const world = new KarpenterWorld(['a', 'b']);
    const { pool } = world.addNodePool('m5', { instanceTypes: ['m5.large'] }, { zones: [0] });
    const asg = world.addPool('base', ['m5.large']);
    const spread = [zoneSpread({ whenUnsatisfiable: 'ScheduleAnyway' })];
    const web = world.addService('web', 1.5, 1, { spread });
    world.addRunning(web, world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready));
    const inB = world.addHost(asg, 1);
    const plan = world.plan(world.addPending(web, 2));
    // The first keeps the skew: zone b has room. The second finds only zone a and gives the spread up.
    expect(plan.placements.map(({ host }) => host)).toEqual([inB]);
    expect(plan.claims).toHaveLength(1);

    // DoNotSchedule: one pod on the host in b, two in a, and a third in a would be two more than in b.
    const strict = world.addService('strict', 1.5, 1, { spread: [zoneSpread()] });
    const held = world.plan(world.addPending(strict, 4));
    expect(held.placements.map(({ host }) => host)).toEqual([inB]);
    expect(held.claims).toHaveLength(2);
    expect(held.unplaced).toHaveLength(1);
  });
});

describe('a hostname spread', () => {
  it('gives every pod a node of its own', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: ['m5.2xlarge'] });
    const spread = [zoneSpread({ topologyKey: 'kubernetes.io/hostname' })];
    const plan = world.plan(world.addPending(world.addService('web', 1, 1, { spread }), 3));
    expect(claimsOf(plan).map(({ pods }) => pods)).toEqual([1, 1, 1]);
  });
});

describe('taints and selectors', () => {
  const taint = { key: 'team', value: 'ml', effect: 'NoSchedule' } as const;
  const toleration = { key: 'team', operator: 'Equal', value: 'ml', effect: '' } as const;

  it('keep pods that do not tolerate a NodePool away from it', () => {
    const world = new KarpenterWorld();
    world.addNodePool('ml', { instanceTypes: M5 }, {}, { taints: [taint] });
    const web = world.addPending(world.addService('web', 1, 1));
    const ml = world.addPending(world.addService('ml', 1, 1, { tolerations: [toleration] }));
    const plan = world.plan([...web, ...ml]);
    expect(plan.unplaced.map(({ task }) => task)).toEqual(web);
    expect(claimsOf(plan)).toHaveLength(1);
  });

  it('PreferNoSchedule blocks until it is relaxed', () => {
    const world = new KarpenterWorld();
    const soft = { ...taint, effect: 'PreferNoSchedule' } as const;
    world.addNodePool('soft', { instanceTypes: M5 }, { weight: 10 }, { taints: [soft] });
    world.addNodePool('plain', { instanceTypes: ['m5.large'] });
    const small = world.plan(world.addPending(world.addService('small', 1, 1)));
    expect(small.claims[0]!.template.config.name).toBe('plain');
    const large = world.plan(world.addPending(world.addService('large', 3, 1)));
    expect(large.claims[0]!.template.config.name).toBe('soft');
  });

  it('a selector narrows the types', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: M5 });
    const requirements = [
      { key: 'karpenter.k8s.aws/instance-cpu', operator: 'Gt', values: ['2'] } as const,
    ];
    const plan = world.plan(world.addPending(world.addService('web', 1, 1, { requirements })));
    expect(claimsOf(plan)[0]!.types).toEqual(['m5.xlarge', 'm5.2xlarge']);
  });

  it('a custom label that no NodePool states is refused', () => {
    const world = new KarpenterWorld();
    world.addNodePool('m5', { instanceTypes: M5 });
    const nodeSelector = { disk: 'fast' };
    const plan = world.plan(world.addPending(world.addService('web', 1, 1, { nodeSelector })));
    expect(plan.unplaced).toHaveLength(1);
  });
});

describe('limits', () => {
  it('drop the types above what remains and count the largest type of a claim', () => {
    const world = new KarpenterWorld();
    const limits = { cpuTicks: 10 * TICKS_PER_CORE, memoryBytes: Infinity, nodes: Infinity };
    const { pool } = world.addNodePool(
      'm5',
      { instanceTypes: ['m5.large', 'm5.xlarge', 'm5.2xlarge'] },
      { limits },
    );
    world.addHostOf('m5.xlarge', pool, 0, false, HOST_STATE.ready);
    const filler = world.addService('filler', 3.9, 1);
    world.addRunning(filler, 0);
    const web = world.addService('web', 1.9, 1);
    // 10 - 4 = 6 cores remain: the 8-core type is out. The first claim may become a 4-core node: 2 remain.
    const plan = world.plan(world.addPending(web, 4));
    expect(claimsOf(plan)).toEqual([
      { types: ['m5.xlarge'], pods: 2 },
      { types: ['m5.large'], pods: 1 },
    ]);
    expect(plan.unplaced).toHaveLength(1);
  });

  it('refuse a pool that has its nodes, though one plan may open more than are left', () => {
    const world = new KarpenterWorld();
    const limits = { cpuTicks: Infinity, memoryBytes: Infinity, nodes: 1 };
    const { pool } = world.addNodePool('m5', { instanceTypes: ['m5.large'] }, { limits });
    const web = world.addService('web', 1.5, 1);
    expect(world.plan(world.addPending(web, 3)).claims).toHaveLength(3);
    world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    const plan = world.plan(world.addPending(web, 3));
    // The node takes one of them.
    expect(plan.claims).toHaveLength(0);
    expect(plan.unplaced).toHaveLength(2);
  });
});

describe('for any mix of pods', () => {
  const shapes = fc.array(
    fc.record({
      cores: fc.integer({ min: 1, max: 40 }).map((tenths) => tenths / 10),
      gib: fc.integer({ min: 1, max: 16 }),
      count: fc.integer({ min: 1, max: 6 }),
      spreads: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  );

  function worldWith(mix: typeof shapes extends fc.Arbitrary<infer T> ? T : never): {
    world: KarpenterWorld;
    tasks: number[];
  } {
    const world = new KarpenterWorld();
    world.addNodePool('c', { families: ['c5'], capacityTypes: ['on-demand', 'spot'] });
    world.addNodePool('m', { families: ['m5', 'r5'] });
    world.addWorkload('agent', 'daemon', TICKS_PER_CORE / 10, 0);
    const tasks = mix.flatMap(({ cores, gib, count, spreads }, at) => {
      const spread = spreads ? [zoneSpread()] : [];
      return world.addPending(world.addService(`s${at}`, cores, gib, { spread }), count);
    });
    return { world, tasks };
  }

  it('the pods of a claim fit every type that remains to it', () => {
    fc.assert(
      fc.property(shapes, (mix) => {
        const { world, tasks } = worldWith(mix);
        const { specs } = world.cluster;
        for (const { pods, types } of world.plan(tasks).claims) {
          const cpuTicks = pods.reduce((sum, { spec }) => sum + specs.cpuTicks[spec]!, 0);
          const memoryBytes = pods.reduce((sum, { spec }) => sum + specs.memoryBytes[spec]!, 0);
          expect(types.length).toBeGreaterThan(0);
          for (const type of types) {
            const [roomTicks, roomBytes, slots] = type.room;
            expect(cpuTicks).toBeLessThanOrEqual(roomTicks!);
            expect(memoryBytes).toBeLessThanOrEqual(roomBytes!);
            expect(pods.length).toBeLessThanOrEqual(slots!);
          }
        }
      }),
      { seed: 23, numRuns: 20 },
    );
  });

  it('without limits every pod that some type could hold alone finds a place, once', () => {
    fc.assert(
      fc.property(shapes, (mix) => {
        const { world, tasks } = worldWith(mix);
        const plan = world.plan(tasks);
        expect(plan.unplaced).toEqual([]);
        const placed = plan.claims.flatMap(({ pods }) => pods.map(({ task }) => task));
        expect(placed.sort((a, b) => a - b)).toEqual(tasks);
      }),
      { seed: 29, numRuns: 20 },
    );
  });

  it('the columns are as they were before the question', () => {
    const { world, tasks } = worldWith([{ cores: 1, gib: 2, count: 5, spreads: true }]);
    world.addHostOf('c5.xlarge', world.configs[0]!.pool, 0, false, HOST_STATE.ready);
    const before = world.cluster.hosts.save();
    world.plan(tasks);
    expect(world.cluster.hosts.save()).toEqual(before);
  });
});
