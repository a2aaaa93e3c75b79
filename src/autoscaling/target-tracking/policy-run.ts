/**
 * One policy of one service between two datapoints: its alarms and its cooldowns.
 *
 * Target   high alarm   `asg.high-alarm-datapoints` points above the target           wants ceil(running x metric / target)
 *          low alarm    `asg.low-alarm-datapoints` points below 90 % of it             wants the same, if that is less than desired
 * Step     its own alarm                                                              wants what the step says of running tasks
 * An alarm that stays on acts at every point. A policy is idle without an alarm; one that never scales in has nothing to say then.
 *
 * Scale-out cooldown  from each scale-out. What that one added counts: only the excess of a larger need is added.
 * Scale-in cooldown   from each scale-in: no other until it ends. Scale-out is not held back and ends it.
 * Source              aws.md 3.14, 2.6; both counts and the 90 % are assumed parameters.
 */

import { MetricAlarm } from '../../telemetry/metric-alarm.ts';
import { adjusted, stepFor } from '../asg/scaling/step-adjustment.ts';
import type { AssumedParameters } from '../../cloud/assumptions.ts';
import type { Comparison, MeasuredPoint, ServicePolicy } from './service-policy.ts';
import type { MetricAlarmState } from '../../telemetry/metric-alarm.ts';

interface Cooldowns {
  /** Ends of the cooldowns. */
  scaleOutUntilUs: number;
  scaleInUntilUs: number;
  /** Tasks that the scale-outs of this cooldown have asked for beyond those that ran. */
  addedTasks: number;
}

export interface PolicyRunState extends Readonly<Cooldowns> {
  readonly alarms: readonly MetricAlarmState[];
}

interface Threshold {
  readonly alarm: MetricAlarm;
  readonly comparison: Comparison;
  /** In the unit of the measure; compared without dividing. */
  readonly of: (base: number) => number;
}

export class PolicyRun {
  readonly policy: ServicePolicy;
  private readonly thresholds: readonly Threshold[];
  private cooldowns: Cooldowns = { scaleOutUntilUs: 0, scaleInUntilUs: 0, addedTasks: 0 };

  constructor(policy: ServicePolicy, parameters: AssumedParameters) {
    this.policy = policy;
    this.thresholds = thresholdsOf(policy, parameters);
  }

  get isTriggered(): boolean {
    return this.thresholds.some(({ alarm }) => alarm.isOn);
  }

  /** One more minute is over; undefined when nothing could be measured. */
  observe(point: MeasuredPoint | undefined): void {
    for (const { alarm, comparison, of } of this.thresholds) {
      alarm.observe(point && crosses(comparison, point.used * point.factor, of(point.base)));
    }
  }

  /** The count that it asks for, undefined when it has nothing to say; `desired` to stay. */
  wish(point: MeasuredPoint, running: number, desired: number, nowUs: number): number | undefined {
    const { policy } = this;
    const [first, second] = this.thresholds;
    if (policy.kind === 'target') {
      const { used, factor, base } = point;
      // One division, so that a metric of 90 % and a target of 60 % make 4 tasks exactly 6.
      const needed = Math.ceil((running * used * factor) / (base * policy.target));
      if (first!.alarm.isOn) return this.outwards(needed, running, desired, nowUs);
      if (policy.disableScaleIn) return undefined;
      return second!.alarm.isOn ? this.inwards(needed, desired, nowUs) : desired;
    }
    if (!first!.alarm.isOn) return undefined;
    const value = (point.used * point.factor) / point.base;
    const step = stepFor(policy.steps, policy.threshold, value);
    if (step === undefined) return undefined;
    const needed = Math.max(0, adjusted(policy.adjustment, running, step.by, policy.least));
    return needed > running
      ? this.outwards(needed, running, desired, nowUs)
      : this.inwards(needed, desired, nowUs);
  }

  /** What it asked for was done: from `desired` to `next`. */
  done(next: number, running: number, desired: number, nowUs: number): void {
    const { policy, cooldowns } = this;
    const tracking = policy.kind === 'target';
    if (next > desired) {
      const coolsDown = nowUs < cooldowns.scaleOutUntilUs;
      cooldowns.addedTasks = coolsDown ? cooldowns.addedTasks + next - desired : next - running;
      cooldowns.scaleOutUntilUs =
        nowUs + (tracking ? policy.scaleOutCooldownUs : policy.cooldownUs);
      cooldowns.scaleInUntilUs = 0;
    } else {
      cooldowns.scaleInUntilUs = nowUs + (tracking ? policy.scaleInCooldownUs : policy.cooldownUs);
    }
  }

  save(): PolicyRunState {
    return { ...this.cooldowns, alarms: this.thresholds.map(({ alarm }) => alarm.save()) };
  }

  restore({ alarms, ...cooldowns }: PolicyRunState): void {
    this.cooldowns = { ...cooldowns };
    for (const [i, { alarm }] of this.thresholds.entries()) alarm.restore(alarms[i]!);
  }

  private outwards(needed: number, running: number, desired: number, nowUs: number): number {
    const { scaleOutUntilUs, addedTasks } = this.cooldowns;
    const wanted = nowUs < scaleOutUntilUs ? desired + needed - running - addedTasks : needed;
    return Math.max(wanted, desired);
  }

  private inwards(needed: number, desired: number, nowUs: number): number {
    return nowUs < this.cooldowns.scaleInUntilUs ? desired : Math.min(needed, desired);
  }
}

function thresholdsOf(policy: ServicePolicy, parameters: AssumedParameters): Threshold[] {
  const alarmOf = (points: number) =>
    new MetricAlarm({ datapointsToAlarm: points, evaluationPeriods: points });
  if (policy.kind === 'step') {
    const { threshold, comparison } = policy;
    return [{ alarm: new MetricAlarm(policy.alarm), comparison, of: (base) => base * threshold }];
  }
  const { target } = policy;
  const lowFraction = parameters.get('asg.low-alarm-fraction');
  return [
    {
      alarm: alarmOf(parameters.get('asg.high-alarm-datapoints')),
      comparison: 'above',
      of: (base) => base * target,
    },
    {
      alarm: alarmOf(parameters.get('asg.low-alarm-datapoints')),
      comparison: 'below',
      of: (base) => base * target * lowFraction,
    },
  ];
}

function crosses(comparison: Comparison, value: number, threshold: number): boolean {
  switch (comparison) {
    case 'above':
      return value > threshold;
    case 'at-or-above':
      return value >= threshold;
    case 'below':
      return value < threshold;
    case 'at-or-below':
      return value <= threshold;
  }
}
