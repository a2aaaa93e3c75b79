import { describe, expect, it } from 'vitest';
import { ClusterBuilder } from './cluster-builder.ts';
import { DefaultProfile } from '../../src/orchestration/kubernetes/cycle/default-profile.ts';
import { HOST_STATE } from '../../src/cluster/hosts.ts';
import { HOST_KEY } from '../../src/orchestration/kubernetes/topology-keys.ts';
import { PolicyChoice } from '../../src/orchestration/policy-choice.ts';
import { QueueScheduler } from '../../src/orchestration/queue-scheduler.ts';
import { Streams } from '../../src/random/streams.ts';
import { TASK_STATE } from '../../src/cluster/tasks.ts';
import { TICKS_PER_CORE } from '../../src/base/units.ts';
import type { QueueSchedulerOptions } from '../../src/orchestration/queue-scheduler.ts';

function schedulerOn(
  world: ClusterBuilder,
  parts: Partial<QueueSchedulerOptions> = {},
): QueueScheduler {
  return new QueueScheduler(world.cluster, {
    actor: 'batch-scheduler',
    cluster: 0,
    choice: new PolicyChoice(world.cluster, [], 'first', new Streams(42).open('ties')),
    thinkUs: 0,
    bindUs: 0,
    strictOrder: false,
    ...parts,
  });
}

const cores = (count: number) => ({ cpuTicks: count * TICKS_PER_CORE });

describe('the scheduling loop', () => {
  it('thinks about one task at a time: hosts hear at t + think and t + 2 think, and the API latency later', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', cores(1));
    world.host();
    const scheduler = schedulerOn(world, { thinkUs: 10, bindUs: 3 });
    world.nowUs = 100;
    world.pending(workload);
    world.pending(workload);
    // 100 + 10 + 3 and 100 + 2 x 10 + 3
    expect(world.settle(scheduler)).toEqual(['0>0@113', '1>0@123']);
    expect(scheduler.wakeAtUs).toBe(Infinity);
  });

  it('lets a task that comes while it thinks wait for the end of the thought', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', cores(1));
    world.host();
    const scheduler = schedulerOn(world, { thinkUs: 10 });
    world.pending(workload);
    world.wake(scheduler, 100);
    world.nowUs = 104;
    world.pending(workload);
    expect(world.wake(scheduler, 104)).toEqual([]);
    expect(scheduler.wakeAtUs).toBe(110);
    expect(world.settle(scheduler, 110)).toEqual(['1>0@120']);
  });

  it('charges its think time for attempts in vain too', () => {
    const world = new ClusterBuilder();
    const large = world.workload('job', cores(5));
    const small = world.workload('job', cores(1));
    world.host();
    const scheduler = schedulerOn(world, { thinkUs: 10 });
    world.pending(large);
    world.pending(small);
    // Task 0 costs 10, task 1 is decided at 20.
    expect(world.settle(scheduler)).toEqual(['0:insufficient-cpu', '1>0@20']);
  });

  it('does not look at a line again until something changed', () => {
    const world = new ClusterBuilder();
    const large = world.workload('job', cores(5));
    world.host();
    const scheduler = schedulerOn(world, { thinkUs: 10 });
    for (let i = 0; i < 3; i++) world.pending(large);
    // One attempt of 10 us for three equal tasks; each is told why.
    const refusals = [0, 1, 2].map((task) => `${task}:insufficient-cpu`);
    expect(world.settle(scheduler)).toEqual(refusals);
    expect(world.settle(scheduler, 50)).toEqual([]);
    world.nowUs = 60;
    world.host({ cpuAllocatableTicks: 5 * TICKS_PER_CORE });
    // One of them fits; the others were told before.
    expect(world.settle(scheduler)).toEqual(['0>1@70']);
  });

  it('notes a reason once', () => {
    const world = new ClusterBuilder();
    const large = world.workload('job', cores(5));
    const host = world.host();
    const scheduler = schedulerOn(world);
    world.pending(large);
    expect(world.settle(scheduler)).toEqual(['0:insufficient-cpu']);
    world.ledger.setHostState(host, HOST_STATE.draining, 1);
    expect(world.settle(scheduler, 1)).toEqual([]);
  });

  it('in strict order places nothing behind a task that fits nowhere, now or later', () => {
    const world = new ClusterBuilder();
    const large = world.workload('job', cores(4));
    const small = world.workload('job', cores(1));
    world.host();
    const scheduler = schedulerOn(world, { strictOrder: true });
    const first = world.pending(small);
    world.nowUs = 1;
    world.pending(large);
    world.pending(small);
    expect(world.settle(scheduler)).toEqual(['0>0@1', '1:insufficient-cpu']);
    world.nowUs = 2;
    world.pending(small);
    // Three of four cores are free, and the small tasks still wait behind the large one.
    expect(world.settle(scheduler)).toEqual([]);
    world.ledger.end(first, TASK_STATE.completed, 1, 3);
    // The head of the line of small tasks is tried, and its reason is that of the line.
    const refused = ['2:insufficient-cpu', '3:insufficient-cpu'];
    expect(world.settle(scheduler, 3)).toEqual(['1>0@3', ...refused]);
  });

  it('in strict order goes on when the task at the head is withdrawn', () => {
    const world = new ClusterBuilder();
    const large = world.workload('job', cores(5));
    const small = world.workload('job', cores(1));
    world.host();
    const scheduler = schedulerOn(world, { strictOrder: true });
    const head = world.pending(large);
    world.pending(small);
    expect(world.settle(scheduler)).toEqual(['0:insufficient-cpu']);
    world.ledger.end(head, TASK_STATE.cancelled, 1, 1);
    expect(world.settle(scheduler, 1)).toEqual(['1>0@1']);
  });

  it('gives a task of a Fargate pool a micro-VM, and uses the hosts of the pool that a task was sent to', () => {
    const world = new ClusterBuilder();
    const fargate = world.pool('fargate');
    const second = world.pool('asg');
    const workload = world.workload('job', cores(1));
    world.host({ pool: 0 });
    world.host({ pool: second });
    const scheduler = schedulerOn(world);
    const onFargate = world.pending(workload, fargate);
    world.pending(workload, second);
    const actions = world.wake(scheduler);
    expect(actions).toEqual([{ kind: 'launch-micro-vm', task: onFargate, pool: fargate }]);
    expect(world.settle(scheduler, scheduler.wakeAtUs)).toEqual(['1>1@0']);
  });

  it('says spread when the hosts with room would break a hard constraint', () => {
    const world = new ClusterBuilder();
    const constraint = {
      topologyKey: HOST_KEY,
      maxSkew: 1,
      whenUnsatisfiable: 'DoNotSchedule',
    } as const;
    const workload = world.workload('service', { ...cores(1), spread: [constraint] });
    const blocker = world.workload('job', cores(4));
    const open = world.host();
    const full = world.host();
    world.running(workload, open);
    world.running(blocker, full);
    const scheduler = schedulerOn(world, { choice: new DefaultProfile(world.cluster) });
    const pod = world.pending(workload);
    // 1 on the open host + 1 - 0 on the full one = 2 > 1.
    expect(world.settle(scheduler)).toEqual([`${pod}:spread`]);
  });

  it('goes on from a saved state as if nothing had happened, blocked lines and thoughts included', () => {
    const run = (restoreAtUs: number): string[] => {
      const world = new ClusterBuilder();
      const workloads = [1, 5, 2].map((count) => world.workload('job', cores(count)));
      world.host();
      world.host();
      let scheduler = schedulerOn(world, { thinkUs: 10, bindUs: 1 });
      const decisions: string[] = [];
      for (let timeUs = 0; timeUs < 400; timeUs++) {
        world.nowUs = timeUs;
        if (timeUs % 13 === 0) world.pending(workloads[timeUs % 3]!);
        if (timeUs === 200) world.host({ cpuAllocatableTicks: 10 * TICKS_PER_CORE });
        if (timeUs === restoreAtUs) {
          const state = structuredClone(scheduler.save());
          scheduler = schedulerOn(world, { thinkUs: 10, bindUs: 1 });
          scheduler.restore(state as never);
        }
        if (timeUs % 13 !== 0 && timeUs !== 200 && scheduler.wakeAtUs !== timeUs) continue;
        for (const action of world.wake(scheduler, timeUs)) decisions.push(JSON.stringify(action));
      }
      return decisions;
    };
    const whole = run(-1);
    expect(whole.length).toBeGreaterThan(20);
    for (const atUs of [1, 26, 39, 57, 200, 201, 300]) expect(run(atUs)).toEqual(whole);
  });
});
