import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterBuilder } from '../../cluster-builder.ts';
import { DefaultProfile } from '../../../../src/orchestration/kubernetes/cycle/default-profile.ts';
import { GIB, TICKS_PER_CORE } from '../../../../src/base/units.ts';
import { HOST_KEY, ZONE_KEY } from '../../../../src/orchestration/kubernetes/topology-keys.ts';
import { HOST_STATE, NO_ROW } from '../../../../src/cluster/hosts.ts';
import { NO_HOST } from '../../../../src/placement/policy.ts';
import { Streams } from '../../../../src/random/streams.ts';
import { TASK_STATE } from '../../../../src/cluster/tasks.ts';
import { leastAllocatedBalanced } from '../../../../src/placement/policies/kubernetes-resources.ts';
import { toldCycle } from './told-cycle.ts';
import type { PlacementRequest } from '../../../../src/placement/policy.ts';
import type { SpreadConstraint, Taint, Toleration } from '../../../../src/cluster/spec.ts';
import type { ToldProfile } from './told-cycle.ts';

const core = { cpuTicks: TICKS_PER_CORE, memoryBytes: GIB };

function rows(count: number): number[] {
  return Array.from({ length: count }, (_, row) => row);
}

const SPREADS: readonly (readonly SpreadConstraint[])[] = [
  [],
  [{ topologyKey: ZONE_KEY, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }],
  [
    { topologyKey: HOST_KEY, maxSkew: 2, whenUnsatisfiable: 'DoNotSchedule' },
    { topologyKey: ZONE_KEY, maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' },
  ],
];

const PREFER_NOT: Taint = { key: 'slow', value: '', effect: 'PreferNoSchedule' };
const PREFER_NOT_EITHER: Taint = { key: 'old', value: '', effect: 'PreferNoSchedule' };
const NEVER: Taint = { key: 'gpu', value: '', effect: 'NoSchedule' };
const TAINTS: readonly (readonly Taint[])[] = [
  [],
  [],
  [],
  [PREFER_NOT],
  [PREFER_NOT, PREFER_NOT_EITHER],
  [NEVER],
];
const TOLERATES_SLOW: Toleration = { key: 'slow', operator: 'Exists', value: '', effect: '' };

/** Nine workloads: three sizes, the last of jobs, by three ways of spreading; the second size tolerates a taint. */
function addWorkloads(world: ClusterBuilder): number[] {
  return [1, 2, 3].flatMap((size) =>
    SPREADS.map((spread) =>
      world.workload(size === 3 ? 'job' : 'service', {
        cpuTicks: (size * TICKS_PER_CORE) / 2,
        memoryBytes: (size * 3 * GIB) / 2,
        tolerations: size === 2 ? [TOLERATES_SLOW] : [],
        spread,
      }),
    ),
  );
}

/** What happens between two decisions: nothing, a pod ends or is resized, a node joins, a node leaves. */
const step = fc.record({
  kind: fc.nat(8),
  event: fc.nat(11),
  which: fc.nat(10_000),
  zone: fc.nat(2),
  taints: fc.nat(TAINTS.length - 1),
});

const VERSIONS = ['1.36', '1.35', '1.34'] as const;
const anyProfile = fc.tuple(fc.constantFrom(...VERSIONS), fc.boolean());

describe('the default profile', () => {
  it.each([
    ['a few nodes', 6, 120, 30, 0],
    ['more nodes than a cycle looks at', 150, 400, 4, 0],
    ['every one of many nodes', 150, 400, 4, 100],
    ['a stated percentage of nodes', 240, 300, 3, 60],
  ])(
    'agrees with the clauses on %s, decision by decision',
    (_title, nodeCount, podCount, numRuns, percentage) => {
      const nodes = fc.array(step, { minLength: nodeCount, maxLength: nodeCount, size: 'max' });
      const steps = fc.array(step, { minLength: podCount / 2, maxLength: podCount, size: 'max' });
      fc.assert(
        fc.property(nodes, steps, anyProfile, (layout, script, [version, hasFormula]) => {
          const world = new ClusterBuilder();
          const workloads = addWorkloads(world);
          const policy = leastAllocatedBalanced.create({ version });
          // Without a formula the nodes are scored one by one.
          const local = hasFormula ? policy : { score: policy.score };
          const stream = (): ReturnType<Streams['open']> => new Streams(7).open('ties');
          const draws = version === '1.34' ? stream() : undefined;
          const twinDraws = stream();
          const draw = version === '1.34' ? () => twinDraws.next() : undefined;
          const told: ToldProfile = { local, percentage, draw };
          const profile = new DefaultProfile(world.cluster, { local, percentage, draws });
          const addNode = ({ zone, taints, which }: (typeof layout)[number]): number =>
            world.host({
              zone,
              taints: TAINTS[taints]!,
              slots: 5,
              memoryAllocatableBytes: (8 + (which % 2) * 8) * GIB,
            });
          let ready = layout.map(addNode);
          const live: number[] = [];
          let start = 0;
          for (const one of script) {
            if (one.event < 5 && live.length > 0) {
              const [task] = live.splice(one.which % live.length, 1);
              world.endedAs(task!, TASK_STATE.completed);
            }
            if (one.event === 9 && live.length > 0) {
              const task = live[one.which % live.length]!;
              const { specs, tasks } = world.cluster;
              const cpuTicks = ((one.which % 7) * TICKS_PER_CORE) / 4;
              const spec = specs.sizedRowOf(tasks.spec[task]!, cpuTicks, (one.which % 4) * GIB);
              world.ledger.resize(task, spec, 0);
            }
            if (one.event === 10) ready.push(addNode(one));
            if (one.event === 11 && ready.length > 1) {
              const leaving = ready[one.which % ready.length]!;
              world.ledger.setHostState(leaving, HOST_STATE.draining, 0);
              ready = ready.filter((node) => node !== leaving);
            }
            const workload = workloads[one.kind]!;
            const request = { spec: world.cluster.workloads.spec[workload]!, workload };
            const expected = toldCycle(world.cluster, told, request, ready, start);
            expect(profile.choose(request, ready, NO_ROW)).toBe(expected.node);
            expect(profile.save().nextStart).toBe(expected.nextStart);
            start = expected.nextStart;
            if (expected.node !== NO_HOST) live.push(world.running(workload, expected.node));
          }
        }),
        { numRuns, seed: 42 },
      );
    },
  );

  it('chooses the same node by node, when no index can follow', () => {
    const script = fc.array(step, { minLength: 40, maxLength: 80, size: 'max' });
    fc.assert(
      fc.property(script, fc.constantFrom(...VERSIONS), (steps, version) => {
        const world = new ClusterBuilder();
        const workloads = addWorkloads(world);
        const local = leastAllocatedBalanced.create({ version });
        const streams = [0, 1].map(() => new Streams(7).open('ties'));
        const isDrawn = version === '1.34';
        const draw = isDrawn ? () => streams[0]!.next() : undefined;
        const draws = isDrawn ? streams[1] : undefined;
        const profile = new DefaultProfile(world.cluster, { local, draws });
        for (let i = 0; i < 120; i++) world.host({ zone: i % 3, taints: TAINTS[i % 5]!, slots: 3 });
        let start = 0;
        for (const { kind } of steps) {
          const workload = workloads[kind]!;
          const request = { spec: world.cluster.workloads.spec[workload]!, workload };
          const told = { local, percentage: 0, draw };
          const expected = toldCycle(world.cluster, told, request, rows(120), start);
          expect(profile.choose(request, rows(120))).toBe(expected.node);
          start = expected.nextStart;
          if (expected.node !== NO_HOST) world.running(workload, expected.node);
        }
      }),
      { numRuns: 10, seed: 42 },
    );
  });

  /** A job's pod on 200 equal nodes, asked with an index and without. */
  const onEqualNodes = (count: number) => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', core);
    const request: PlacementRequest = { spec: world.cluster.workloads.spec[workload]!, workload };
    for (let i = 0; i < count; i++) world.host();
    return { world, workload, request, profile: new DefaultProfile(world.cluster) };
  };

  it('looks at a window that moves on: of 200 nodes the first hundred, then the second', () => {
    const { world, workload, request, profile } = onEqualNodes(200);
    const chosen = [0, 1, 2, 3].map(() => {
      const node = profile.choose(request, rows(200), NO_ROW);
      world.running(workload, node);
      return [node, profile.save().nextStart];
    });
    // 200 x 49 div 100 = 98, at least 100. All equal: position 0 of the window. In the third cycle node 0 scores less,
    // and position 1 is the next in the walk.
    expect(chosen).toEqual([
      [0, 100],
      [100, 0],
      [1, 100],
      [101, 0],
    ]);
  });

  it('starts where it stopped although the list became shorter', () => {
    const { request, profile } = onEqualNodes(200);
    profile.choose(request, rows(200));
    // Start 100 of a list of 3: 100 mod 3 = 1.
    expect(profile.choose(request, [10, 11, 12])).toBe(11);
    expect(profile.save().nextStart).toBe(100 % 3);
  });

  it('answers NO_HOST and starts again where it started when nothing is feasible', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', { cpuTicks: 9 * TICKS_PER_CORE });
    const request = { spec: world.cluster.workloads.spec[workload]!, workload };
    for (let i = 0; i < 3; i++) world.host();
    const profile = new DefaultProfile(world.cluster);
    profile.restore({ nextStart: 2, draws: null });
    // The second and third time the request is remembered.
    for (let i = 0; i < 3; i++) {
      expect(profile.choose(request, rows(3), NO_ROW)).toBe(NO_HOST);
      expect(profile.save().nextStart).toBe(2);
    }
    expect(profile.choose(request, [])).toBe(NO_HOST);
  });

  it('prefers nodes without a taint that it does not tolerate, above what resources say', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', core);
    const request = { spec: world.cluster.workloads.spec[workload]!, workload };
    world.host({ taints: [PREFER_NOT] });
    const busy = world.host();
    world.running(workload, busy);
    const profile = new DefaultProfile(world.cluster);
    // Taints: 100 - 100 x 1 div 1 = 0 against 100, times 3. One core of four and 1 GiB of 16 cost less than 300.
    expect(profile.choose(request, rows(2))).toBe(busy);
  });

  it('scores every node when the percentage is 100', () => {
    const { world, request } = onEqualNodes(300);
    const least = world.workload('job', { cpuTicks: 1 });
    // A little is taken from all nodes but the last.
    for (let node = 0; node < 299; node++) world.running(least, node);
    const profile = new DefaultProfile(world.cluster, { percentage: 100 });
    for (let i = 0; i < 3; i++) expect(profile.choose(request, rows(300), NO_ROW)).toBe(299);
    // 300 x 48 div 100 = 144 nodes are found: the last is not among them.
    expect(new DefaultProfile(world.cluster).choose(request, rows(300), NO_ROW)).toBe(0);
  });

  it('goes on from a saved start and saved draws as the one that was saved', () => {
    const { world, workload, request } = onEqualNodes(250);
    const draws = new Streams(1).open('ties');
    const profile = new DefaultProfile(world.cluster, { draws });
    for (let i = 0; i < 5; i++) profile.choose(request, rows(250), NO_ROW);
    const restored = new DefaultProfile(world.cluster, { draws: new Streams(2).open('ties') });
    restored.restore(profile.save());
    for (let i = 0; i < 5; i++) {
      const node = restored.choose(request, rows(250), NO_ROW);
      expect(node).toBe(profile.choose(request, rows(250), NO_ROW));
      world.running(workload, node);
    }
  });
});
