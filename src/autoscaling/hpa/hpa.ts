/**
 * HorizontalPodAutoscaler on CPU utilisation (kubernetes.md 4.1). Every 15 s, for each target:
 *
 *   1. a service at 0 replicas is left alone; one outside [minimum, maximum] is brought back, and that is all;
 *   2. the calculator names a number from the newest metrics-server reading; without one the round is skipped;
 *   3. stabilisation: the highest number named within the last 300 s counts, so that it shrinks late;
 *   4. limit: at most max(2 x current, 4), and [minimum, maximum].
 *
 * Metrics    scraped every 15 s at a phase of their own, so the loop sees readings up to 15 s old.
 * Unready    pending and starting pods, and pods that became ready after the reading: their sample would be older than
 *            their readiness plus its window. Pods that left since are taken out of the count.
 * Left out   `behavior` (policies, windows, tolerance a direction), other metrics, the 5-minute CPU initialisation of
 *            pods that turn unready again, and the workers' queue: all targets are synced in one instant.
 */

import { ServiceMetric, percentOf } from '../../telemetry/service-metric.ts';
import { US_PER_SECOND } from '../../base/units.ts';
import { assert } from '../../base/assert.ts';
import { replicasFor } from './replica-calculator.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { ServiceMetricState } from '../../telemetry/service-metric.ts';
import type { UsageProbe } from '../../telemetry/usage-probe.ts';

export interface HpaTarget {
  readonly workload: number;
  /** Fraction of the CPU request; the real field is a whole percent, and so it is rounded. */
  readonly targetUtilization: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** First instants of the two loops, each in [0, 15 s). */
export interface HpaPhases {
  readonly syncUs: number;
  readonly scrapeUs: number;
}

interface Recommendation {
  readonly atUs: number;
  readonly replicas: number;
}

export interface HpaState {
  readonly nextSyncUs: number;
  readonly nextScrapeUs: number;
  readonly metrics: readonly ServiceMetricState[];
  readonly recommendations: readonly (readonly Recommendation[])[];
}

const HPA_PERIOD_US = 15 * US_PER_SECOND;
const STABILIZATION_US = 300 * US_PER_SECOND;
const SCALE_UP_FACTOR = 2;
const SCALE_UP_LIMIT_MIN = 4;

export class HorizontalPodAutoscaler implements Controller {
  readonly actor = 'hpa';
  readonly phase = 'autoscaling';
  readonly wakesOn = 0;
  readonly background = true;
  private readonly view: ClusterView;
  private readonly targets: readonly HpaTarget[];
  private readonly metrics: readonly ServiceMetric[];
  /** By target, in order of time; empty until the first sync. */
  private recommendations: Recommendation[][];
  private nextSyncUs: number;
  private nextScrapeUs: number;

  constructor(
    view: ClusterView,
    probe: UsageProbe,
    targets: readonly HpaTarget[],
    phases: HpaPhases,
  ) {
    for (const { targetUtilization } of targets) {
      assert(
        targetUtilization >= 0.01,
        () => `expected a target of at least 1 %, found ${targetUtilization}`,
      );
    }
    this.view = view;
    this.targets = targets;
    this.metrics = targets.map(
      ({ workload }) => new ServiceMetric(probe, workload, HPA_PERIOD_US, 0, phases.scrapeUs),
    );
    this.recommendations = targets.map(() => []);
    this.nextSyncUs = phases.syncUs;
    this.nextScrapeUs = phases.scrapeUs;
  }

  get wakeAtUs(): number {
    return Math.min(this.nextScrapeUs, this.nextSyncUs);
  }

  wake(nowUs: number, out: ActionBuffer): void {
    if (nowUs === this.nextScrapeUs) {
      for (const metric of this.metrics) metric.sample(nowUs);
      this.nextScrapeUs += HPA_PERIOD_US;
    }
    if (nowUs === this.nextSyncUs) {
      for (let i = 0; i < this.targets.length; i++) this.sync(i, nowUs, out);
      this.nextSyncUs += HPA_PERIOD_US;
    }
  }

  save(): HpaState {
    return {
      nextSyncUs: this.nextSyncUs,
      nextScrapeUs: this.nextScrapeUs,
      metrics: this.metrics.map((metric) => metric.save()),
      recommendations: this.recommendations.map((list) => [...list]),
    };
  }

  restore(state: HpaState): void {
    this.nextSyncUs = state.nextSyncUs;
    this.nextScrapeUs = state.nextScrapeUs;
    for (const [i, metric] of this.metrics.entries()) metric.restore(state.metrics[i]!);
    this.recommendations = state.recommendations.map((list) => [...list]);
  }

  private sync(index: number, nowUs: number, out: ActionBuffer): void {
    const { workload, minimum, maximum } = this.targets[index]!;
    const current = this.view.workloads.desired[workload]!;
    const list = this.recommendations[index]!;
    if (list.length === 0) list.push({ atUs: nowUs, replicas: current });
    if (current === 0) return;
    const desired =
      current > maximum
        ? maximum
        : current < minimum
          ? minimum
          : this.normalized(index, current, nowUs);
    if (desired !== current) out.push({ kind: 'set-desired', workload, desired });
  }

  /** Steps 2 to 4. */
  private normalized(index: number, current: number, nowUs: number): number {
    const { minimum, maximum } = this.targets[index]!;
    const named = this.named(index, current, nowUs);
    if (named === undefined) return current;
    const stable = this.stabilized(index, named, nowUs);
    const limit = Math.max(SCALE_UP_FACTOR * current, SCALE_UP_LIMIT_MIN);
    return Math.max(minimum, Math.min(stable, maximum, limit));
  }

  private named(index: number, currentReplicas: number, nowUs: number): number | undefined {
    const { workload, targetUtilization } = this.targets[index]!;
    const sample = this.metrics[index]!.latest(nowUs);
    if (sample === undefined) return undefined;
    const { pending, bound, ready } = this.view.workloads;
    const readyPods = Math.min(sample.readyTasks, ready[workload]!);
    return replicasFor({
      currentReplicas,
      usedTicks: sample.usedTicks,
      requestedTicks: sample.requestedTicks,
      readyPods,
      missingPods: 0,
      unreadyPods: pending[workload]! + bound[workload]! - readyPods,
      targetPercent: Math.round(percentOf(targetUtilization)),
    });
  }

  /** Notes the number and answers the highest of the window. */
  private stabilized(index: number, replicas: number, nowUs: number): number {
    const cutoffUs = nowUs - STABILIZATION_US;
    const kept = this.recommendations[index]!.filter(({ atUs }) => atUs >= cutoffUs);
    kept.push({ atUs: nowUs, replicas });
    this.recommendations[index] = kept;
    return kept.reduce((most, one) => Math.max(most, one.replicas), 0);
  }
}
