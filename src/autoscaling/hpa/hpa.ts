/**
 * HorizontalPodAutoscaler (kubernetes.md 4.1). Every 15 s, for each target:
 *
 *   1. a workload at 0 replicas is left alone; one outside [minimum, maximum] is brought back, and that is all;
 *   2. every metric proposes a number and the highest counts (`replica-calculator.ts`); without one the round is skipped;
 *   3. limits and earlier recommendations decide what becomes of it (`scaling-history.ts`).
 *
 * Metrics    resources: readings of metrics-server, every 15 s at a phase of their own, so up to 15 s old.
 *            pods, object, external: requests a second of the target, or messages in its queue, in thousandths, read when
 *            asked. A pods metric is each ready pod's share of the requests. Other names belong to no adapter: such a metric
 *            fails every round.
 * Phases     pending, placed and pulling tasks are Pending. The Ready condition begins as False with the pod.
 * Departs    the five workers' queue: all targets are synced in one instant. A task has one container, so a container
 *            metric is that of its pod. Memory is known where a workload states what it uses: elsewhere, as for all other
 *            resources, its metric fails every round.
 */

import { LiveTasks } from '../../orchestration/live-tasks.ts';
import { PodCensus, highestProposal } from './replica-calculator.ts';
import { PodSamples, SCRAPE_PERIOD_US } from '../../telemetry/pod-samples.ts';
import { ScalingHistory } from './scaling-history.ts';
import { TASK_STATE } from '../../cluster/tasks.ts';
import { TICKS_PER_MILLI, US_PER_SECOND } from '../../base/units.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import { replicasForPods, replicasForTotal, replicasForValue } from './replica-calculator.ts';
import { toleranceOf } from './tolerance.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { HorizontalAutoscalerSpec, MetricSpec } from '../../cluster/controller-specs.ts';
import type { MaybeProposal, PodTarget } from './replica-calculator.ts';
import type { PodSamplesState } from '../../telemetry/pod-samples.ts';
import type { ScaledPod } from './scaled-pod.ts';
import type { ScalingHistoryState } from './scaling-history.ts';
import type { Tolerance } from './tolerance.ts';
import type { UsageProbe } from '../../telemetry/usage-probe.ts';

type ScalingSpec = Pick<
  HorizontalAutoscalerSpec,
  'minReplicas' | 'maxReplicas' | 'metrics' | 'behavior'
>;

export interface HpaTarget extends ScalingSpec {
  readonly workload: number;
}

/** First instants of the two loops, each in [0, 15 s). */
export interface HpaPhases {
  readonly syncUs: number;
  readonly scrapeUs: number;
}

export interface HpaState {
  readonly nextSyncUs: number;
  readonly nextScrapeUs: number;
  readonly samples: PodSamplesState;
  readonly histories: readonly ScalingHistoryState[];
}

/** What is read of a pod. */
type Measure = 'cpu' | 'memory' | 'requests';

const HPA_PERIOD_US = 15 * US_PER_SECOND;
const SERVICE = WORKLOAD_KINDS.indexOf('service');
const MILLI = 1000;

/** Name of the metric that counts the messages of the target's queue. */
export const QUEUE_METRIC = 'queue-length';

/** Name of the metric that counts requests a second. */
export const REQUESTS_METRIC = 'requests-per-second';

export class HorizontalPodAutoscaler implements Controller {
  readonly actor = 'hpa';
  readonly phase = 'autoscaling';
  readonly wakesOn = 0;
  readonly background = true;
  private readonly view: ClusterView;
  private readonly probe: UsageProbe;
  private readonly targets: readonly HpaTarget[];
  private readonly live: LiveTasks;
  private readonly samples: PodSamples;
  private readonly histories: readonly ScalingHistory[];
  private nextSyncUs: number;
  private nextScrapeUs: number;

  constructor(
    view: ClusterView,
    probe: UsageProbe,
    targets: readonly HpaTarget[],
    phases: HpaPhases,
  ) {
    this.view = view;
    this.probe = probe;
    this.targets = targets;
    this.live = new LiveTasks(view, SERVICE);
    this.samples = new PodSamples(view, probe);
    this.histories = targets.map(() => new ScalingHistory());
    this.nextSyncUs = phases.syncUs;
    this.nextScrapeUs = phases.scrapeUs;
  }

  get wakeAtUs(): number {
    return Math.min(this.nextScrapeUs, this.nextSyncUs);
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.live.advance();
    if (nowUs === this.nextScrapeUs) {
      this.samples.scrape(this.podsOfAll(), nowUs);
      this.nextScrapeUs += SCRAPE_PERIOD_US;
    }
    if (nowUs === this.nextSyncUs) {
      for (const [index, target] of this.targets.entries()) this.sync(index, target, nowUs, out);
      this.nextSyncUs += HPA_PERIOD_US;
    }
  }

  save(): HpaState {
    return {
      nextSyncUs: this.nextSyncUs,
      nextScrapeUs: this.nextScrapeUs,
      samples: this.samples.save(),
      histories: this.histories.map((history) => history.save()),
    };
  }

  restore(state: HpaState): void {
    this.nextSyncUs = state.nextSyncUs;
    this.nextScrapeUs = state.nextScrapeUs;
    this.samples.restore(state.samples);
    for (const [i, history] of this.histories.entries()) history.restore(state.histories[i]!);
    this.live.rebuild();
  }

  private *podsOfAll(): Iterable<number> {
    for (const { workload } of this.targets) yield* this.live.of(workload);
  }

  private sync(index: number, target: HpaTarget, nowUs: number, out: ActionBuffer): void {
    const { workload, minReplicas, maxReplicas, behavior } = target;
    const current = this.view.workloads.desired[workload]!;
    const history = this.histories[index]!;
    history.begin(current, nowUs);
    if (current === 0) return;
    let desired = Math.max(minReplicas, Math.min(current, maxReplicas));
    if (desired === current) {
      const proposed = this.proposed(target, current, nowUs);
      if (proposed === undefined) return;
      const bounds = { minimum: minReplicas, maximum: maxReplicas };
      desired = history.normalize(proposed, current, bounds, behavior, nowUs);
    }
    if (desired === current) return;
    out.push({ kind: 'set-desired', workload, desired });
    history.scaled(current, desired, behavior, nowUs);
  }

  private proposed(target: HpaTarget, current: number, nowUs: number): number | undefined {
    const tolerance = toleranceOf(target.behavior);
    const proposals = target.metrics.map((metric) =>
      this.proposalOf(target.workload, metric, current, tolerance, nowUs),
    );
    return highestProposal(proposals, current);
  }

  private proposalOf(
    workload: number,
    metric: MetricSpec,
    current: number,
    tolerance: Tolerance,
    nowUs: number,
  ): MaybeProposal {
    const { target } = metric;
    if (metric.kind === 'resource') {
      const { resource } = metric;
      if (resource !== 'cpu' && resource !== 'memory') return undefined;
      // Targets of amounts come in thousandths, readings of memory in bytes.
      const scale = resource === 'cpu' ? 1 : MILLI;
      return this.ofPods(workload, podTarget(target, scale), resource, current, tolerance, nowUs);
    }
    const { name } = metric.metric;
    if (name !== REQUESTS_METRIC && name !== QUEUE_METRIC) return undefined;
    if (metric.kind === 'pods') {
      if (name === QUEUE_METRIC) return undefined;
      return this.ofPods(workload, podTarget(target, 1), 'requests', current, tolerance, nowUs);
    }
    const { pending, bound, ready } = this.view.workloads;
    const count = pending[workload]! + bound[workload]!;
    const measured =
      name === QUEUE_METRIC
        ? this.probe.queueLength(workload, nowUs)
        : this.probe.requestsPerSecond(workload, nowUs);
    const value = Math.ceil(measured * MILLI);
    if (target.kind === 'value') {
      const pods = { count, ready: ready[workload]! };
      return replicasForValue(value, target.milliValue, current, tolerance, pods);
    }
    return target.kind === 'average-value'
      ? replicasForTotal(value, target.milliAverage, count, tolerance)
      : undefined;
  }

  private ofPods(
    workload: number,
    target: PodTarget | undefined,
    measure: Measure,
    current: number,
    tolerance: Tolerance,
    nowUs: number,
  ): MaybeProposal {
    if (target === undefined) return undefined;
    const census = new PodCensus(target, measure === 'cpu', nowUs);
    const share = this.requestsOfOne(workload, nowUs);
    for (const task of this.live.of(workload)) census.add(this.podOf(task, measure, share, nowUs));
    return replicasForPods(census, current, tolerance);
  }

  /** Thousandths of a request a second that each ready pod gets. */
  private requestsOfOne(workload: number, nowUs: number): number {
    const ready = Math.max(1, this.view.workloads.ready[workload]!);
    return Math.ceil((this.probe.requestsPerSecond(workload, nowUs) * MILLI) / ready);
  }

  private podOf(task: number, measure: Measure, share: number, nowUs: number): ScaledPod {
    const { tasks, specs } = this.view;
    const isRunning = tasks.state[task] === TASK_STATE.running;
    const isReady = tasks.isReady[task] === 1;
    const spec = tasks.spec[task]!;
    const sample =
      measure === 'requests'
        ? { value: isReady ? share : 0, atUs: nowUs, windowUs: 0 }
        : this.sampleOf(task, measure);
    return {
      phase: isRunning ? 'Running' : 'Pending',
      isTerminating: tasks.stopping[task] === 1,
      startTimeUs: isRunning ? tasks.placedUs[task]! : NaN,
      ready: {
        status: isReady ? 'True' : 'False',
        sinceUs: isReady ? tasks.readyUs[task]! : tasks.placedUs[task]!,
      },
      request:
        measure === 'memory'
          ? specs.memoryBytes[spec]
          : Math.ceil(specs.cpuTicks[spec]! / TICKS_PER_MILLI),
      ...(sample === undefined ? {} : { sample }),
    };
  }

  private sampleOf(task: number, resource: 'cpu' | 'memory'): ScaledPod['sample'] {
    const sample = this.samples.of(task);
    if (sample === undefined) return undefined;
    const { cpuMilli, memoryBytes, atUs, windowUs } = sample;
    const value = resource === 'cpu' ? cpuMilli : memoryBytes;
    return value === undefined ? undefined : { value, atUs, windowUs };
  }
}

/** `scale`: thousandths to a unit of the readings. */
function podTarget(target: MetricSpec['target'], scale: number): PodTarget | undefined {
  switch (target.kind) {
    case 'utilization':
      return { kind: 'utilization', percent: target.percent };
    case 'average-value':
      return { kind: 'average', value: target.milliAverage / scale };
    case 'value':
      return undefined;
  }
}
