import { ClusterBuilder } from '../cluster-builder.ts';
import { DEFAULT_BACKOFF } from '../../../src/orchestration/kubernetes/queue/backoff.ts';
import { DefaultProfile } from '../../../src/orchestration/kubernetes/cycle/default-profile.ts';
import { HOST_KEY } from '../../../src/orchestration/kubernetes/topology-keys.ts';
import { HOST_STATE, NO_ROW } from '../../../src/cluster/hosts.ts';
import { KubeScheduler } from '../../../src/orchestration/kubernetes/kube-scheduler.ts';
import { PendingPods } from '../../../src/autoscaling/karpenter/pending-pods.ts';
import { PLAIN_POD } from '../../../src/cluster/pod-template.ts';
import { TASK_STATE } from '../../../src/cluster/tasks.ts';
import { TICKS_PER_CORE, US_PER_SECOND } from '../../../src/base/units.ts';
import { describe, expect, it } from 'vitest';
import { unschedulablePods } from '../../../src/autoscaling/cluster-autoscaler/unschedulable-pods.ts';
import type { KubeSchedulerOptions } from '../../../src/orchestration/kubernetes/kube-scheduler-options.ts';

function schedulerOn(
  world: ClusterBuilder,
  parts: Partial<KubeSchedulerOptions> = {},
): KubeScheduler {
  return new KubeScheduler(world.cluster, {
    cluster: 0,
    choice: new DefaultProfile(world.cluster),
    thinkUs: 0,
    bindUs: 0,
    backoff: DEFAULT_BACKOFF,
    delayUs: 0,
    schedulesGangs: false,
    ...parts,
  });
}

const cores = (count: number) => ({ cpuTicks: count * TICKS_PER_CORE });
const seconds = (count: number): number => count * US_PER_SECOND;

/** Wakes until the scheduler wants no wake before `untilUs`. */
function settle(world: ClusterBuilder, scheduler: KubeScheduler, untilUs = world.nowUs): string[] {
  const decisions: string[] = [];
  for (let atUs = world.nowUs; atUs <= untilUs; atUs = scheduler.wakeAtUs) {
    for (const action of world.wake(scheduler, atUs)) {
      if (action.kind === 'bind') decisions.push(`${action.task}>${action.host}@${action.atUs}`);
      else if (action.kind === 'refuse') decisions.push(`${action.task}:${action.reason}`);
      else if (action.kind === 'nominate') decisions.push(`${action.task}~${action.host}`);
      else if (action.kind === 'stop-task') decisions.push(`${action.reason} ${action.task}`);
      else decisions.push(action.kind);
    }
  }
  return decisions;
}

describe('kube-scheduler', () => {
  it('thinks about one pod at a time: nodes hear at t + think and t + 2 think, and the API latency later', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', cores(1));
    world.host();
    const scheduler = schedulerOn(world, { thinkUs: 10, bindUs: 3 });
    world.nowUs = 100;
    world.pending(workload);
    world.pending(workload);
    // 100 + 10 + 3 and 100 + 2 x 10 + 3
    expect(settle(world, scheduler, 200)).toEqual(['0>0@113', '1>0@123']);
    expect(scheduler.wakeAtUs).toBe(Infinity);
  });

  it('refuses equal pods together, at the cost of one attempt, and tells each of them why once', () => {
    const world = new ClusterBuilder();
    const large = world.workload('job', cores(5));
    const small = world.workload('job', cores(1));
    world.host();
    const scheduler = schedulerOn(world, { thinkUs: 10 });
    for (let i = 0; i < 3; i++) world.pending(large);
    world.pending(small);
    const refusals = [0, 1, 2].map((task) => `${task}:insufficient-cpu`);
    expect(settle(world, scheduler, 30)).toEqual([...refusals, '3>0@20']);
    world.nowUs = 60;
    world.host({ cpuAllocatableTicks: 5 * TICKS_PER_CORE });
    // One of them fits; the others were told before.
    expect(settle(world, scheduler, 100)).toEqual(['0>1@70']);
  });

  it('pitfall 8.20: the Cluster Autoscaler does not see a pod before its first attempt (1.3)', () => {
    const world = new ClusterBuilder();
    const large = world.workload('job', cores(5));
    world.host();
    const scheduler = schedulerOn(world, { thinkUs: seconds(1) });
    const first = world.pending(large);
    settle(world, scheduler);
    // While it thinks, another comes.
    const second = world.pending(large);
    settle(world, scheduler);
    const seen = () => unschedulablePods(world.cluster, 0, [first, second]);
    expect(seen()).toEqual([first]);
    world.nowUs = scheduler.wakeAtUs;
    expect(settle(world, scheduler)).toEqual([`${second}:insufficient-cpu`]);
    expect(seen()).toEqual([first, second]);
  });

  it('pitfall 8.10: in an empty cluster a pod is tried by error backoff: a node that joined is found late (1.2)', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', cores(1));
    const scheduler = schedulerOn(world);
    world.nowUs = 500_000;
    world.pending(workload);
    expect(settle(world, scheduler, seconds(4))).toEqual(['0:no-host']);
    // Tried at 0.5 s, again 1 s after second 0 and a window later, at 2 s, and 2 s after that and a window later, at 5 s.
    expect(scheduler.wakeAtUs).toBe(seconds(5));
    expect(scheduler.background).toBe(true);
    world.nowUs = 4_500_000;
    world.host();
    expect(settle(world, scheduler, 4_900_000)).toEqual([]);
    world.nowUs = scheduler.wakeAtUs;
    expect(settle(world, scheduler)).toEqual([`0>0@${seconds(5)}`]);
  });

  it('sleeps on events that no rejector of a waiting pod hears of', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', { ...cores(1), nodeSelector: { disk: 'fast' } });
    const other = world.workload('job', cores(1));
    const host = world.host();
    const running = world.running(other, host);
    const scheduler = schedulerOn(world);
    world.pending(workload);
    expect(settle(world, scheduler)).toEqual(['0:selector'].map(() => '1:selector'));
    world.endedAs(running, TASK_STATE.completed);
    expect(world.cluster.journal.takeMask() & scheduler.wakesOn).not.toBe(0);
    expect(settle(world, scheduler)).toEqual([]);
    world.endedAs(world.running(other, host), TASK_STATE.completed);
    settle(world, scheduler);
    world.cluster.journal.takeMask();
    world.endedAs(world.running(other, host), TASK_STATE.completed);
    // A new task wakes it; the end of one does not.
    expect(scheduler.wakesOn & (1 << 6)).toBe(0);
    world.host({ labels: { disk: 'fast' } });
    expect(settle(world, scheduler)).toEqual([`1>1@${world.nowUs}`]);
  });

  it('tries again every 30 s what waits for more than five minutes, in the background', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job', { ...cores(1), nodeSelector: { disk: 'fast' } });
    world.host();
    const scheduler = schedulerOn(world);
    world.nowUs = seconds(10);
    world.pending(workload);
    settle(world, scheduler, seconds(10));
    expect([scheduler.wakeAtUs, scheduler.background]).toEqual([seconds(30), true]);
    // 10 s + 5 min is passed at the tick of 330 s; the pod fails there once more and is due at 660 s.
    settle(world, scheduler, seconds(329));
    expect(scheduler.save().queue.batches[0]!.times).toEqual([seconds(10)]);
    settle(world, scheduler, seconds(330));
    expect(scheduler.save().queue.batches[0]!.times).toEqual([seconds(330)]);
  });

  it('says spread when the nodes with room would break a hard constraint, and waits for pods that it counts', () => {
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
    const end = world.running(blocker, full);
    const scheduler = schedulerOn(world);
    const pod = world.pending(workload);
    // 1 on the open host + 1 - 0 on the full one = 2 > 1.
    expect(settle(world, scheduler)).toEqual([`${pod}:spread`]);
    world.endedAs(end, TASK_STATE.completed);
    expect(settle(world, scheduler)).toEqual([`${pod}>${full}@0`]);
  });

  it('holds a pod with a scheduling gate for ever', () => {
    const world = new ClusterBuilder();
    const pod = { ...PLAIN_POD, schedulingGates: ['later'] };
    const workload = world.workload('job', { ...cores(1), pod });
    const scheduler = schedulerOn(world);
    world.pending(workload);
    world.host();
    expect(settle(world, scheduler)).toEqual([]);
    expect(scheduler.wakeAtUs).toBe(Infinity);
  });

  it('gives a pod of a Fargate pool a micro-VM, and uses the nodes of the pool that a pod was sent to', () => {
    const world = new ClusterBuilder();
    const fargate = world.pool('fargate');
    const second = world.pool('asg');
    const workload = world.workload('job', cores(1));
    world.host({ pool: 0 });
    const scheduler = schedulerOn(world);
    const onFargate = world.pending(workload, fargate);
    world.pending(workload, second);
    expect(world.wake(scheduler)).toEqual([
      { kind: 'launch-micro-vm', task: onFargate, pool: fargate },
    ]);
    // The nodes of other pools refuse it by affinity; one of its own brings it back.
    expect(settle(world, scheduler)).toEqual(['1:no-host']);
    world.host({ pool: second });
    expect(settle(world, scheduler)).toEqual(['1>1@0']);
  });

  it('goes on from a saved state as if nothing had happened: backoffs, refusals, nominations and thoughts', () => {
    const run = (restoreAtUs: number): string[] => {
      const world = new ClusterBuilder();
      const workloads = [1, 5, 2, 3].map((count, priority) =>
        world.workload('job', { ...cores(count), priority: priority === 3 ? 10 : 0 }),
      );
      world.host();
      world.host();
      let scheduler = schedulerOn(world, { thinkUs: 10, bindUs: 1 });
      const decisions: string[] = [];
      for (let timeUs = 0; timeUs < 600; timeUs++) {
        world.nowUs = timeUs * 20_000;
        if (timeUs % 13 === 0) world.pending(workloads[timeUs % 4]!);
        if (timeUs === 200) world.host({ cpuAllocatableTicks: 10 * TICKS_PER_CORE });
        if (timeUs === restoreAtUs) {
          const state = structuredClone(scheduler.save());
          scheduler = schedulerOn(world, { thinkUs: 10, bindUs: 1 });
          scheduler.restore(state);
        }
        decisions.push(...settle(world, scheduler, world.nowUs + 19_999));
      }
      return decisions;
    };
    const whole = run(-1);
    expect(whole.some((decision) => decision.startsWith('preempted'))).toBe(true);
    expect(whole.length).toBeGreaterThan(20);
    for (const at of [1, 26, 39, 57, 200, 201, 300, 500]) expect(run(at)).toEqual(whole);
  });
});

describe('preemption', () => {
  /** A node of four cores, full of pods of one core and priority 0, and one of three cores and priority 10. */
  function crowded() {
    const world = new ClusterBuilder();
    const low = world.workload('job', cores(1));
    const high = world.workload('job', { ...cores(3), priority: 10 });
    const host = world.host();
    const lows = [0, 1, 2, 3].map((startUs) => {
      world.nowUs = startUs;
      const task = world.running(low, host);
      world.cluster.tasks.state[task] = TASK_STATE.running;
      return task;
    });
    world.nowUs = seconds(1);
    const scheduler = schedulerOn(world);
    // The lowest priority is known from pods that the scheduler has seen.
    return { world, low, high, host, lows, scheduler };
  }

  it('evicts the least important: those that started last go, and the first stays (1.10)', () => {
    const { world, low, high, host, lows, scheduler } = crowded();
    world.endedAs(world.pending(low), TASK_STATE.cancelled);
    world.pending(low);
    settle(world, scheduler);
    const pod = world.pending(high);
    expect(settle(world, scheduler)).toEqual([
      `${pod}~${host}`,
      ...lows.slice(1).map((task) => `preempted ${task}`),
      `${pod}:insufficient-cpu`,
    ]);
  });

  it('waits for its victims, and takes the nominated node once they are gone (1.3 step 5)', () => {
    const { world, low, high, host, lows, scheduler } = crowded();
    world.pending(low);
    settle(world, scheduler);
    const pod = world.pending(high);
    settle(world, scheduler);
    for (const [at, task] of lows.slice(1).entries()) {
      expect(world.cluster.tasks.stopping[task]).toBe(1);
      world.nowUs = seconds(5 + at);
      world.endedAs(task, TASK_STATE.cancelled);
      // Two of three cores are not enough: tried again, and not eligible to preempt again.
      const decisions = settle(world, scheduler);
      expect(decisions).toEqual(at < 2 ? [] : [`${pod}>${host}@${seconds(7)}`]);
    }
    expect(world.cluster.tasks.nominated[pod]).toBe(NO_ROW);
  });

  it('pitfall 8.9: a nomination reserves room against pods of equal and lower priority, not of higher (1.4, 1.10)', () => {
    const { world, low, high, host, lows, scheduler } = crowded();
    const equal = world.workload('job', { ...cores(2), priority: 10 });
    const higher = world.workload('job', { ...cores(2), priority: 20 });
    world.pending(low);
    settle(world, scheduler);
    const pod = world.pending(high);
    settle(world, scheduler);
    world.nowUs = seconds(2);
    for (const task of lows.slice(1, 3)) world.endedAs(task, TASK_STATE.cancelled);
    // Two cores are free, and the pod needs three: an equal one would fit now, and does not get them.
    const rival = world.pending(equal);
    expect(settle(world, scheduler)).toEqual([`${rival}:insufficient-cpu`]);
    const thief = world.pending(higher);
    expect(settle(world, scheduler)).toContain(`${thief}>${host}@${seconds(2)}`);
    expect(world.cluster.tasks.nominated[pod]).toBe(host);
  });

  it('hides a pod for whom room is made from the Cluster Autoscaler and from Karpenter', () => {
    const { world, low, high, scheduler } = crowded();
    const left = world.pending(low);
    settle(world, scheduler);
    const pod = world.pending(high);
    settle(world, scheduler);
    expect(unschedulablePods(world.cluster, 0, [left, pod])).toEqual([left]);
    const pending = new PendingPods(world.cluster, 0, new Set());
    pending.rebuild();
    expect([...pending.all()]).toEqual([left]);
  });

  it('does not look where labels, taints or the size of the node are against the pod (1.14)', () => {
    const { world, low, scheduler } = crowded();
    world.pending(low);
    settle(world, scheduler);
    const larger = world.workload('job', { ...cores(5), priority: 10 });
    const elsewhere = world.workload('job', {
      ...cores(1),
      priority: 10,
      nodeSelector: { disk: 'fast' },
    });
    const pods = [larger, elsewhere].map((workload) => world.pending(workload));
    expect(settle(world, scheduler)).toEqual([
      `${pods[0]}:insufficient-cpu`,
      `${pods[1]}:selector`,
    ]);
  });

  it('evicts nobody for a pod whose policy is Never', () => {
    const { world, low, scheduler } = crowded();
    world.pending(low);
    settle(world, scheduler);
    const pod = { ...PLAIN_POD, preemptionPolicy: 'Never' } as const;
    const meek = world.pending(world.workload('job', { ...cores(3), priority: 10, pod }));
    expect(settle(world, scheduler)).toEqual([`${meek}:insufficient-cpu`]);
  });

  it('prefers the node whose most important victim is the least, then the one with fewer victims (1.10)', () => {
    const world = new ClusterBuilder();
    const [low, middle] = [0, 5].map((priority) =>
      world.workload('job', { ...cores(2), priority }),
    );
    const one = world.host();
    const two = world.host();
    world.running(middle!, one);
    world.running(middle!, one);
    world.running(low!, two);
    world.running(low!, two);
    const scheduler = schedulerOn(world);
    const pod = world.pending(world.workload('job', { ...cores(2), priority: 10 }));
    world.pending(low!);
    expect(settle(world, scheduler)[0]).toBe(`${pod}~${two}`);
    expect(world.cluster.hosts.state[two]).toBe(HOST_STATE.ready);
  });
});
