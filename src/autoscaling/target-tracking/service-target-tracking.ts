/**
 * Target tracking of ECS services on average CPU utilisation (Application Auto Scaling; aws.md 3.14, 2.6).
 *
 * Each minute one datapoint a service, seen by the alarms `cloudwatch.metric-delay-s` later:
 *   high alarm   3 datapoints in a row above the target            wants ceil(running x metric / target)
 *   low alarm    15 datapoints in a row below 90 % of the target   wants the same, if that is less than desired
 * An alarm that stays on acts at every datapoint. Both counts and the 90 % are assumed parameters.
 *
 * Scale-out cooldown  300 s from each scale-out. What that one added counts: only the excess of a larger need is added.
 * Scale-in cooldown   300 s from each scale-in: no other until it ends. Scale-out is not held back and ends it.
 * Bounds              whatever is triggered outside [minimum, maximum] moves to the bound first.
 * No data             without a running task there is no datapoint; the run of datapoints begins anew and nothing happens.
 * Rounding            up, toward more capacity.
 *
 * Departs   running = ready tasks (the starting point of 3.14; a task that starts counts once it serves).
 * Left out  scale-in suspended during deployments (services have one revision yet), several policies a service, other
 *           metrics; so the rule for starting from 0, which needs a metric that exists at 0 tasks, has no place.
 */

import { ServiceMetric, percentOf } from '../../telemetry/service-metric.ts';
import { US_PER_MINUTE, US_PER_SECOND } from '../../base/units.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { AssumedParameters } from '../../cloud/assumptions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { ServiceMetricState, UsageSample } from '../../telemetry/service-metric.ts';
import type { UsageProbe } from '../../telemetry/usage-probe.ts';

export interface ServiceTarget {
  readonly workload: number;
  /** Fraction of the CPU request. */
  readonly targetUtilization: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly scaleOutCooldownUs: number;
  readonly scaleInCooldownUs: number;
}

/** What ECS takes when nothing is stated. */
export const SERVICE_COOLDOWN_US = 300 * US_PER_SECOND;

interface Alarms {
  /** Datapoints in a row above the target, and below the low threshold. */
  highCount: number;
  lowCount: number;
  /** Ends of the cooldowns. */
  scaleOutUntilUs: number;
  scaleInUntilUs: number;
  /** Tasks that the scale-outs of this cooldown have asked for beyond those that ran. */
  addedTasks: number;
}

export interface ServiceTargetTrackingState {
  readonly nextSampleUs: number;
  readonly nextEvaluationUs: number;
  readonly metrics: readonly ServiceMetricState[];
  readonly alarms: readonly Readonly<Alarms>[];
}

export class ServiceTargetTracking implements Controller {
  readonly actor = 'service-auto-scaling';
  readonly phase = 'autoscaling';
  readonly wakesOn = 0;
  readonly background = true;
  private readonly view: ClusterView;
  private readonly targets: readonly ServiceTarget[];
  private readonly metrics: readonly ServiceMetric[];
  private readonly highDatapoints: number;
  private readonly lowDatapoints: number;
  private readonly lowFraction: number;
  private alarms: Alarms[];
  private nextSampleUs: number;
  private nextEvaluationUs: number;

  /** `phaseUs` in [0, 1 min): end of the first metric period. */
  constructor(
    view: ClusterView,
    probe: UsageProbe,
    targets: readonly ServiceTarget[],
    parameters: AssumedParameters,
    phaseUs: number,
  ) {
    const delayUs = parameters.us('cloudwatch.metric-delay-s');
    this.view = view;
    this.targets = targets;
    this.metrics = targets.map(
      ({ workload }) => new ServiceMetric(probe, workload, US_PER_MINUTE, delayUs, phaseUs),
    );
    this.highDatapoints = parameters.get('asg.high-alarm-datapoints');
    this.lowDatapoints = parameters.get('asg.low-alarm-datapoints');
    this.lowFraction = parameters.get('asg.low-alarm-fraction');
    this.alarms = targets.map(() => ({
      highCount: 0,
      lowCount: 0,
      scaleOutUntilUs: 0,
      scaleInUntilUs: 0,
      addedTasks: 0,
    }));
    this.nextSampleUs = phaseUs;
    this.nextEvaluationUs = phaseUs + delayUs;
  }

  get wakeAtUs(): number {
    return Math.min(this.nextSampleUs, this.nextEvaluationUs);
  }

  wake(nowUs: number, out: ActionBuffer): void {
    if (nowUs === this.nextSampleUs) {
      for (const metric of this.metrics) metric.sample(nowUs);
      this.nextSampleUs += US_PER_MINUTE;
    }
    if (nowUs === this.nextEvaluationUs) {
      for (let i = 0; i < this.targets.length; i++) this.evaluate(i, nowUs, out);
      this.nextEvaluationUs += US_PER_MINUTE;
    }
  }

  save(): ServiceTargetTrackingState {
    return {
      nextSampleUs: this.nextSampleUs,
      nextEvaluationUs: this.nextEvaluationUs,
      metrics: this.metrics.map((metric) => metric.save()),
      alarms: this.alarms.map((alarms) => ({ ...alarms })),
    };
  }

  restore(state: ServiceTargetTrackingState): void {
    this.nextSampleUs = state.nextSampleUs;
    this.nextEvaluationUs = state.nextEvaluationUs;
    for (const [i, metric] of this.metrics.entries()) metric.restore(state.metrics[i]!);
    this.alarms = state.alarms.map((alarms) => ({ ...alarms }));
  }

  private evaluate(index: number, nowUs: number, out: ActionBuffer): void {
    const target = this.targets[index]!;
    const alarms = this.alarms[index]!;
    const { workload, minimum, maximum } = target;
    const sample = this.metrics[index]!.latest(nowUs);
    const running = this.view.workloads.ready[workload]!;
    const desired = this.view.workloads.desired[workload]!;
    countDatapoint(alarms, sample, target, this.lowFraction);
    if (sample === undefined || running === 0) return;

    const isHigh = alarms.highCount >= this.highDatapoints;
    const isLow = alarms.lowCount >= this.lowDatapoints;
    if (!isHigh && !isLow) return;
    if (desired < minimum || desired > maximum) {
      const bound = desired < minimum ? minimum : maximum;
      out.push({ kind: 'set-desired', workload, desired: bound });
      return;
    }
    const needed = proportional(running, sample, target);
    const next = isHigh
      ? scaledOut(alarms, target, needed, running, desired, nowUs)
      : scaledIn(alarms, target, needed, desired, nowUs);
    if (next !== desired) out.push({ kind: 'set-desired', workload, desired: next });
  }
}

function countDatapoint(
  alarms: Alarms,
  sample: UsageSample | undefined,
  { targetUtilization }: ServiceTarget,
  lowFraction: number,
): void {
  const used = sample === undefined ? NaN : sample.usedTicks * 100;
  const atTarget = (sample?.requestedTicks ?? NaN) * percentOf(targetUtilization);
  alarms.highCount = used > atTarget ? alarms.highCount + 1 : 0;
  alarms.lowCount = used < atTarget * lowFraction ? alarms.lowCount + 1 : 0;
}

/** ceil(running x metric / target), as one division so that a metric of 90 % and a target of 60 % make 4 tasks exactly 6. */
function proportional(running: number, sample: UsageSample, target: ServiceTarget): number {
  const atTarget = sample.requestedTicks * percentOf(target.targetUtilization);
  return Math.ceil((running * sample.usedTicks * 100) / atTarget);
}

function scaledOut(
  alarms: Alarms,
  target: ServiceTarget,
  needed: number,
  running: number,
  desired: number,
  nowUs: number,
): number {
  const coolsDown = nowUs < alarms.scaleOutUntilUs;
  const wanted = coolsDown ? desired + needed - running - alarms.addedTasks : needed;
  const next = Math.min(wanted, target.maximum);
  if (next <= desired) return desired;
  alarms.addedTasks = coolsDown ? alarms.addedTasks + next - desired : next - running;
  alarms.scaleOutUntilUs = nowUs + target.scaleOutCooldownUs;
  alarms.scaleInUntilUs = 0;
  return next;
}

function scaledIn(
  alarms: Alarms,
  target: ServiceTarget,
  needed: number,
  desired: number,
  nowUs: number,
): number {
  const next = Math.max(needed, target.minimum);
  if (next >= desired || nowUs < alarms.scaleInUntilUs) return desired;
  alarms.scaleInUntilUs = nowUs + target.scaleInCooldownUs;
  return next;
}
