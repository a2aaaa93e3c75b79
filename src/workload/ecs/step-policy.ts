/** A step scaling policy of a template with the CloudWatch alarm that calls it, as a scenario writes both (aws.md 2.6, 3.14). */

import type { EcsCursor } from './ecs-cursor.ts';

/** The keys of `step` under `ecs.autoScaling.policies` of a service. */
export interface StepPolicyDefinition {
  readonly threshold: Readonly<Record<string, string>>;
  readonly alarm: string;
  readonly datapoints: number;
  readonly evaluationPeriods: number;
  readonly adjustment: string;
  readonly steps: readonly { readonly from?: number; readonly to?: number; readonly by: number }[];
  readonly least: number | undefined;
  readonly cooldown: string;
}

/** An alarm by its logical id. */
export interface NamedAlarm {
  readonly name: string;
  readonly written: EcsCursor;
}

const METRICS: Readonly<Record<string, string>> = {
  CPUUtilization: 'cpu',
  MemoryUtilization: 'memory',
};

const COMPARISONS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: 'above',
  GreaterThanOrEqualToThreshold: 'at-or-above',
  LessThanThreshold: 'below',
  LessThanOrEqualToThreshold: 'at-or-below',
};

const ADJUSTMENTS: Readonly<Record<string, string>> = {
  ChangeInCapacity: 'change',
  PercentChangeInCapacity: 'percent',
  ExactCapacity: 'exact',
};

/** Does the alarm call the policy with this logical id? */
export function isAlarmOf({ written }: NamedAlarm, policy: string): boolean {
  const actions = written.get('alarmActions').items();
  return actions.some((action) => action.text() === policy);
}

/** Undefined when the alarm is on another metric. */
export function stepPolicy(policy: EcsCursor, alarm: EcsCursor): StepPolicyDefinition | undefined {
  const metric = METRICS[alarm.get('metricName').text()];
  const comparison = COMPARISONS[alarm.get('comparisonOperator').text()];
  if (metric === undefined || comparison === undefined) return undefined;
  // Points of a service come each minute.
  const minutes = Math.max(1, Math.ceil(alarm.get('period').whole(60) / 60));
  const periods = alarm.get('evaluationPeriods').whole(1);
  const step = policy.get('stepScalingPolicyConfiguration');
  const least = step.get('minAdjustmentMagnitude').whole(0);
  return {
    threshold: { [metric]: `${alarm.get('threshold').number(0)}%` },
    alarm: comparison,
    datapoints: alarm.get('datapointsToAlarm').whole(periods) * minutes,
    evaluationPeriods: periods * minutes,
    adjustment: ADJUSTMENTS[step.get('adjustmentType').text()] ?? 'change',
    steps: step.get('stepAdjustments').items().map(adjustment),
    least: least === 0 ? undefined : least,
    cooldown: `${step.get('cooldown').whole(300)}s`,
  };
}

function adjustment(written: EcsCursor): StepPolicyDefinition['steps'][number] {
  const from = written.get('metricIntervalLowerBound');
  const to = written.get('metricIntervalUpperBound');
  return {
    ...(from.isAbsent ? {} : { from: from.number(0) }),
    ...(to.isAbsent ? {} : { to: to.number(0) }),
    by: written.get('scalingAdjustment').number(0),
  };
}
