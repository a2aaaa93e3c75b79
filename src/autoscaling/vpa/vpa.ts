/**
 * VerticalPodAutoscaler: learns what the pods of a workload use and sets what new pods of it request
 * (kubernetes.md 4.2).
 *
 * Recommender   every minute: one sample of each running pod, then a recommendation from the history that the pods share.
 * Admission     modes other than `off`: new pods request the target, within the bounds that are stated.
 * Updater       every minute, mode `recreate`: evicts pods that should be updated (`pod-update.ts`) through the Eviction API;
 *               what a budget refuses stays. Their controller makes new ones.
 * In place      mode `in-place-or-recreate`: asks for a resize of the pod where it is (`in-place-resizes.ts`); evicts one whose node
 *               can never give that, or has not for 5 min. Pending pods wait.
 * Controls      CPU, and memory where the workload states what it uses.
 * OOM           kills for want of memory since the last loop raise the day's peak (`container-samples.ts`), after its samples;
 *               a pod whose last run they ended within 10 min is updated soon.
 * Limits        keep their ratio to the requests, where they are controlled too (`workloads.scalesLimits`).
 * Departs       a sample is read at its instant. A history is kept for the run, without checkpoints, and a recommendation is never
 *               capped by a LimitRange.
 */

import { AMOUNT_MAX, recommend } from './recommendation.ts';
import { ContainerHistory } from './container-history.ts';
import { ContainerSamples } from './container-samples.ts';
import { EvictionAllowance, meetsRequirements, updateOrder } from './pod-update.ts';
import { InPlaceResizes } from './in-place-resizes.ts';
import { LiveTasks } from '../../orchestration/live-tasks.ts';
import { TASK_STATE } from '../../cluster/tasks.ts';
import { TICKS_PER_MILLI, US_PER_MINUTE } from '../../base/units.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type {
  Budget,
  DisruptionBudgets,
} from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { ContainerAmounts, ContainerRecommendation } from './recommendation.ts';
import type { ContainerHistoryState } from './container-history.ts';
import type { ContainerSamplesState } from './container-samples.ts';
import type { Controlled, UpdatedPod } from './pod-update.ts';
import type { EvictionRequirement } from '../../cluster/controller-specs.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { InPlaceResizesState } from './in-place-resizes.ts';
import type { UsageProbe } from '../../telemetry/usage-probe.ts';

export interface VpaTarget {
  readonly workload: number;
  readonly mode: 'off' | 'initial' | 'recreate' | 'in-place-or-recreate';
  /** Fewest live pods with which one is evicted. */
  readonly minReplicas: number;
  readonly controlled: Controlled;
  readonly minAllowed: ContainerAmounts;
  readonly maxAllowed: ContainerAmounts;
  readonly evictionRequirements: readonly EvictionRequirement[];
}

/** First instants of the two loops, each in [0, 1 min). */
export interface VpaPhases {
  readonly recommenderUs: number;
  readonly updaterUs: number;
}

interface Learnt {
  readonly history: ContainerHistory;
  /** By number of the task. */
  readonly samples: Map<number, ContainerSamples>;
  /** Numbers of tasks whose last run was short and ended for want of memory. */
  readonly quickOoms: Set<number>;
  readonly resizes: InPlaceResizes;
  recommendation: ContainerRecommendation | undefined;
}

export interface VpaState {
  readonly nextRecommendUs: number;
  readonly nextUpdateUs: number;
  readonly learnt: readonly {
    readonly history: ContainerHistoryState;
    readonly samples: readonly (readonly [number: number, state: ContainerSamplesState])[];
    readonly quickOoms: readonly number[];
    readonly resizes: InPlaceResizesState;
    readonly recommendation: ContainerRecommendation | undefined;
  }[];
}

/** No bounds at all. */
export const ANY_AMOUNTS = {
  minAllowed: { cpuMilli: 0, memoryBytes: 0 },
  maxAllowed: { cpuMilli: AMOUNT_MAX, memoryBytes: AMOUNT_MAX },
};

const PERIOD_US = US_PER_MINUTE;
const QUICK_US = 10 * US_PER_MINUTE;
const SERVICE = WORKLOAD_KINDS.indexOf('service');
/** A task is one container. */
const CONTAINERS = 1;

export class VerticalPodAutoscaler implements Controller {
  readonly actor = 'vpa';
  readonly phase = 'autoscaling';
  readonly wakesOn = 0;
  readonly background = true;
  private readonly view: ClusterView;
  private readonly probe: UsageProbe;
  private readonly targets: readonly VpaTarget[];
  private readonly budgets: DisruptionBudgets;
  private readonly live: LiveTasks;
  private learnt: readonly Learnt[];
  private nextRecommendUs: number;
  private nextUpdateUs: number;

  constructor(
    view: ClusterView,
    probe: UsageProbe,
    targets: readonly VpaTarget[],
    budgets: DisruptionBudgets,
    phases: VpaPhases,
  ) {
    this.view = view;
    this.probe = probe;
    this.targets = targets;
    this.budgets = budgets;
    this.live = new LiveTasks(view, SERVICE);
    this.learnt = targets.map(nothingLearnt);
    this.nextRecommendUs = phases.recommenderUs;
    this.nextUpdateUs = phases.updaterUs;
  }

  get wakeAtUs(): number {
    return Math.min(this.nextRecommendUs, this.nextUpdateUs);
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.live.advance();
    if (nowUs === this.nextRecommendUs) {
      this.nextRecommendUs += PERIOD_US;
      for (const [index, target] of this.targets.entries()) {
        this.recommend(target, this.learnt[index]!, nowUs, out);
      }
    }
    if (nowUs === this.nextUpdateUs) {
      this.nextUpdateUs += PERIOD_US;
      const spent = new Map<Budget, number>();
      for (const [index, target] of this.targets.entries()) {
        if (target.mode === 'off' || target.mode === 'initial') continue;
        this.update(target, index, spent, nowUs, out);
      }
    }
  }

  save(): VpaState {
    return {
      nextRecommendUs: this.nextRecommendUs,
      nextUpdateUs: this.nextUpdateUs,
      learnt: this.learnt.map(({ history, samples, quickOoms, resizes, recommendation }) => ({
        history: history.save(),
        samples: [...samples].map(([number, one]) => [number, one.save()] as const),
        quickOoms: [...quickOoms],
        resizes: resizes.save(),
        recommendation,
      })),
    };
  }

  restore(state: VpaState): void {
    this.nextRecommendUs = state.nextRecommendUs;
    this.nextUpdateUs = state.nextUpdateUs;
    this.learnt = state.learnt.map(({ history, samples, quickOoms, resizes, recommendation }) => {
      const learnt = nothingLearnt();
      learnt.resizes.restore(resizes);
      learnt.history.restore(history);
      for (const [number, one] of samples) samplesOf(learnt, number).restore(one);
      for (const number of quickOoms) learnt.quickOoms.add(number);
      learnt.recommendation = recommendation;
      return learnt;
    });
    this.live.rebuild();
  }

  private recommend(target: VpaTarget, learnt: Learnt, nowUs: number, out: ActionBuffer): void {
    this.sample(target, learnt, nowUs);
    if (learnt.history.isEmpty) return;
    const { target: amounts, lower, upper } = recommend(learnt.history, CONTAINERS);
    const capped = (amount: ContainerAmounts): ContainerAmounts => within(amount, target);
    learnt.recommendation = {
      target: capped(amounts),
      lower: capped(lower),
      upper: capped(upper),
    };
    if (target.mode === 'off') return;
    const { workload, controlled } = target;
    const { cpuMilli, memoryBytes } = learnt.recommendation.target;
    out.push({
      kind: 'set-requests',
      workload,
      cpuTicks: controlled.includes('cpuMilli') ? cpuMilli * TICKS_PER_MILLI : 0,
      memoryBytes: controlled.includes('memoryBytes') ? memoryBytes : 0,
    });
  }

  private sample({ workload, controlled }: VpaTarget, learnt: Learnt, nowUs: number): void {
    const { state, number } = this.view.tasks;
    const seen = new Set<number>();
    for (const task of this.live.of(workload)) {
      seen.add(number[task]!);
      if (state[task] !== TASK_STATE.running) continue;
      const samples = samplesOf(learnt, number[task]!);
      const milli = Math.ceil(this.probe.taskTicks(task, nowUs) / TICKS_PER_MILLI);
      samples.addCpu(learnt.history, milli, nowUs);
      const bytes = this.probe.taskMemoryBytes(task, nowUs);
      if (bytes === undefined || !controlled.includes('memoryBytes')) continue;
      samples.addMemory(learnt.history, bytes, nowUs);
    }
    for (const gone of learnt.samples.keys()) if (!seen.has(gone)) learnt.samples.delete(gone);
    for (const gone of learnt.quickOoms) if (!seen.has(gone)) learnt.quickOoms.delete(gone);
    if (controlled.includes('memoryBytes')) this.sampleKills(workload, learnt, nowUs);
  }

  private sampleKills(workload: number, learnt: Learnt, nowUs: number): void {
    for (const kill of this.probe.memoryKills(workload, nowUs - PERIOD_US)) {
      const { task, atUs, ranUs, requestBytes } = kill;
      samplesOf(learnt, task).addOom(learnt.history, requestBytes, atUs);
      if (ranUs < QUICK_US) learnt.quickOoms.add(task);
      else learnt.quickOoms.delete(task);
    }
  }

  private update(
    { workload, minReplicas, controlled, evictionRequirements, mode }: VpaTarget,
    index: number,
    spent: Map<Budget, number>,
    nowUs: number,
    out: ActionBuffer,
  ): void {
    const { recommendation, quickOoms, resizes } = this.learnt[index]!;
    if (recommendation === undefined) return;
    const pods = [...this.live.of(workload)]
      .filter((task) => this.view.tasks.stopping[task] === 0)
      .map((task) => this.podOf(task, quickOoms, nowUs));
    resizes.look(pods);
    if (pods.length < minReplicas) return;
    const running = pods.filter(({ isPending }) => !isPending).length;
    const allowance = new EvictionAllowance(this.view.workloads.desired[workload]!, running);
    for (const pod of updateOrder(pods, recommendation, controlled)) {
      const { target } = recommendation;
      if (!meetsRequirements(pod.request, target, evictionRequirements)) continue;
      const way = mode === 'recreate' ? 'evict' : resizes.way(pod, this.nodeOf(pod.task), nowUs);
      if (way === 'wait' || !allowance.allows(pod)) continue;
      if (way === 'resize') {
        const wanted = wantedOf(pod.request, target, controlled);
        resizes.ask(pod, wanted, nowUs);
        const { cpuMilli, memoryBytes } = wanted;
        const cpuTicks = cpuMilli * TICKS_PER_MILLI;
        out.push({ kind: 'resize-task', task: pod.task, cpuTicks, memoryBytes });
      } else if (!this.evict(pod.task, spent, out)) continue;
      allowance.take(pod);
    }
  }

  private nodeOf(task: number): ContainerAmounts {
    const { tasks, hosts } = this.view;
    const host = tasks.host[task]!;
    return {
      cpuMilli: Math.trunc(hosts.cpuAllocatable[host]! / TICKS_PER_MILLI),
      memoryBytes: hosts.memoryAllocatable[host]!,
    };
  }

  private podOf(task: number, quickOoms: ReadonlySet<number>, nowUs: number): UpdatedPod {
    const { tasks, specs } = this.view;
    const spec = tasks.spec[task]!;
    const isPending = tasks.state[task] !== TASK_STATE.running;
    return {
      task,
      number: tasks.number[task]!,
      isPending,
      ageUs: isPending ? 0 : nowUs - tasks.placedUs[task]!,
      isQuickOom: quickOoms.has(tasks.number[task]!),
      request: {
        cpuMilli: Math.ceil(specs.cpuTicks[spec]! / TICKS_PER_MILLI),
        memoryBytes: specs.memoryBytes[spec]!,
      },
    };
  }

  /** False when a budget holds the pod. */
  private evict(task: number, spent: Map<Budget, number>, out: ActionBuffer): boolean {
    const answer = this.budgets.answer(task, spent);
    if (answer === 'not-now' || answer === 'refused') return false;
    if (answer === 'counted') {
      for (const budget of this.budgets.of(task)) spent.set(budget, (spent.get(budget) ?? 0) + 1);
    }
    out.push({ kind: 'stop-task', task, reason: 'resized' });
    return true;
  }
}

function nothingLearnt(): Learnt {
  return {
    history: new ContainerHistory(),
    samples: new Map(),
    quickOoms: new Set(),
    resizes: new InPlaceResizes(),
    recommendation: undefined,
  };
}

function samplesOf({ samples }: Learnt, number: number): ContainerSamples {
  let found = samples.get(number);
  if (found === undefined) samples.set(number, (found = new ContainerSamples()));
  return found;
}

/** What is not controlled stays as it is. */
function wantedOf(
  request: ContainerAmounts,
  target: ContainerAmounts,
  controlled: Controlled,
): ContainerAmounts {
  const of = (resource: keyof ContainerAmounts): number =>
    (controlled.includes(resource) ? target : request)[resource];
  return { cpuMilli: of('cpuMilli'), memoryBytes: of('memoryBytes') };
}

function within(
  { cpuMilli, memoryBytes }: ContainerAmounts,
  { minAllowed, maxAllowed }: VpaTarget,
): ContainerAmounts {
  const clamp = (value: number, least: number, most: number): number =>
    Math.min(Math.max(value, least), most);
  return {
    cpuMilli: clamp(cpuMilli, minAllowed.cpuMilli, maxAllowed.cpuMilli),
    memoryBytes: clamp(memoryBytes, minAllowed.memoryBytes, maxAllowed.memoryBytes),
  };
}
