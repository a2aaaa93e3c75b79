/**
 * A CloudWatch alarm, told point after point whether its metric crosses the threshold.
 *
 *     on = `datapointsToAlarm` of the latest `evaluationPeriods` points cross it
 *
 * Missing   a period without a point leaves too little to judge (INSUFFICIENT_DATA): the alarm is off and counts anew (aws.md 2.6).
 * Acting    an alarm that stays on acts at every point; that is up to the policy that asks it.
 */

import { assert } from '../base/assert.ts';

export interface AlarmRule {
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
}

/** The latest points, the oldest first: does it cross the threshold? */
export type MetricAlarmState = readonly boolean[];

export class MetricAlarm {
  private readonly rule: AlarmRule;
  private points: boolean[] = [];

  constructor(rule: AlarmRule) {
    const { datapointsToAlarm: needed, evaluationPeriods: looked } = rule;
    assert(needed >= 1 && needed <= looked, () => `an alarm of ${needed} points in ${looked}`);
    this.rule = rule;
  }

  get isOn(): boolean {
    const { points, rule } = this;
    return points.reduce((sum, crosses) => sum + Number(crosses), 0) >= rule.datapointsToAlarm;
  }

  /** One more period is over; undefined for one without a point. */
  observe(crosses: boolean | undefined): void {
    if (crosses === undefined) {
      this.points = [];
      return;
    }
    this.points.push(crosses);
    if (this.points.length > this.rule.evaluationPeriods) this.points.shift();
  }

  save(): MetricAlarmState {
    return [...this.points];
  }

  restore(state: MetricAlarmState): void {
    this.points = [...state];
  }
}
