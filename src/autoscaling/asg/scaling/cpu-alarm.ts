/** An alarm on a metric in per cent: above or below a threshold for so many points in a row (telemetry/metric-alarm.ts). */

import { MetricAlarm } from '../../../telemetry/metric-alarm.ts';
import type { MetricAlarmState } from '../../../telemetry/metric-alarm.ts';

export interface CpuAlarmRule {
  readonly comparison: 'above' | 'below';
  readonly threshold: number;
  /** Points in a row. */
  readonly datapoints: number;
}

export class CpuAlarm {
  private readonly rule: CpuAlarmRule;
  private readonly alarm: MetricAlarm;

  constructor(rule: CpuAlarmRule) {
    const { datapoints } = rule;
    this.rule = rule;
    this.alarm = new MetricAlarm({ datapointsToAlarm: datapoints, evaluationPeriods: datapoints });
  }

  /** One more point; undefined when the period has no value. */
  see(value: number | undefined): void {
    const { comparison, threshold } = this.rule;
    this.alarm.observe(
      value === undefined
        ? undefined
        : comparison === 'above'
          ? value > threshold
          : value < threshold,
    );
  }

  get isOn(): boolean {
    return this.alarm.isOn;
  }

  save(): MetricAlarmState {
    return this.alarm.save();
  }

  restore(state: MetricAlarmState): void {
    this.alarm.restore(state);
  }
}
