/**
 * CPU utilisation of one workload as its autoscaler gets to see it: readings once a period, published a delay later.
 *
 *     utilisation = CPU used by ready tasks / CPU requested by them
 *
 *   metrics-server   period 15 s, delay 0; the reader's own loop adds up to a period of age (kubernetes.md 4.1)
 *   CloudWatch       period 60 s, delay 45 s until an alarm sees it (aws.md 3.14, 9)
 *
 * The owner calls `sample` at the end of each period, of `nextSampleUs` it learns when.
 * Departs   a reading is taken at the end of its period, not averaged over it: usage is piecewise constant over minutes.
 * Missing   without a ready task there is no reading, as CloudWatch has no data at 0 tasks; an older one does not count.
 * State     flat: the newest published reading and those on their way.
 */

import { assert } from '../base/assert.ts';
import type { UsageProbe } from './usage-probe.ts';

/** Measured besides CPU, of who asks for it: memory of ready tasks, and what comes for the service. */
export interface MoreUsage {
  readonly usedBytes?: number;
  readonly requestedBytes?: number;
  readonly requestsPerSecond?: number;
  readonly messages?: number;
}

export interface UsageSample extends MoreUsage {
  readonly atUs: number;
  readonly usedTicks: number;
  readonly requestedTicks: number;
  /** Tasks that were measured. */
  readonly readyTasks: number;
}

export interface ServiceMetricState {
  readonly nextSampleUs: number;
  readonly samples: readonly UsageSample[];
}

export class ServiceMetric {
  private readonly probe: UsageProbe;
  private readonly workload: number;
  private readonly periodUs: number;
  private readonly delayUs: number;
  /** In order of time. */
  private samples: UsageSample[] = [];
  /** End of the period that runs. */
  nextSampleUs: number;

  /** The first period ends at `phaseUs`. */
  constructor(
    probe: UsageProbe,
    workload: number,
    periodUs: number,
    delayUs: number,
    phaseUs: number,
  ) {
    assert(periodUs > 0, () => `expected a positive period, found ${periodUs} us`);
    this.probe = probe;
    this.workload = workload;
    this.periodUs = periodUs;
    this.delayUs = delayUs;
    this.nextSampleUs = phaseUs;
  }

  /** Takes the reading of the period that ends now. */
  sample(nowUs: number, more: MoreUsage = {}): void {
    assert(
      nowUs === this.nextSampleUs,
      () => `the period of a metric ends at ${this.nextSampleUs} us; it was sampled at ${nowUs} us`,
    );
    this.samples.push({
      atUs: nowUs,
      usedTicks: this.probe.usedTicks(this.workload, nowUs),
      requestedTicks: this.probe.requestedTicks(this.workload),
      readyTasks: this.probe.readyTasks(this.workload),
      ...more,
    });
    this.nextSampleUs += this.periodUs;
    // Nobody asks again for what a later published reading has replaced.
    while (this.samples.length > 1 && this.isPublished(1, nowUs)) this.samples.shift();
  }

  /** The newest published reading; undefined while there is none, or when it found no ready task. */
  latest(nowUs: number): UsageSample | undefined {
    let newest: UsageSample | undefined;
    for (let i = 0; i < this.samples.length && this.isPublished(i, nowUs); i++) {
      newest = this.samples[i];
    }
    return newest === undefined || newest.requestedTicks === 0 ? undefined : newest;
  }

  save(): ServiceMetricState {
    return { nextSampleUs: this.nextSampleUs, samples: [...this.samples] };
  }

  restore(state: ServiceMetricState): void {
    this.nextSampleUs = state.nextSampleUs;
    this.samples = [...state.samples];
  }

  private isPublished(index: number, nowUs: number): boolean {
    return this.samples[index]!.atUs + this.delayUs <= nowUs;
  }
}

/** Used / requested: 1 is all that was asked for, and more is possible. */
export function utilizationOf(sample: UsageSample): number {
  return sample.usedTicks / sample.requestedTicks;
}

/** A fraction as percent, free of the error of its decimal: 0.55 is 55, not 55.00000000000001. */
export function percentOf(fraction: number): number {
  return Math.round(fraction * 1e8) / 1e6;
}
