/** The Coscheduling plugin (kubernetes.md 1.13): members find their nodes one by one and wait for each other. */

import { ClusterBuilder } from '../../cluster-builder.ts';
import { DEFAULT_BACKOFF } from '../../../../src/orchestration/kubernetes/queue/backoff.ts';
import { DefaultProfile } from '../../../../src/orchestration/kubernetes/cycle/default-profile.ts';
import { KubeScheduler } from '../../../../src/orchestration/kubernetes/kube-scheduler.ts';
import { POD_GROUP_LABEL } from '../../../../src/cluster/pod-group-spec.ts';
import { TASK_STATE } from '../../../../src/cluster/tasks.ts';
import { GIB, TICKS_PER_CORE, US_PER_SECOND } from '../../../../src/base/units.ts';
import { describe, expect, it } from 'vitest';
import { runText } from '../../../support/run-scenario.ts';
import type { PodGroupSpec } from '../../../../src/cluster/pod-group-spec.ts';
import type { TaskSpec } from '../../../../src/cluster/spec.ts';

function schedulerOn(world: ClusterBuilder, ...groups: Partial<PodGroupSpec>[]): KubeScheduler {
  const plain = { namespace: 'default', name: 'train', minMember: 3 };
  return new KubeScheduler(world.cluster, {
    cluster: 0,
    choice: new DefaultProfile(world.cluster),
    thinkUs: 0,
    bindUs: 0,
    backoff: DEFAULT_BACKOFF,
    coscheduling: {
      groups: (groups.length === 0 ? [{}] : groups).map((group) => ({ ...plain, ...group })),
      permitWaitS: 60,
      groupBackoffS: 0,
    },
    delayUs: 0,
  });
}

const seconds = (count: number): number => count * US_PER_SECOND;

/** Two-core pods of the group `train`; a host has four cores. */
function member(world: ClusterBuilder, parts: Partial<TaskSpec> = {}): number {
  const labels = { [POD_GROUP_LABEL]: 'train' };
  return world.workload('job', { cpuTicks: 2 * TICKS_PER_CORE, labels, ...parts });
}

/** Wakes the scheduler whenever it wants to be woken, from one second to another. */
function run(world: ClusterBuilder, scheduler: KubeScheduler, fromS = 0, untilS = fromS): void {
  let atUs = seconds(fromS);
  for (let wakes = 0; atUs <= seconds(untilS); wakes++) {
    expect(wakes).toBeLessThan(1_000);
    world.wake(scheduler, atUs);
    atUs = scheduler.wakeAtUs;
  }
}

function boundHosts(world: ClusterBuilder, tasks: readonly number[]): number[] {
  return tasks.map((task) => world.cluster.tasks.host[task]!);
}

describe('a coscheduled group', () => {
  it('is not tried before as many members as its minimum exist', () => {
    const world = new ClusterBuilder();
    const train = member(world);
    world.host();
    world.host();
    const scheduler = schedulerOn(world);
    const first = [world.pending(train), world.pending(train)];
    const reasons = world.wake(scheduler).map((action) => 'reason' in action && action.reason);
    expect(reasons).toEqual(['gang', 'gang']);
    world.nowUs = seconds(30);
    const all = [...first, world.pending(train)];
    world.wake(scheduler);
    expect(boundHosts(world, all)).toEqual([0, 1, 0]);
  });

  it('is bound whole when the last of its minimum has found a node', () => {
    const world = new ClusterBuilder();
    const train = member(world);
    world.host();
    const scheduler = schedulerOn(world, { minMember: 2 });
    const tasks = [world.pending(train), world.pending(train)];
    expect(world.wake(scheduler).map(({ kind }) => kind)).toEqual(['bind', 'bind']);
    expect(boundHosts(world, tasks)).toEqual([0, 0]);
  });

  it('gives its nodes back when one of it finds none, and another group takes them', () => {
    const world = new ClusterBuilder();
    const train = member(world);
    const other = member(world, { labels: { [POD_GROUP_LABEL]: 'small' } });
    world.host();
    const scheduler = schedulerOn(world, {}, { name: 'small', minMember: 2 });
    const large = [world.pending(train), world.pending(train), world.pending(train)];
    const small = [world.pending(other), world.pending(other)];
    run(world, scheduler);
    expect(boundHosts(world, large)).toEqual([-1, -1, -1]);
    expect(boundHosts(world, small)).toEqual([0, 0]);
  });

  it('waits as one, until something happens that may help and its backoff is over', () => {
    const world = new ClusterBuilder();
    const train = member(world);
    world.host();
    const scheduler = schedulerOn(world);
    const tasks = [0, 1, 2].map(() => world.pending(train));
    world.wake(scheduler);
    expect(boundHosts(world, tasks)).toEqual([-1, -1, -1]);
    // One refusal: 1 s. The new node is seen at once, the group is tried when the second is over.
    world.nowUs = 500_000;
    world.host();
    expect(world.wake(scheduler)).toEqual([]);
    expect([scheduler.wakeAtUs, scheduler.background]).toEqual([seconds(1), true]);
    world.wake(scheduler, seconds(1));
    expect(boundHosts(world, tasks)).toEqual([0, 1, 0]);
  });

  it('keeps the nodes of those that wait from everybody, whatever their priority', () => {
    const world = new ClusterBuilder();
    // One of ten missing is a tenth of the minimum: the others wait on.
    const train = member(world, { cpuTicks: TICKS_PER_CORE });
    const urgent = world.workload('job', { cpuTicks: TICKS_PER_CORE, priority: 100 });
    for (let i = 0; i < 3; i++) world.host({ cpuAllocatableTicks: 3 * TICKS_PER_CORE });
    const scheduler = schedulerOn(world, { minMember: 10 });
    const tasks = Array.from({ length: 10 }, () => world.pending(train));
    expect(world.wake(scheduler).map(({ kind }) => kind)).toEqual(['refuse']);
    const late = world.pending(urgent);
    world.wake(scheduler, seconds(5));
    expect(boundHosts(world, [late])).toEqual([-1]);
    // 60 s after the first of them found its node all are refused, and the room is free.
    world.wake(scheduler, seconds(60));
    run(world, scheduler, 61);
    expect(boundHosts(world, [late])[0]).toBeGreaterThanOrEqual(0);
    expect(boundHosts(world, tasks)).toEqual(tasks.map(() => -1));
  });

  it('waits as long as its own scheduleTimeoutSeconds say', () => {
    const world = new ClusterBuilder();
    const train = member(world, { cpuTicks: TICKS_PER_CORE });
    for (let i = 0; i < 3; i++) world.host({ cpuAllocatableTicks: 3 * TICKS_PER_CORE });
    const scheduler = schedulerOn(world, { minMember: 10, scheduleTimeoutS: 7 });
    for (let i = 0; i < 10; i++) world.pending(train);
    world.wake(scheduler);
    expect(scheduler.wakeAtUs).toBe(seconds(7));
  });

  it('lets members beyond its minimum come one by one', () => {
    const world = new ClusterBuilder();
    const train = member(world);
    world.host();
    const scheduler = schedulerOn(world, { minMember: 2 });
    const tasks = [0, 1, 2].map(() => world.pending(train));
    run(world, scheduler);
    expect(boundHosts(world, tasks)).toEqual([0, 0, -1]);
    world.endedAs(tasks[0]!, TASK_STATE.completed);
    run(world, scheduler, 5);
    expect(boundHosts(world, tasks)[2]).toBe(0);
  });

  it('is not tried while the cluster has less free than its minResources', () => {
    const world = new ClusterBuilder();
    const train = member(world);
    world.host();
    const minResources = { cpuTicks: 5 * TICKS_PER_CORE, memoryBytes: GIB };
    const scheduler = schedulerOn(world, { minMember: 1, minResources });
    const task = world.pending(train);
    run(world, scheduler);
    expect(boundHosts(world, [task])).toEqual([-1]);
  });

  it('that is not there refuses the pods that name it', () => {
    const world = new ClusterBuilder();
    const lost = member(world, { labels: { [POD_GROUP_LABEL]: 'lost' } });
    world.host();
    const task = world.pending(lost);
    run(world, schedulerOn(world));
    expect(boundHosts(world, [task])).toEqual([-1]);
  });

  it('evicts pods of lower priority, member by member, and is bound when all have their room', () => {
    const world = new ClusterBuilder();
    const train = member(world, { priority: 10 });
    const batch = world.workload('job', { cpuTicks: 2 * TICKS_PER_CORE });
    const host = world.host();
    const scheduler = schedulerOn(world, { minMember: 2 });
    const lower = [world.pending(batch), world.pending(batch)];
    run(world, scheduler);
    const tasks = [world.pending(train), world.pending(train)];
    run(world, scheduler);
    expect(lower.map((task) => world.cluster.tasks.stopping[task])).toEqual([1, 1]);
    for (const task of lower) world.endedAs(task, TASK_STATE.cancelled);
    run(world, scheduler, 10, 12);
    expect(boundHosts(world, tasks)).toEqual([host, host]);
  });

  it('goes on after a restore as if nothing had happened', () => {
    const build = () => {
      const world = new ClusterBuilder();
      const train = member(world, { cpuTicks: TICKS_PER_CORE });
      for (let i = 0; i < 3; i++) world.host({ cpuAllocatableTicks: 3 * TICKS_PER_CORE });
      const scheduler = schedulerOn(world, { minMember: 10 });
      for (let i = 0; i < 10; i++) world.pending(train);
      world.wake(scheduler);
      return { world, scheduler };
    };
    const { world, scheduler } = build();
    const again = schedulerOn(world, { minMember: 10 });
    again.restore(structuredClone(scheduler.save()));
    expect(again.save()).toEqual(scheduler.save());
    world.nowUs = seconds(20);
    world.host();
    expect(world.wake(again).filter(({ kind }) => kind === 'bind')).toHaveLength(10);
  });
});

it('keeps two gangs of a scenario from waiting for each other with half of their members', () => {
  const text = (gangScheduling: string) => `
name: two-gangs
seed: 1
duration: 2h
assumptions: { latency.noise-sigma: 0 }
workload:
  - jobs: { name: one, cpu: 2, memory: 1GiB, arrivals: { at: [0s] }, duration: 10m, gang: { tasks: 3 } }
  - jobs: { name: two, cpu: 2, memory: 1GiB, arrivals: { at: [0s] }, duration: 10m, gang: { tasks: 3 } }
variants:
  it:
    orchestrator: kubernetes
    gangScheduling: ${gangScheduling}
    pools: { own: { external: { hosts: 2, cpu: 4, memory: 16GiB, costPerHour: 1 } } }
`;
  const starts = (gangScheduling: string): number[] =>
    [...runText(text(gangScheduling)).tasks]
      .map(({ startedUs }) => Math.floor(startedUs! / seconds(300)))
      .sort((a, b) => a - b);
  // Eight cores hold one gang of six and one member of the other. The second gang starts when the first has ended.
  expect(starts('coscheduling')).toEqual([0, 0, 0, 2, 2, 2]);
  expect(starts('false')).toEqual([0, 0, 0, 0, 2, 2]);
});
