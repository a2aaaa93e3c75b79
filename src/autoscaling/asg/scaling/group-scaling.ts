/**
 * Sizes groups by their scaling policies, through CloudWatch alarms on average CPU.
 *
 * Each period   one data point a group; its alarms see it `cloudwatch.metric-delay-s` later.
 * Target        out  `asg.high-alarm-datapoints` points above the target:        ceil(hosts x metric / target)
 *               in   `asg.low-alarm-datapoints` points below 90 % of it:          the same, when it is less
 * Step          what the step of the metric says of the size (step-adjustment.ts); while hosts warm up only the difference to what
 *               this policy has ordered already is added, and nothing is taken away
 * Simple        one adjustment, then nothing by simple policies until its cooldown is over (pitfall 14.10)
 * Several       the largest size that any asks for; smaller only when all that can scale in ask for it
 * Warm-up       hosts that warm up are in the size but not in the metric; no policy scales in while one does
 * Scheduled     bounds and size are set at a time; the group follows at once
 *
 * Left out      predictive scaling, metrics other than CPU, policies of custom metrics.
 * Source        aws.md 2.6, 10.4.
 */

import { CpuAlarm } from './cpu-alarm.ts';
import { NEVER } from '../../../base/units.ts';
import { PoolHosts } from '../pool-hosts.ts';
import { adjusted, stepFor } from './step-adjustment.ts';
import { averageCpuPercent, warmHosts } from './group-metrics.ts';
import type { ActionBuffer } from '../../../orchestration/actions.ts';
import type { CpuAlarmRule } from './cpu-alarm.ts';
import type { MetricAlarmState } from '../../../telemetry/metric-alarm.ts';
import type { AssumedParameters } from '../../../cloud/assumptions.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Controller } from '../../../orchestration/controller.ts';
import type { ScaledGroup, ScalingPolicy, SimpleScaling } from './policy.ts';
import type { UsageProbe } from '../../../telemetry/usage-probe.ts';

/** What is known of one group between two wakes. */
interface GroupState {
  /** The point that the alarms have not seen yet. */
  value: number | undefined;
  measuredHosts: number;
  nextPointUs: number;
  seeAtUs: number;
  coolUntilUs: number;
  /** Scheduled actions that are done. */
  done: number;
}

interface GroupScalingState {
  readonly groups: readonly Readonly<GroupState>[];
  readonly alarms: readonly (readonly MetricAlarmState[])[];
}

interface Alarms {
  readonly policy: ScalingPolicy;
  readonly alarms: readonly CpuAlarm[];
}

export class GroupScaling implements Controller {
  readonly actor = 'auto-scaling-group';
  readonly phase = 'autoscaling';
  readonly wakesOn = 0;
  readonly background = true;

  private readonly view: ClusterView;
  private readonly probe: UsageProbe;
  private readonly groups: readonly ScaledGroup[];
  private readonly delayUs: number;
  private readonly hosts: PoolHosts;
  private readonly alarms: readonly (readonly Alarms[])[];
  private states: GroupState[];

  /** `phaseUs`: end of the first period. */
  constructor(
    view: ClusterView,
    probe: UsageProbe,
    groups: readonly ScaledGroup[],
    parameters: AssumedParameters,
    phaseUs: number,
  ) {
    this.view = view;
    this.probe = probe;
    this.groups = groups;
    this.delayUs = parameters.us('cloudwatch.metric-delay-s');
    this.hosts = new PoolHosts(view);
    this.alarms = groups.map(({ policies }) =>
      policies.map((policy) => ({
        policy,
        alarms: rulesOf(policy, parameters).map((rule) => new CpuAlarm(rule)),
      })),
    );
    this.states = groups.map(({ policies }) => ({
      value: undefined,
      measuredHosts: 0,
      nextPointUs: policies.length === 0 ? NEVER : phaseUs,
      seeAtUs: NEVER,
      coolUntilUs: 0,
      done: 0,
    }));
  }

  get wakeAtUs(): number {
    return this.states.reduce((least, { nextPointUs, seeAtUs, done }, i) => {
      const scheduledUs = this.groups[i]!.schedule[done]?.atUs ?? NEVER;
      return Math.min(least, nextPointUs, seeAtUs, scheduledUs);
    }, NEVER);
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.hosts.advance();
    for (const [i, group] of this.groups.entries()) {
      const state = this.states[i]!;
      this.runSchedule(group, state, nowUs, out);
      if (state.seeAtUs <= nowUs) this.see(i, group, state, nowUs, out);
      if (state.nextPointUs <= nowUs) this.measure(group, state, nowUs);
      if (state.seeAtUs <= nowUs) this.see(i, group, state, nowUs, out);
    }
  }

  save(): GroupScalingState {
    return {
      groups: this.states.map((state) => ({ ...state })),
      alarms: this.alarms.map((list) =>
        list.flatMap(({ alarms }) => alarms.map((one) => one.save())),
      ),
    };
  }

  restore({ groups, alarms }: GroupScalingState): void {
    this.states = groups.map((state) => ({ ...state }));
    for (const [i, list] of this.alarms.entries()) {
      const all = list.flatMap((entry) => entry.alarms);
      for (const [j, alarm] of all.entries()) alarm.restore(alarms[i]![j]!);
    }
    this.hosts.rebuild();
  }

  private measure(group: ScaledGroup, state: GroupState, nowUs: number): void {
    const rows = warmHosts(this.view, this.hosts.of(group.pool), group.warmupUs, nowUs);
    state.value = averageCpuPercent(this.view, this.probe, rows, nowUs);
    state.measuredHosts = rows.length;
    state.nextPointUs += group.periodUs;
    state.seeAtUs = nowUs + Math.min(this.delayUs, group.periodUs);
  }

  private see(
    index: number,
    { pool, warmupUs }: ScaledGroup,
    state: GroupState,
    nowUs: number,
    out: ActionBuffer,
  ): void {
    state.seeAtUs = NEVER;
    const { value } = state;
    const list = this.alarms[index]!;
    for (const { alarms } of list) for (const alarm of alarms) alarm.see(value);
    if (value === undefined) return;
    const desired = this.view.pools.desired[pool]!;
    const isWarm = warmHosts(this.view, this.hosts.of(pool), warmupUs, nowUs).length >= desired;
    const wishes = list.map((entry) => this.wishOf(entry, state, value, desired, isWarm, nowUs));
    const size = agreed(wishes, desired, isWarm);
    if (size === desired) return;
    const simple = list.find(({ policy }, i) => policy.kind === 'simple' && wishes[i] === size);
    if (simple !== undefined) {
      state.coolUntilUs = nowUs + (simple.policy as SimpleScaling).cooldownUs;
    }
    out.push({ kind: 'set-pool-desired', pool, desired: size });
  }

  /** The size that a policy asks for: `desired` to leave it, undefined when it never scales in and says nothing. */
  private wishOf(
    { policy, alarms }: Alarms,
    { measuredHosts, coolUntilUs }: GroupState,
    value: number,
    desired: number,
    isWarm: boolean,
    nowUs: number,
  ): number | undefined {
    switch (policy.kind) {
      case 'target': {
        const needed = Math.ceil((measuredHosts * value) / policy.targetPercent);
        if (alarms[0]!.isOn) return Math.max(needed, desired);
        if (policy.disableScaleIn) return undefined;
        return alarms[1]!.isOn ? Math.min(needed, desired) : desired;
      }
      case 'step': {
        const silent = isOutAlarm(policy.alarm) ? undefined : desired;
        if (!alarms[0]!.isOn) return silent;
        const step = stepFor(policy.steps, policy.alarm.threshold, value);
        if (step === undefined) return silent;
        // What this policy has ordered and is not warm yet counts: the step is of the hosts that were measured.
        const from = isWarm ? desired : Math.min(desired, Math.max(measuredHosts, 1));
        const size = adjusted(policy.adjustment, from, step.by, policy.least);
        return isWarm ? size : Math.max(size, desired);
      }
      case 'simple': {
        const silent = isOutAlarm(policy.alarm) ? undefined : desired;
        if (!alarms[0]!.isOn) return silent;
        return nowUs < coolUntilUs ? desired : adjusted(policy.adjustment, desired, policy.by);
      }
    }
  }

  private runSchedule(
    { pool, schedule }: ScaledGroup,
    state: GroupState,
    nowUs: number,
    out: ActionBuffer,
  ): void {
    for (let next = schedule[state.done]; next !== undefined; next = schedule[state.done]) {
      if (next.atUs > nowUs) return;
      state.done++;
      const { pools } = this.view;
      const minimum = next.minimum ?? pools.minimum[pool]!;
      const maximum = next.maximum ?? pools.maximum[pool]!;
      const wanted = next.desired ?? pools.desired[pool]!;
      out.push({
        kind: 'set-pool-desired',
        pool,
        desired: Math.min(Math.max(wanted, minimum), maximum),
        bounds: { minimum, maximum },
      });
    }
  }
}

/** A policy on high values scales out only: it does not hold others back from scaling in. */
function isOutAlarm({ comparison }: CpuAlarmRule): boolean {
  return comparison === 'above';
}

/** The largest wish; less than `desired` only when every policy that can scale in asks for less, and nothing warms up. */
function agreed(wishes: readonly (number | undefined)[], desired: number, isWarm: boolean): number {
  const known = wishes.filter((wish) => wish !== undefined);
  if (known.length === 0) return desired;
  const size = known.reduce((most, wish) => Math.max(most, wish), 0);
  return size < desired && !isWarm ? desired : size;
}

function rulesOf(policy: ScalingPolicy, parameters: AssumedParameters): CpuAlarmRule[] {
  if (policy.kind !== 'target') return [policy.alarm];
  const { targetPercent } = policy;
  return [
    {
      comparison: 'above',
      threshold: targetPercent,
      datapoints: parameters.get('asg.high-alarm-datapoints'),
    },
    {
      comparison: 'below',
      threshold: targetPercent * parameters.get('asg.low-alarm-fraction'),
      datapoints: parameters.get('asg.low-alarm-datapoints'),
    },
  ];
}
