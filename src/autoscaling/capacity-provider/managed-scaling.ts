/**
 * ECS managed scaling (cluster auto scaling): sizes Auto Scaling groups by CapacityProviderReservation.
 *
 *     CPR = 100 M / N     M = instances in use + clamp(instances for waiting tasks, minimum step, maximum step)
 *                         N = instances that run; M = N = 0: 100, only N = 0: 200
 *     N'  = ceil(100 M / T), T the target capacity; from nothing 2 instances, as CPR 200 asks for
 *
 * In use        an instance (launching, running or ready) with at least one task that is no daemon.
 * Waiting       tasks in PROVISIONING (provisioning.ts), bin-packed (instances-needed.ts). While none of those that wait fits the
 *               smallest type the metric stays at the target: the group neither grows nor shrinks.
 * Each minute   one data point a group. The alarms act on it `cloudwatch.metric-delay-s` later, at most a minute.
 * Scale-out     1 point above T: desired = N'. While instances warm up only a larger M than before counts.
 * Scale-in      15 points in a row below T and nothing warming up: desired = N', at most half of the group a step. The
 *               alarm stays on while points stay below, so the next step may follow a minute later.
 * Bounds        the pool's minimum and maximum.
 * Departs       hosts that drain are neither needed nor running.
 * Source        aws.md 3.12, 2.6, 10.2.
 */

import { HOST_STATE } from '../../cluster/hosts.ts';
import { NEVER, US_PER_MINUTE } from '../../base/units.ts';
import { MetricAlarm } from '../../telemetry/metric-alarm.ts';
import { PoolHosts } from '../asg/pool-hosts.ts';
import { Provisioning } from './provisioning.ts';
import { instancesForWaiting, launchableTypes } from './instances-needed.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { LaunchableTypes } from './instances-needed.ts';
import type { Market } from '../../orchestration/host-description.ts';
import type { MetricAlarmState } from '../../telemetry/metric-alarm.ts';
import type { ProvisioningRule, ProvisioningState } from './provisioning.ts';

const PERIOD_US = US_PER_MINUTE;
const SCALE_OUT = { datapointsToAlarm: 1, evaluationPeriods: 1 };
const SCALE_IN = { datapointsToAlarm: 15, evaluationPeriods: 15 };

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
  /** Tasks wait, and the group is not asked to grow for any of them. */
  isStuck: boolean;
  warmUntilUs: number;
  /** The need that the latest scale-out answered. */
  answeredNeed: number;
}

interface ManagedScalingState {
  readonly measureAtUs: number;
  readonly actAtUs: number | null;
  readonly background: boolean;
  readonly groups: readonly Readonly<GroupState>[];
  readonly alarms: readonly { readonly out: MetricAlarmState; readonly in: MetricAlarmState }[];
  readonly provisioning: ProvisioningState;
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
  private readonly types: readonly LaunchableTypes[];
  private readonly alarmDelayUs: number;
  private readonly hosts: PoolHosts;
  private readonly provisioning: Provisioning;
  private readonly alarms: readonly { readonly out: MetricAlarm; readonly in: MetricAlarm }[];
  private groups: GroupState[];
  private measureAtUs: number;
  private actAtUs = NEVER;

  /** `phaseUs`: time of the first data point, 0 to below a minute. */
  constructor(
    view: ClusterView,
    pools: readonly ManagedPool[],
    rule: ProvisioningRule,
    phaseUs: number,
    market: Market,
  ) {
    this.view = view;
    this.pools = pools;
    this.types = pools.map(({ pool, zone }) => launchableTypes(view, pool, zone, market));
    this.alarmDelayUs = Math.min(market.parameters.us('cloudwatch.metric-delay-s'), PERIOD_US);
    this.hosts = new PoolHosts(view);
    const rows = pools.map(({ pool }) => pool);
    this.provisioning = new Provisioning(view, rows, rule);
    this.alarms = pools.map(() => ({
      out: new MetricAlarm(SCALE_OUT),
      in: new MetricAlarm(SCALE_IN),
    }));
    this.groups = pools.map(() => ({
      needed: 0,
      running: 0,
      isStuck: false,
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
    this.measure(nowUs, out);
    this.measureAtUs += PERIOD_US;
    this.actAtUs = nowUs + this.alarmDelayUs;
    if (this.alarmDelayUs === 0) this.act(nowUs, out);
  }

  save(): ManagedScalingState {
    const { measureAtUs, actAtUs, background } = this;
    return {
      measureAtUs,
      // JSON has no Infinity.
      actAtUs: actAtUs === NEVER ? null : actAtUs,
      background,
      groups: this.groups.map((group) => ({ ...group })),
      alarms: this.alarms.map((pair) => ({ out: pair.out.save(), in: pair.in.save() })),
      provisioning: this.provisioning.save(),
    };
  }

  restore(state: ManagedScalingState): void {
    this.measureAtUs = state.measureAtUs;
    this.actAtUs = state.actAtUs ?? NEVER;
    this.background = state.background;
    this.groups = state.groups.map((group) => ({ ...group }));
    for (const [i, pair] of this.alarms.entries()) {
      pair.out.restore(state.alarms[i]!.out);
      pair.in.restore(state.alarms[i]!.in);
    }
    this.hosts.rebuild();
    this.provisioning.restore(state.provisioning);
  }

  private measure(nowUs: number, out: ActionBuffer): void {
    this.hosts.advance();
    const { pools, hosts } = this.view;
    const waiting = this.provisioning.look(nowUs, out);
    this.background = true;
    for (const [i, managed] of this.pools.entries()) {
      const rows = this.hosts.of(managed.pool);
      const inUse = rows.filter((host) => hosts.taskCount[host]! > 0).length;
      const forWaiting = instancesForWaiting(this.view, waiting[i]!, this.types[i]!);
      const { minimumScalingStepSize: low, maximumScalingStepSize: high } = managed;
      const step = forWaiting === 0 ? 0 : Math.min(Math.max(forWaiting, low), high);
      const group = this.groups[i]!;
      group.needed = inUse + step;
      group.isStuck = forWaiting === 0 && waiting[i]!.size > 0;
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
      const wanted = this.decide(nowUs, i);
      if (wanted !== desired[pool]!) out.push({ kind: 'set-pool-desired', pool, desired: wanted });
    }
  }

  /** The size that the group should have now, by its latest data point. */
  private decide(nowUs: number, index: number): number {
    const { pools } = this.view;
    const { pool, targetCapacity, warmupUs } = this.pools[index]!;
    const group = this.groups[index]!;
    const alarms = this.alarms[index]!;
    const { needed, running } = group;
    const desired = pools.desired[pool]!;
    const percent = group.isStuck ? targetCapacity : reservationPercent(needed, running);
    alarms.out.observe(percent > targetCapacity);
    alarms.in.observe(percent < targetCapacity);
    const isWarm = nowUs >= group.warmUntilUs;
    const fromNothing = running === 0 && needed > 0;
    const target = fromNothing ? 2 : Math.ceil((needed * 100) / targetCapacity);
    if (alarms.out.isOn) {
      const size = Math.min(target, pools.maximum[pool]!);
      if (size <= desired || !(isWarm || needed > group.answeredNeed)) return desired;
      group.warmUntilUs = nowUs + warmupUs;
      group.answeredNeed = needed;
      return size;
    }
    if (!alarms.in.isOn || !isWarm) return desired;
    const atMostHalf = desired - Math.floor(desired / 2);
    return Math.min(desired, Math.max(target, atMostHalf, pools.minimum[pool]!));
  }
}
