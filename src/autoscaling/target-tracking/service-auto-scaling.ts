/**
 * Service Auto Scaling of ECS (Application Auto Scaling): sets the desired count of services by policies and by a schedule.
 *
 * Each minute  one datapoint a service, seen by the alarms `cloudwatch.metric-delay-s` later.
 * Policies     policy-run.ts. The largest count that any asks for; a smaller one only when all target-tracking policies that may
 *              scale in ask for it. A step policy without an alarm holds nobody back.
 * Starts from  the running count, not the desired one.
 * Bounds       whatever is triggered outside [minimum, maximum] moves to the bound first. The schedule moves the bounds.
 * Deployment   while one is under way nothing is scaled in.
 * No data      without a running task there is no datapoint; the run of datapoints begins anew and nothing happens. Messages of a
 *              queue can be counted then: at the second datapoint that finds some, the first task is started.
 *
 * Departs      running = ready tasks (a task that starts counts once it serves). Requests for each task are those of the
 *              instant, a second, where ALBRequestCountPerTarget counts a minute.
 * Source       aws.md 3.14, 2.6.
 */

import { LiveTasks } from '../../orchestration/live-tasks.ts';
import { NEVER, US_PER_MINUTE, US_PER_SECOND } from '../../base/units.ts';
import { PolicyRun } from './policy-run.ts';
import { ServiceMetric } from '../../telemetry/service-metric.ts';
import { TASK_STATE } from '../../cluster/tasks.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { AssumedParameters } from '../../cloud/assumptions.ts';
import type {
  BoundsChange,
  MeasuredPoint,
  ScaledService,
  ServiceMeasure,
} from './service-policy.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { MoreUsage, ServiceMetricState, UsageSample } from '../../telemetry/service-metric.ts';
import type { PolicyRunState } from './policy-run.ts';
import type { UsageProbe } from '../../telemetry/usage-probe.ts';

/** What ECS takes when nothing is stated. */
export const SERVICE_COOLDOWN_US = 300 * US_PER_SECOND;

const SERVICE = WORKLOAD_KINDS.indexOf('service');

/** Who knows whether a service is being deployed. */
export interface DeploymentProgress {
  isRollingOut(workload: number): boolean;
}

/** What is known of one service between two wakes. */
interface ServiceState {
  minimum: number;
  maximum: number;
  /** Scheduled changes that are done, by change. */
  done: number[];
  /** The latest datapoint found messages and no task. */
  hasDemand: boolean;
}

export interface ServiceAutoScalingState {
  readonly nextSampleUs: number;
  readonly nextEvaluationUs: number;
  readonly metrics: readonly ServiceMetricState[];
  readonly services: readonly Readonly<ServiceState>[];
  readonly policies: readonly (readonly PolicyRunState[])[];
}

export class ServiceAutoScaling implements Controller {
  readonly actor = 'service-auto-scaling';
  readonly phase = 'autoscaling';
  readonly wakesOn = 0;
  readonly background = true;
  private readonly view: ClusterView;
  private readonly probe: UsageProbe;
  private readonly services: readonly ScaledService[];
  private readonly progress: DeploymentProgress;
  private readonly metrics: readonly ServiceMetric[];
  private readonly runs: readonly (readonly PolicyRun[])[];
  /** Only where memory is measured. */
  private readonly live: LiveTasks | undefined;
  private states: ServiceState[];
  private nextSampleUs: number;
  private nextEvaluationUs: number;
  /** Of the schedules. */
  private nextChangeUs: number;

  /** `phaseUs` in [0, 1 min): end of the first metric period. */
  constructor(
    view: ClusterView,
    probe: UsageProbe,
    services: readonly ScaledService[],
    progress: DeploymentProgress,
    parameters: AssumedParameters,
    phaseUs: number,
  ) {
    const delayUs = parameters.us('cloudwatch.metric-delay-s');
    this.view = view;
    this.probe = probe;
    this.services = services;
    this.progress = progress;
    this.metrics = services.map(
      ({ workload }) => new ServiceMetric(probe, workload, US_PER_MINUTE, delayUs, phaseUs),
    );
    this.runs = services.map(({ policies }) =>
      policies.map((policy) => new PolicyRun(policy, parameters)),
    );
    const needsMemory = services.some((service) => measures(service, 'memory'));
    this.live = needsMemory ? new LiveTasks(view, SERVICE) : undefined;
    this.states = services.map(({ minimum, maximum, schedule }) => ({
      minimum,
      maximum,
      done: schedule.map(() => 0),
      hasDemand: false,
    }));
    this.nextSampleUs = phaseUs;
    this.nextEvaluationUs = phaseUs + delayUs;
    this.nextChangeUs = this.firstChangeUs();
  }

  get wakeAtUs(): number {
    return Math.min(this.nextSampleUs, this.nextEvaluationUs, this.nextChangeUs);
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.live?.advance();
    if (nowUs >= this.nextChangeUs) {
      for (let i = 0; i < this.services.length; i++) this.followSchedule(i, nowUs, out);
      this.nextChangeUs = this.firstChangeUs();
    }
    if (nowUs === this.nextSampleUs) {
      for (const [i, metric] of this.metrics.entries()) {
        metric.sample(nowUs, this.moreUsage(this.services[i]!, nowUs));
      }
      this.nextSampleUs += US_PER_MINUTE;
    }
    if (nowUs === this.nextEvaluationUs) {
      for (let i = 0; i < this.services.length; i++) this.evaluate(i, nowUs, out);
      this.nextEvaluationUs += US_PER_MINUTE;
    }
  }

  save(): ServiceAutoScalingState {
    return {
      nextSampleUs: this.nextSampleUs,
      nextEvaluationUs: this.nextEvaluationUs,
      metrics: this.metrics.map((metric) => metric.save()),
      services: this.states.map((state) => ({ ...state, done: [...state.done] })),
      policies: this.runs.map((list) => list.map((run) => run.save())),
    };
  }

  restore(state: ServiceAutoScalingState): void {
    this.nextSampleUs = state.nextSampleUs;
    this.nextEvaluationUs = state.nextEvaluationUs;
    for (const [i, metric] of this.metrics.entries()) metric.restore(state.metrics[i]!);
    this.states = state.services.map((one) => ({ ...one, done: [...one.done] }));
    for (const [i, list] of this.runs.entries()) {
      for (const [j, run] of list.entries()) run.restore(state.policies[i]![j]!);
    }
    this.nextChangeUs = this.firstChangeUs();
    this.live?.rebuild();
  }

  private evaluate(index: number, nowUs: number, out: ActionBuffer): void {
    const { workload } = this.services[index]!;
    const { minimum, maximum } = this.states[index]!;
    const runs = this.runs[index]!;
    const sample = this.metrics[index]!.latest(nowUs);
    const running = this.view.workloads.ready[workload]!;
    const desired = this.view.workloads.desired[workload]!;
    for (const run of runs) run.observe(sample && pointOf(run.policy.measure, sample));
    if (sample === undefined || running === 0) {
      this.startFromNothing(index, nowUs, out);
      return;
    }
    if (!runs.some((run) => run.isTriggered)) return;
    if (desired < minimum || desired > maximum) {
      const bound = desired < minimum ? minimum : maximum;
      out.push({ kind: 'set-desired', workload, desired: bound });
      return;
    }
    const wishes = runs.map((run) => {
      const point = pointOf(run.policy.measure, sample);
      return point && run.wish(point, running, desired, nowUs);
    });
    const known = wishes.filter((wish) => wish !== undefined);
    if (known.length === 0) return;
    const largest = known.reduce((most, wish) => Math.max(most, wish), 0);
    const next = Math.min(Math.max(largest, minimum), maximum);
    if (next === desired || (next < desired && this.progress.isRollingOut(workload))) return;
    out.push({ kind: 'set-desired', workload, desired: next });
    for (const [i, run] of runs.entries()) {
      if (wishes[i] === largest) run.done(next, running, desired, nowUs);
    }
  }

  private startFromNothing(index: number, nowUs: number, out: ActionBuffer): void {
    const service = this.services[index]!;
    const state = this.states[index]!;
    const { workload } = service;
    if (!measures(service, 'messages') || this.view.workloads.desired[workload]! > 0) return;
    const finds = this.probe.queueLength(workload, nowUs) > 0;
    if (finds && state.hasDemand) {
      const desired = Math.min(Math.max(1, state.minimum), state.maximum);
      if (desired > 0) out.push({ kind: 'set-desired', workload, desired });
    }
    state.hasDemand = finds;
  }

  private followSchedule(index: number, nowUs: number, out: ActionBuffer): void {
    const { workload, schedule } = this.services[index]!;
    const state = this.states[index]!;
    let hasChanged = false;
    for (const [j, change] of schedule.entries()) {
      if (dueUs(change, state.done[j]!) > nowUs) continue;
      state.done[j]!++;
      state.minimum = change.minimum ?? state.minimum;
      state.maximum = Math.max(change.maximum ?? state.maximum, state.minimum);
      hasChanged = true;
    }
    if (!hasChanged) return;
    const before = this.view.workloads.desired[workload]!;
    const desired = Math.min(Math.max(before, state.minimum), state.maximum);
    if (desired !== before) out.push({ kind: 'set-desired', workload, desired });
  }

  private firstChangeUs(): number {
    const due = this.services.flatMap(({ schedule }, i) =>
      schedule.map((change, j) => dueUs(change, this.states[i]!.done[j]!)),
    );
    return due.reduce((first, atUs) => Math.min(first, atUs), NEVER);
  }

  /** What is measured besides CPU, of the policies that ask for it. */
  private moreUsage(service: ScaledService, nowUs: number): MoreUsage {
    const { workload } = service;
    const { probe } = this;
    return {
      ...(measures(service, 'memory') ? this.memoryOf(workload, nowUs) : {}),
      ...(measures(service, 'requests')
        ? { requestsPerSecond: probe.requestsPerSecond(workload, nowUs) }
        : {}),
      ...(measures(service, 'messages') ? { messages: probe.queueLength(workload, nowUs) } : {}),
    };
  }

  /** Of the ready tasks; nothing where the workload does not state its use. */
  private memoryOf(workload: number, nowUs: number): MoreUsage {
    const { tasks, specs } = this.view;
    let usedBytes = 0;
    let requestedBytes = 0;
    for (const task of this.live!.of(workload)) {
      if (tasks.state[task] !== TASK_STATE.running || tasks.isReady[task] === 0) continue;
      const used = this.probe.taskMemoryBytes(task, nowUs);
      if (used === undefined) return {};
      usedBytes += used;
      requestedBytes += specs.memoryBytes[tasks.spec[task]!]!;
    }
    return { usedBytes, requestedBytes };
  }
}

function measures({ policies }: ScaledService, measure: ServiceMeasure): boolean {
  return policies.some((policy) => policy.measure === measure);
}

function dueUs({ atUs, everyUs }: BoundsChange, done: number): number {
  if (done === 0) return atUs;
  return everyUs === NEVER ? NEVER : atUs + done * everyUs;
}

function pointOf(measure: ServiceMeasure, sample: UsageSample): MeasuredPoint | undefined {
  const { usedTicks, requestedTicks, usedBytes, requestedBytes = 0, readyTasks } = sample;
  const { requestsPerSecond, messages } = sample;
  switch (measure) {
    case 'cpu':
      return { used: usedTicks, factor: 100, base: requestedTicks };
    case 'memory':
      if (usedBytes === undefined || requestedBytes === 0) return undefined;
      return { used: usedBytes, factor: 100, base: requestedBytes };
    case 'requests':
      return { used: requestsPerSecond ?? 0, factor: 1, base: readyTasks };
    case 'messages':
      return { used: messages ?? 0, factor: 1, base: readyTasks };
  }
}
