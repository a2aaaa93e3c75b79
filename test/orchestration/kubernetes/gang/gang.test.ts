/** Gangs (kubernetes.md 1.12): all or nothing, against one picture of the cluster. */

import { ClusterBuilder } from '../../cluster-builder.ts';
import { DEFAULT_BACKOFF } from '../../../../src/orchestration/kubernetes/queue/backoff.ts';
import { DefaultProfile } from '../../../../src/orchestration/kubernetes/cycle/default-profile.ts';
import { KubeScheduler } from '../../../../src/orchestration/kubernetes/kube-scheduler.ts';
import { TASK_STATE } from '../../../../src/cluster/tasks.ts';
import { TICKS_PER_CORE, US_PER_SECOND } from '../../../../src/base/units.ts';
import { describe, expect, it } from 'vitest';
import { runText } from '../../../support/run-scenario.ts';

function schedulerOn(world: ClusterBuilder, schedulesGangs = true, thinkUs = 0): KubeScheduler {
  return new KubeScheduler(world.cluster, {
    cluster: 0,
    choice: new DefaultProfile(world.cluster),
    thinkUs,
    bindUs: 0,
    backoff: DEFAULT_BACKOFF,
    schedulesGangs,
    delayUs: 0,
  });
}

const seconds = (count: number): number => count * US_PER_SECOND;

/** A workload of gangs of two-core pods. */
function gangsOf(world: ClusterBuilder, tasks: number, minimum = tasks): number {
  return world.workload('job', { cpuTicks: 2 * TICKS_PER_CORE, gang: { tasks, minimum } });
}

describe('a gang', () => {
  it('waits until as many members as its minimum exist', () => {
    const world = new ClusterBuilder();
    const gang = gangsOf(world, 3);
    world.host();
    world.host();
    const scheduler = schedulerOn(world);
    world.pending(gang);
    world.pending(gang);
    expect(world.settle(scheduler)).toEqual([]);
    world.pending(gang);
    expect(world.settle(scheduler).map((text) => text.slice(0, 3))).toEqual(['0>0', '1>1', '2>0']);
  });

  it('is placed whole or not at all, each member taking its room from the next', () => {
    const world = new ClusterBuilder();
    const gang = gangsOf(world, 3);
    world.host();
    const scheduler = schedulerOn(world);
    for (let i = 0; i < 3; i++) world.pending(gang);
    // Two of three find room.
    const refusals = world.wake(scheduler).map((action) => 'reason' in action && action.reason);
    expect(refusals).toEqual(Array.from({ length: 3 }, () => 'insufficient-cpu'));
    expect(world.cluster.hosts.cpuFree[0]).toBe(4 * TICKS_PER_CORE);
    // All of them come back by backoff, and no event helps.
    world.nowUs = 500_000;
    world.host();
    expect(world.wake(scheduler)).toEqual([]);
    expect([scheduler.wakeAtUs, scheduler.background]).toEqual([seconds(2), true]);
    expect(world.settle(scheduler, seconds(2))).toHaveLength(3);
  });

  it('does not let a later gang of the same template in with half an earlier one', () => {
    const world = new ClusterBuilder();
    const gang = gangsOf(world, 2);
    world.host({ cpuAllocatableTicks: 6 * TICKS_PER_CORE });
    const scheduler = schedulerOn(world);
    for (let i = 0; i < 4; i++) world.pending(gang);
    world.wake(scheduler);
    world.wake(scheduler, scheduler.wakeAtUs);
    const { state } = world.cluster.tasks;
    expect([0, 1, 2, 3].map((task) => state[task])).toEqual([1, 1, 0, 0]);
  });

  it('is tried on with the members that fit once its minimum is met; the others wait', () => {
    const world = new ClusterBuilder();
    const gang = gangsOf(world, 3, 2);
    world.host();
    const scheduler = schedulerOn(world);
    for (let i = 0; i < 3; i++) world.pending(gang);
    const kinds = world.wake(scheduler).map(({ kind }) => kind);
    expect(kinds).toEqual(['bind', 'bind', 'refuse']);
    world.endedAs(0, TASK_STATE.completed);
    // The one that waits is not missing to a minimum, so it may come alone.
    expect(world.settle(scheduler, seconds(2))).toEqual([`2>0@${seconds(2)}`]);
  });

  it('costs the think time of each member', () => {
    const world = new ClusterBuilder();
    const gang = gangsOf(world, 2);
    world.host();
    const scheduler = schedulerOn(world, true, 10);
    world.pending(gang);
    world.pending(gang);
    expect(world.settle(scheduler)).toEqual(['0>0@20', '1>0@20']);
  });

  it('evicts nobody', () => {
    const world = new ClusterBuilder();
    const low = world.workload('job', { cpuTicks: 4 * TICKS_PER_CORE });
    const gang = world.workload('job', {
      cpuTicks: 2 * TICKS_PER_CORE,
      priority: 10,
      gang: { tasks: 2, minimum: 2 },
    });
    world.running(low, world.host());
    const scheduler = schedulerOn(world);
    world.pending(low);
    world.pending(gang);
    world.pending(gang);
    const kinds = new Set(world.wake(scheduler).map(({ kind }) => kind));
    expect([...kinds]).toEqual(['refuse']);
  });

  it('goes on from a saved state', () => {
    const world = new ClusterBuilder();
    const gang = gangsOf(world, 3);
    world.host();
    world.host();
    let scheduler = schedulerOn(world);
    world.pending(gang);
    world.pending(gang);
    world.wake(scheduler);
    const state = structuredClone(scheduler.save());
    scheduler = schedulerOn(world);
    scheduler.restore(state);
    world.pending(gang);
    expect(world.settle(scheduler)).toHaveLength(3);
  });
});

/** Two gangs of three and room for four: with all or none one runs after the other; one by one both may wait for ever. */
const TWO_GANGS = `
name: two-gangs
seed: 1
duration: 1h
workload:
  - jobs: { name: one, cpu: 1, memory: 1GiB, arrivals: { at: [1s] }, duration: 60s, gang: { tasks: 3 } }
  - jobs: { name: two, cpu: 1, memory: 1GiB, arrivals: { at: [1s] }, duration: 60s, gang: { tasks: 3 } }
variants:
  gangs:
    orchestrator: kubernetes
    distribution: self-managed
    gangScheduling: true
    pools: { own: { external: { hosts: 2, cpu: 2500m, memory: 8GiB, costPerHour: 0.1 } } }
`;

describe('a scenario with gangs', () => {
  it('runs one gang after the other where there is room for one and a half', () => {
    const { tasks, summary } = runText(TWO_GANGS);
    const starts = tasks.map(({ startedUs }) => startedUs!);
    const first = starts.slice(0, 3);
    const second = starts.slice(3);
    expect(summary.tasksCompleted).toBe(6);
    // The second begins after the first has ended, 60 s later, at the next try by backoff: at most 10 s and a window on.
    const gapS = (Math.min(...second) - Math.max(...first)) / US_PER_SECOND;
    expect(gapS).toBeGreaterThan(55);
    expect(gapS).toBeLessThan(75);
  });
});
