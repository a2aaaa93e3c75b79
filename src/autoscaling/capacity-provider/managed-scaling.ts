/**
 * ECS managed scaling (cluster auto scaling): sizes Auto Scaling groups by CapacityProviderReservation.
 *
 *     CPR = 100 M / N     M instances needed (instances-needed.ts), N instances that run; M = N = 0: 100, only N = 0: 200
 *     N'  = ceil(100 M / T), T the target capacity; from nothing 2 instances, as CPR 200 asks for
 *
 * Each minute   one data point a group. The alarm acts on it `cloudwatch.metric-delay-s` later, at most a minute.
 * Scale-out     one point above T: desired = N'. While instances warm up only a larger M than before counts.
 * Scale-in      15 points in a row below T and nothing warming up: desired = N', at most half of the group a step. The
 *               alarm stays on while points stay below, so the next step may follow a minute later.
 * Bounds        the pool's minimum and maximum.
 * Waiting       pending tasks sent to the pool. A task that was sent to no pool waits for the first managed pool of its
 *               cluster that its workload may use.
 * Departs       hosts that drain are neither needed nor running.
 * Source        aws.md 3.12, 2.6, 10.2.
 */

import { HOST_STATE, NO_ROW } from '../../cluster/hosts.ts';
import { NEVER, US_PER_MINUTE } from '../../base/units.ts';
import { PendingTasks } from './pending-tasks.ts';
import { PoolHosts } from '../asg/pool-hosts.ts';
import { instancesForWaiting, smallestInstance } from './instances-needed.ts';
import { mayUsePool } from '../../placement/feasible.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { HostDescription } from '../../cluster/hosts.ts';
import type { Market } from '../../orchestration/host-description.ts';

const PERIOD_US = US_PER_MINUTE;
const SCALE_IN_DATAPOINTS = 15;

export interface ManagedPool {
  readonly pool: number;
  /** A zone of the group: what an instance is described in. */
  readonly zone: number;
  /** 1 to 100. */
  readonly targetCapacity: number;
  readonly minimumScalingStepSize: number;
  readonly maximumScalingStepSize: number;
  readonly warmupUs: number;
}

/** What is known of one group between two wakes. */
interface GroupState {
  /** The latest data point: instances needed and running. */
  needed: number;
  running: number;
  /** Data points in a row below the target. */
  lowPoints: number;
  warmUntilUs: number;
  /** The need that the latest scale-out answered. */
  answeredNeed: number;
}

interface ManagedScalingState {
  readonly measureAtUs: number;
  readonly actAtUs: number;
  readonly background: boolean;
  readonly groups: readonly Readonly<GroupState>[];
}

/** CapacityProviderReservation in per cent. */
export function reservationPercent(needed: number, running: number): number {
  if (running > 0) return (100 * needed) / running;
  return needed === 0 ? 100 : 200;
}

export class ManagedScaling implements Controller {
  readonly actor = 'capacity-provider';
  readonly phase = 'autoscaling';
  readonly wakesOn = 0;
  /** False while tasks wait that a larger group would take. */
  background = true;

  private readonly view: ClusterView;
  private readonly pools: readonly ManagedPool[];
  private readonly instances: readonly HostDescription[];
  private readonly alarmDelayUs: number;
  private readonly hosts: PoolHosts;
  private readonly pending: PendingTasks;
  private groups: GroupState[];
  private measureAtUs: number;
  private actAtUs = NEVER;

  /** `phaseUs`: time of the first data point, 0 to below a minute. */
  constructor(view: ClusterView, pools: readonly ManagedPool[], phaseUs: number, market: Market) {
    this.view = view;
    this.pools = pools;
    this.instances = pools.map(({ pool, zone }) => smallestInstance(view, pool, zone, market));
    this.alarmDelayUs = Math.min(market.parameters.us('cloudwatch.metric-delay-s'), PERIOD_US);
    this.hosts = new PoolHosts(view);
    this.pending = new PendingTasks(view);
    this.groups = pools.map(() => ({
      needed: 0,
      running: 0,
      lowPoints: 0,
      warmUntilUs: 0,
      answeredNeed: 0,
    }));
    this.measureAtUs = phaseUs;
  }

  get wakeAtUs(): number {
    return Math.min(this.measureAtUs, this.actAtUs);
  }

  wake(nowUs: number, out: ActionBuffer): void {
    if (nowUs >= this.actAtUs) this.act(nowUs, out);
    if (nowUs < this.measureAtUs) return;
    this.measure();
    this.measureAtUs += PERIOD_US;
    this.actAtUs = nowUs + this.alarmDelayUs;
    if (this.alarmDelayUs === 0) this.act(nowUs, out);
  }

  save(): ManagedScalingState {
    const { measureAtUs, actAtUs, background } = this;
    return { measureAtUs, actAtUs, background, groups: this.groups.map((group) => ({ ...group })) };
  }

  restore(state: ManagedScalingState): void {
    this.measureAtUs = state.measureAtUs;
    this.actAtUs = state.actAtUs;
    this.background = state.background;
    this.groups = state.groups.map((group) => ({ ...group }));
    this.hosts.rebuild();
    this.pending.rebuild();
  }

  private measure(): void {
    this.hosts.advance();
    this.pending.advance();
    const { pools, hosts } = this.view;
    const waiting = this.waitingByPool();
    this.background = true;
    for (const [i, managed] of this.pools.entries()) {
      const rows = this.hosts.of(managed.pool);
      const inUse = rows.filter((host) => hosts.taskCount[host]! > 0).length;
      const forWaiting = instancesForWaiting(this.view, waiting[i]!, this.instances[i]!);
      const { minimumScalingStepSize: low, maximumScalingStepSize: high } = managed;
      const step = forWaiting === 0 ? 0 : Math.min(Math.max(forWaiting, low), high);
      const group = this.groups[i]!;
      group.needed = inUse + step;
      group.running = rows.filter((host) => hosts.state[host]! >= HOST_STATE.running).length;
      const mayGrow = pools.desired[managed.pool]! < pools.maximum[managed.pool]!;
      if (forWaiting > 0 && mayGrow) this.background = false;
    }
  }

  private act(nowUs: number, out: ActionBuffer): void {
    this.actAtUs = NEVER;
    const { desired } = this.view.pools;
    for (const [i, managed] of this.pools.entries()) {
      const { pool } = managed;
      const wanted = this.decide(nowUs, managed, this.groups[i]!);
      if (wanted !== desired[pool]!) out.push({ kind: 'set-pool-desired', pool, desired: wanted });
    }
  }

  /** The size that the group should have now, by its latest data point. */
  private decide(nowUs: number, managed: ManagedPool, group: GroupState): number {
    const { pools } = this.view;
    const { pool, targetCapacity } = managed;
    const { needed, running } = group;
    const desired = pools.desired[pool]!;
    const percent = reservationPercent(needed, running);
    group.lowPoints = percent < targetCapacity ? group.lowPoints + 1 : 0;
    const isWarm = nowUs >= group.warmUntilUs;
    const fromNothing = running === 0 && needed > 0;
    const target = fromNothing ? 2 : Math.ceil((needed * 100) / targetCapacity);
    if (percent > targetCapacity) {
      const size = Math.min(target, pools.maximum[pool]!);
      if (size <= desired || !(isWarm || needed > group.answeredNeed)) return desired;
      group.warmUntilUs = nowUs + managed.warmupUs;
      group.answeredNeed = needed;
      return size;
    }
    if (group.lowPoints < SCALE_IN_DATAPOINTS || !isWarm) return desired;
    const atMostHalf = desired - Math.floor(desired / 2);
    return Math.min(desired, Math.max(target, atMostHalf, pools.minimum[pool]!));
  }

  /** For each managed pool, the number of waiting tasks by spec. */
  private waitingByPool(): Map<number, number>[] {
    const { tasks } = this.view;
    const waiting = this.pools.map(() => new Map<number, number>());
    for (const task of this.pending.all()) {
      const bySpec = waiting[this.managedPoolOf(task)];
      if (bySpec === undefined) continue;
      const spec = tasks.spec[task]!;
      bySpec.set(spec, (bySpec.get(spec) ?? 0) + 1);
    }
    return waiting;
  }

  /** Index of the managed pool that a pending task waits for, or -1. */
  private managedPoolOf(task: number): number {
    const { tasks, pools } = this.view;
    const sentTo = tasks.pool[task]!;
    if (sentTo !== NO_ROW) return this.pools.findIndex(({ pool }) => pool === sentTo);
    return this.pools.findIndex(
      ({ pool }) =>
        pools.descriptions[pool]!.cluster === tasks.cluster[task] &&
        mayUsePool(this.view, pool, tasks.workload[task]!),
    );
  }
}
