/**
 * A CloudWatch alarm: looks at the latest data points of a metric and says whether they breach.
 *
 *   points    one a period; an alarm goes on when the last `datapoints` of them breach, one after the other
 *   missing   a period without a value breaks the row: INSUFFICIENT_DATA, nothing happens (aws.md 2.6)
 *   seen      `delayUs` after the period has ended
 *
 * An alarm that stays on acts at every point. State: flat.
 */

export type Comparison = 'above' | 'below';

export interface AlarmRule {
  readonly comparison: Comparison;
  readonly threshold: number;
  /** Points in a row. */
  readonly datapoints: number;
}

export class MetricAlarm {
  private readonly rule: AlarmRule;
  private breaches = 0;

  constructor(rule: AlarmRule) {
    this.rule = rule;
  }

  /** One more point; undefined when the period has no value. */
  see(value: number | undefined): void {
    this.breaches = value !== undefined && this.isBreach(value) ? this.breaches + 1 : 0;
  }

  get isOn(): boolean {
    return this.breaches >= this.rule.datapoints;
  }

  save(): number {
    return this.breaches;
  }

  restore(breaches: number): void {
    this.breaches = breaches;
  }

  private isBreach(value: number): boolean {
    const { comparison, threshold } = this.rule;
    return comparison === 'above' ? value > threshold : value < threshold;
  }
}
