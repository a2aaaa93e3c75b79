/**
 * How many pods one metric calls for, before limits and stabilisation (kubernetes.md 4.1). Pure functions.
 *
 *   of pods      u = mean use of the ready pods: trunc(100 x sum of use / sum of requests) percent, or trunc(sum / count)
 *                ratio = u / target;  plan = ceil(ratio x ready)
 *   of objects   ratio = value / target;  plan = ceil(ratio x ready), or ceil(ratio) from 0 replicas
 *   a pod        ratio = total / (target x replicas);  plan = ceil(total / target)
 *
 * The current number stays while the ratio is within tolerance.
 *
 * Pods without a sample (missing) and pods that are not ready are filled in where they make the step smaller:
 *   missing   ratio < 1: each uses max(100, target) % of its request, or the target; ratio > 1: nothing; = 1: left out
 *   unready   ratio > 1: nothing; else left out
 * and when the ratio turns round or comes within tolerance, or the plan goes against it, nothing changes.
 *
 * Units     any, the same for samples, requests and targets: milli-cores, bytes, thousandths of a request. Sums times 100
 *           stay below 2^53, so that integers are those of the real code; its sums saturate at 2^63 where these do not.
 */

import { groupOf } from './scaled-pod.ts';
import { isWithin } from './tolerance.ts';
import type { ScaledPod } from './scaled-pod.ts';
import type { Tolerance } from './tolerance.ts';

/** What a metric of pods is held against. */
export type PodTarget =
  | { readonly kind: 'utilization'; readonly percent: number }
  | { readonly kind: 'average'; readonly value: number };

export interface Proposal {
  readonly replicas: number;
  /** Mean over the pods that were measured, whole. */
  readonly usage: number;
  /** Whole percent of the requests; 0 for a target that is no utilisation. */
  readonly utilization: number;
}

/** Undefined: the metric cannot be had, and the round counts it as failed. */
export type MaybeProposal = Proposal | undefined;

const INT32_MAX = 2_147_483_647;

/** The pods of one metric in their groups, as the sums that matter. Pods are added one by one. */
export class PodCensus {
  readonly target: PodTarget;
  readonly ready: Sums = { count: 0, used: 0, requested: 0 };
  /** `used`: what they are taken to use while the others use little. */
  readonly missing: Sums = { count: 0, used: 0, requested: 0 };
  readonly unready: Sums = { count: 0, used: 0, requested: 0 };
  /** A request that is not stated spoils a utilisation for all, even on a pod that counts for nothing. */
  isSpoilt = false;
  private readonly isCpu: boolean;
  private readonly nowUs: number;

  constructor(target: PodTarget, isCpu: boolean, nowUs: number) {
    this.target = target;
    this.isCpu = isCpu;
    this.nowUs = nowUs;
  }

  add(pod: ScaledPod): void {
    this.isSpoilt ||= this.target.kind === 'utilization' && pod.request === undefined;
    const group = groupOf(pod, this.isCpu, this.nowUs);
    if (group === 'ignored') return;
    const sums = this[group];
    sums.count += 1;
    sums.requested += pod.request ?? 0;
    if (group === 'ready') sums.used += pod.sample!.value;
    if (group === 'missing') sums.used += fillOf(pod, this.target);
  }
}

interface Sums {
  count: number;
  used: number;
  requested: number;
}

/** For resources and metrics of pods. `current` is the number asked for now (spec.replicas). */
export function replicasForPods(
  census: PodCensus,
  current: number,
  tolerance: Tolerance,
): MaybeProposal {
  const { ready, target, isSpoilt } = census;
  const isUtilization = target.kind === 'utilization';
  if (ready.count === 0 || isSpoilt || (isUtilization && ready.requested === 0)) return undefined;
  return {
    replicas: planOf(census, current, tolerance),
    usage: Math.trunc(ready.used / ready.count),
    utilization: isUtilization ? percentOf(ready) : 0,
  };
}

function planOf(census: PodCensus, current: number, tolerance: Tolerance): number {
  const { ready, missing, unready, target } = census;
  const ratio = ratioOf(ready, target);
  const countsUnready = ratio > 1 && unready.count > 0;
  if (missing.count === 0 && !countsUnready) {
    return isWithin(tolerance, ratio) ? current : Math.ceil(ratio * ready.count);
  }
  const whole = { ...ready };
  // At exactly 1 missing pods are not filled in.
  if (ratio !== 1) addTo(whole, missing, ratio < 1 ? missing.used : 0);
  if (countsUnready) addTo(whole, unready, 0);
  const newRatio = ratioOf(whole, target);
  const turnsRound = (ratio < 1 && newRatio > 1) || (ratio > 1 && newRatio < 1);
  if (turnsRound || isWithin(tolerance, newRatio)) return current;
  const plan = Math.ceil(newRatio * whole.count);
  const contradicts = (newRatio < 1 && plan > current) || (newRatio > 1 && plan < current);
  return contradicts ? current : plan;
}

function addTo(whole: Sums, { count, requested }: Sums, used: number): void {
  whole.count += count;
  whole.requested += requested;
  whole.used += used;
}

function fillOf({ request = 0 }: ScaledPod, target: PodTarget): number {
  if (target.kind === 'average') return target.value;
  return Math.trunc((request * Math.max(100, target.percent)) / 100);
}

function ratioOf(sums: Sums, target: PodTarget): number {
  if (target.kind === 'utilization') return percentOf(sums) / target.percent;
  return Math.trunc(sums.used / sums.count) / target.value;
}

function percentOf({ used, requested }: Sums): number {
  return Math.trunc((100 * used) / requested);
}

/**
 * For a value of an object or of the world outside that all pods share. `pods`: how many there are, and how many of them
 * run and are ready; without any there is no proposal.
 */
export function replicasForValue(
  value: number,
  target: number,
  current: number,
  tolerance: Tolerance,
  pods: { readonly count: number; readonly ready: number },
): MaybeProposal {
  const ratio = value / target;
  const proposal = (replicas: number): Proposal => ({ replicas, usage: value, utilization: 0 });
  if (current === 0) return proposal(Math.ceil(ratio));
  if (isWithin(tolerance, ratio)) return proposal(current);
  if (pods.count === 0) return undefined;
  return proposal(Math.min(Math.ceil(ratio * pods.ready), INT32_MAX));
}

/** For a total that may be `target` for each pod. `replicas` are those that exist (status.replicas). */
export function replicasForTotal(
  total: number,
  target: number,
  replicas: number,
  tolerance: Tolerance,
): Proposal {
  const ratio = total / (target * replicas);
  const plan = isWithin(tolerance, ratio) ? replicas : Math.ceil(total / target);
  return {
    replicas: Math.min(plan, INT32_MAX),
    usage: Math.ceil(total / replicas),
    utilization: 0,
  };
}

/** The highest of the metrics' proposals; undefined where the round is skipped (kubernetes.md 4.1 step 3). */
export function highestProposal(
  proposals: readonly MaybeProposal[],
  current: number,
): number | undefined {
  const had = proposals.filter((proposal) => proposal !== undefined);
  if (had.length === 0) return undefined;
  const highest = had.reduce((most, { replicas }) => Math.max(most, replicas), 0);
  // With a metric missing nothing shrinks: it might have asked for more.
  return had.length < proposals.length && highest < current ? undefined : highest;
}
