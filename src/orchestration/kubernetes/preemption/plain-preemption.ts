/**
 * DefaultPreemption (kubernetes.md 1.10) on the columns of the cluster. What stands against a node besides room is asked of the
 * framework's plugins, where there is something to ask.
 *
 *   candidates   nodes that the pod may use, whose whole size would do and against which nothing stands that no eviction lifts, in
 *                the order of the list; enough when there are max(10 %, 100) of them
 *   victims      all pods of lower priority go; then each comes back, those whose eviction breaks a budget first and the most
 *                important first, unless the node no longer does
 *   choice       framework/preemption-choice.ts, then the first of the list
 *
 * Departs     no offset into the list (section 9: 0).
 */

import { MILLI_PER_GPU } from '../../../base/units.ts';
import { NO_ROW, NOT_YET } from '../../../cluster/hosts.ts';
import { TASK_STATE } from '../../../cluster/tasks.ts';
import { byImportance, splitByBudgets } from '../framework/preemption-victims.ts';
import { chooseCandidates } from '../framework/preemption-choice.ts';
import { endReasons } from '../../../base/reason-code.ts';
import { whatIf } from '../../../cluster/fork.ts';
import { fits } from '../../../cluster/fit.ts';
import { isEligible } from '../../../placement/feasible.ts';
import { zoneInterleaved } from '../cycle/node-order.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { DisruptionBudgets } from '../controllers/disruption-budgets.ts';
import type { Fork } from '../../../cluster/fork.ts';
import type { Nominations } from '../queue/nominations.ts';
import type { PreemptionRules } from './preemption-rules.ts';

/** The pod keeps the nomination that it has, or evicting helps nowhere and it loses it, or room is made. */
export type PreemptionOutcome =
  | { readonly kind: 'ineligible' }
  | { readonly kind: 'no-candidate' }
  | { readonly kind: 'preempts'; readonly host: number; readonly victims: readonly number[] };

/** What preemption asks of the rest of the scheduler. */
export interface PreemptionWorld {
  readonly view: ClusterView;
  readonly nominations: Nominations;
  /** What besides labels, taints and room stands against the pod; absent when nothing can. */
  readonly rules?: PreemptionRules;
  readonly budgets?: DisruptionBudgets;
}

interface Victim {
  readonly task: number;
  readonly spec: { readonly priority: number };
  readonly startTimeUs: number;
}

const CANDIDATE_PERCENT = 10;
const CANDIDATES_MIN = 100;
const PREEMPTED = endReasons.codeOf('preempted');

export function preemptPlainly(
  task: number,
  hosts: readonly number[],
  world: PreemptionWorld,
): PreemptionOutcome {
  const { view, nominations } = world;
  const spec = view.tasks.spec[task]!;
  const priority = view.specs.priorityOf(spec);
  if (view.specs.podOf(spec)?.preemptionPolicy === 'Never') return { kind: 'ineligible' };
  const awaited = nominations.hostOf(task);
  if (awaited !== undefined && isWaiting(awaited, task, priority, world)) {
    return { kind: 'ineligible' };
  }
  const order = zoneInterleaved(hosts, (host) => view.hosts.zone[host]!);
  const potential = order.filter((host) => isPotential(host, task, world));
  const share = Math.trunc((potential.length * CANDIDATE_PERCENT) / 100);
  const wanted = Math.min(Math.max(share, CANDIDATES_MIN), potential.length);
  const candidates: { host: number; victims: Victim[]; violations: number }[] = [];
  let keepsBudgets = false;
  for (const host of potential) {
    if (keepsBudgets && candidates.length >= wanted) break;
    const found = victimsOn(host, task, spec, priority, world);
    if (found !== undefined) candidates.push({ host, ...found });
    keepsBudgets ||= found?.violations === 0;
  }
  const [best] = chooseCandidates(candidates);
  if (best === undefined) return { kind: 'no-candidate' };
  return { kind: 'preempts', host: best.host, victims: best.victims.map((one) => one.task) };
}

/** True while a pod that was evicted for it is still stopping on the node. */
function isWaiting(host: number, task: number, priority: number, world: PreemptionWorld): boolean {
  if (!isPotential(host, task, world)) return false;
  const { tasks } = world.view;
  return lowerOn(host, priority, world.view).some(
    ({ task: other }) => tasks.stopping[other] === 1 && tasks.reason[other] === PREEMPTED,
  );
}

/** Refused as Unschedulable, not as UnschedulableAndUnresolvable (kubernetes.md 1.14). */
function isPotential(host: number, task: number, { view, rules }: PreemptionWorld): boolean {
  const { hosts, specs, tasks } = view;
  const spec = tasks.spec[task]!;
  const couldHold =
    specs.cpuTicks[spec]! <= hosts.cpuAllocatable[host]! &&
    specs.memoryBytes[spec]! <= hosts.memoryAllocatable[host]! &&
    specs.gpuCount[spec]! * Math.min(specs.gpuMilli[spec]!, MILLI_PER_GPU) <=
      hosts.gpuCount[host]! * MILLI_PER_GPU;
  if (!couldHold || !isEligible(view, { spec, workload: tasks.workload[task]! }, host))
    return false;
  return rules?.mayHelp(host, !fits(specs, spec, hosts, host)) ?? true;
}

/** The most important first; undefined where evicting does not help, or nobody need go. */
function victimsOn(
  host: number,
  task: number,
  spec: number,
  priority: number,
  { view, nominations, rules, budgets }: PreemptionWorld,
): { victims: Victim[]; violations: number } | undefined {
  const potential = lowerOn(host, priority, view);
  if (potential.length === 0) return undefined;
  const { specs, tasks } = view;
  const awaited = nominations
    .on(host)
    .map((other) => ({ other, spec: tasks.spec[other]! }))
    .filter(
      ({ other, spec: own }) =>
        other !== task && (specs.priorityOf(own) >= priority || nominations.isHolding(other)),
    );
  const node = rules?.on(host);
  return whatIf(view, (fork: Fork) => {
    const willDo = (): boolean => fork.fits(spec, host) && (node?.keeps() ?? true);
    const remove = (one: Victim): void => {
      fork.remove(one.task);
      node?.remove(one.task);
    };
    potential.forEach(remove);
    for (const one of awaited) fork.place(one.spec, host);
    if (!willDo()) return undefined;
    const victims: Victim[] = [];
    const { number } = tasks;
    const inOrder = (a: Victim, b: Victim): number =>
      byImportance(a, b) || number[a.task]! - number[b.task]!;
    const { breaking, keeping } = split(potential.sort(inOrder), budgets);
    const reprieve = (one: Victim): void => {
      fork.putBack(one.task);
      node?.putBack(one.task);
      if (willDo()) return;
      remove(one);
      victims.push(one);
    };
    breaking.forEach(reprieve);
    const violations = victims.length;
    keeping.forEach(reprieve);
    return victims.length === 0 ? undefined : { victims: victims.sort(inOrder), violations };
  });
}

function split(pods: readonly Victim[], budgets: DisruptionBudgets | undefined) {
  const all = budgets?.all ?? [];
  const allowed = all.map((budget) => budgets!.allowed(budget));
  return splitByBudgets(pods, allowed, ({ task }, i) => budgets!.of(task).includes(all[i]!));
}

/** Pods of lower priority on a node. */
function lowerOn(host: number, priority: number, view: ClusterView): Victim[] {
  const { hosts, tasks, specs } = view;
  const lower: Victim[] = [];
  for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
    const own = specs.priorityOf(tasks.spec[task]!);
    if (own >= priority) continue;
    const placedUs = tasks.placedUs[task]!;
    const hasStarted = tasks.state[task]! > TASK_STATE.placed && placedUs !== NOT_YET;
    lower.push({ task, spec: { priority: own }, startTimeUs: hasStarted ? placedUs : NaN });
  }
  return lower;
}
