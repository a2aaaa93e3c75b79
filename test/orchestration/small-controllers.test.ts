import { describe, expect, it } from 'vitest';
import { Burst } from '../../src/orchestration/burst.ts';
import { ClusterBuilder } from './cluster-builder.ts';
import { DaemonController } from '../../src/orchestration/daemon-controller.ts';
import { HOST_STATE, LAUNCH_TYPE } from '../../src/cluster/hosts.ts';
import { JobRetries } from '../../src/orchestration/job-retries.ts';
import { TASK_STATE } from '../../src/cluster/tasks.ts';

describe('bursting', () => {
  function burstingWorld() {
    const world = new ClusterBuilder();
    const cloud = world.pool('fargate');
    const workload = world.workload('job');
    const host = world.host();
    const make = () => new Burst(world.cluster, { from: 0, to: cloud, afterUs: 100 });
    return { world, cloud, workload, host, make };
  }

  it('moves a task that the first pool has not taken in time, and asks to be woken then', () => {
    const { world, cloud, workload, make } = burstingWorld();
    const burst = make();
    world.nowUs = 10;
    const early = world.pending(workload, 0);
    world.nowUs = 30;
    const late = world.pending(workload, 0);
    expect(world.wake(burst, 30)).toEqual([]);
    expect(burst.wakeAtUs).toBe(110);
    expect(world.wake(burst, 110)).toEqual([{ kind: 'assign-pool', task: early, pool: cloud }]);
    expect(burst.wakeAtUs).toBe(130);
    expect(world.wake(burst, 130)).toEqual([{ kind: 'assign-pool', task: late, pool: cloud }]);
    expect(burst.wakeAtUs).toBe(Infinity);
    expect(world.wake(burst, 200)).toEqual([]);
  });

  it('leaves alone what was placed in time or waits for another pool', () => {
    const { world, cloud, workload, host, make } = burstingWorld();
    const burst = make();
    const placed = world.pending(workload, 0);
    world.pending(workload, cloud);
    world.pending(workload);
    world.wake(burst, 0);
    world.nowUs = 50;
    world.bind(placed, host);
    expect(world.wake(burst, 100)).toEqual([]);
    expect(burst.wakeAtUs).toBe(Infinity);
  });

  it('remembers who waits over a restore', () => {
    const { world, workload, make } = burstingWorld();
    const burst = make();
    world.pending(workload, 0);
    world.wake(burst, 0);
    const restored = make();
    restored.restore(structuredClone(burst.save()) as never);
    expect(restored.wakeAtUs).toBe(100);
    expect(world.wake(restored, 100)).toHaveLength(1);
  });
});

describe('daemons', () => {
  it('start on each host of their cluster when it becomes ready, Fargate apart', () => {
    const world = new ClusterBuilder();
    const agents = [world.workload('daemon'), world.workload('daemon')];
    world.workload('service');
    world.workload('daemon', {}, 1);
    const controller = new DaemonController(world.cluster, 0);
    const host = world.host({}, HOST_STATE.running);
    world.host({ cluster: 1 });
    world.host({ launchType: LAUNCH_TYPE.fargate });
    expect(world.wake(controller)).toEqual([]);
    world.ledger.setHostState(host, HOST_STATE.ready, 1);
    const starts = agents.map((workload) => ({ kind: 'create-daemon', workload, host }));
    expect(world.wake(controller)).toEqual(starts);
    world.ledger.setHostState(host, HOST_STATE.draining, 2);
    expect(world.wake(controller)).toEqual([]);
  });

  it('are not started twice after a restore', () => {
    const world = new ClusterBuilder();
    world.workload('daemon');
    const controller = new DaemonController(world.cluster, 0);
    world.host();
    expect(world.wake(controller)).toHaveLength(1);
    const restored = new DaemonController(world.cluster, 0);
    restored.restore(controller.save());
    expect(world.wake(restored)).toEqual([]);
  });
});

describe('retries of jobs', () => {
  it.each([
    ['job', TASK_STATE.cancelled, true],
    ['trace', TASK_STATE.cancelled, true],
    ['job', TASK_STATE.completed, false],
    ['job', TASK_STATE.failed, false],
    ['service', TASK_STATE.cancelled, false],
    ['daemon', TASK_STATE.cancelled, false],
  ] as const)('a %s task that ends in state %d is submitted again: %s', (kind, state, again) => {
    const world = new ClusterBuilder();
    const retries = new JobRetries(world.cluster);
    // The second cluster is a batch cluster: Kubernetes has Jobs of its own.
    const task = world.running(world.workload(kind, {}, 1), world.host({ cluster: 1 }));
    expect(world.wake(retries)).toEqual([]);
    world.endedAs(task, state);
    expect(world.wake(retries)).toEqual(again ? [{ kind: 'replace-task', task }] : []);
    expect(world.wake(retries)).toEqual([]);
  });

  it('leave a job alone that was withdrawn before it ran', () => {
    const world = new ClusterBuilder();
    const retries = new JobRetries(world.cluster);
    world.endedAs(world.pending(world.workload('job')), TASK_STATE.cancelled);
    expect(world.wake(retries)).toEqual([]);
  });
});
