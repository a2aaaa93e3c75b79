/**
 * Nodes that could go, and what it would cost to let them go.
 *
 * Candidate    a ready node of a NodePool, not leaving already, not nominated, without do-not-disrupt. Whether its pods let
 *              themselves be disrupted, whether it was quiet for consolidateAfter and whether it has drifted is told beside:
 *              each method asks for what it needs.
 * Quiet        no pod was bound or released for consolidateAfter since it became ready.
 * Eviction     cost of a pod = clamp(1 + deletion cost / 2^27 + priority / 2^25, -10, 10).
 * Disruption   cost of a node = 1 + sum of max(0, eviction cost) over the pods that must move; empty when it is 1.
 * Order        price / disruption cost, descending. Up to 1.13: sum of eviction costs of all pods x share of expireAfter that
 *              is left, ascending. Ties by row. Unknown prices count as 0.
 * Left out     pod events are not merged within 10 s; terminating pods of StatefulSets.
 * Source       aws.md 1.17, 1.18, 1.19, 10.1 (3) (4).
 */

import { NO_ROW, HOST_STATE } from '../../../cluster/hosts.ts';
import { WORKLOAD_KINDS } from '../../../cluster/workloads.ts';
import { blocksDisruption } from '../pod-protection.ts';
import { deletionCostOf } from '../../../orchestration/kubernetes/controllers/pod-ranking.ts';
import { driftedSinceUs } from './drift-time.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { KarpenterSettings } from '../settings.ts';
import type { NodePoolConfig } from '../config.ts';
import type { Provisioner } from '../provisioner.ts';

export interface Candidate {
  readonly host: number;
  readonly config: NodePoolConfig;
  /** Tasks that would have to move. */
  readonly pods: readonly number[];
  readonly priceNanoUsdPerHour: number;
  readonly disruptionCost: number;
  /** A pod of it may not be disrupted now. */
  readonly isBlocked: boolean;
  readonly isQuiet: boolean;
  /** NEVER: it has not. */
  readonly driftedUs: number;
  /** By which it is tried, ascending. */
  readonly rank: number;
}

/** What a pass of the disruption loop looks at besides the view. */
export interface Surroundings {
  readonly nowUs: number;
  readonly civilNowUs: number;
  readonly settings: KarpenterSettings;
  /** Hosts that are marked for deletion. */
  readonly leaving: ReadonlySet<number>;
  isNominated(host: number): boolean;
}

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

/** Every candidate, the best first. */
export function candidatesOf(provisioner: Provisioner, around: Surroundings): Candidate[] {
  const { view } = provisioner;
  const candidates: Candidate[] = [];
  const costs = new EvictionCosts(view);
  for (const host of provisioner.hostsUpTo(HOST_STATE.ready)) {
    const config = provisioner.configOf(host);
    if (config === undefined || config.doNotDisrupt || !provisioner.isReady(host)) continue;
    if (around.leaving.has(host) || around.isNominated(host)) continue;
    candidates.push(candidateOf(view, host, config, around, costs));
  }
  return candidates.sort((a, b) => a.rank - b.rank || a.host - b.host);
}

/** Has nothing happened on a ready host for consolidateAfter? */
export function isQuiet(
  { hosts }: ClusterView,
  host: number,
  { consolidateAfterUs }: NodePoolConfig,
  nowUs: number,
): boolean {
  const sinceUs = Math.max(hosts.lastTaskEventUs[host]!, hosts.readyUs[host]!);
  return nowUs - sinceUs >= consolidateAfterUs;
}

/** Tasks on a host that would have to go elsewhere: no daemons, nothing that is leaving anyway. In order of age. */
export function podsOn({ hosts, tasks, workloads }: ClusterView, host: number): number[] {
  const rows: number[] = [];
  for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
    const isDaemon = workloads.kind[tasks.workload[task]!] === DAEMON;
    if (!isDaemon && tasks.stopping[task] === 0) rows.push(task);
  }
  return rows.sort((a, b) => tasks.number[a]! - tasks.number[b]!);
}

export function evictionCost(priority: number, deletionCost = 0): number {
  const cost = 1 + deletionCost / 134_217_728 + priority / 33_554_432;
  return Math.min(10, Math.max(-10, cost));
}

/** 1 for a node without pods to move. */
export function disruptionCostOf(view: ClusterView, host: number): number {
  const costs = new EvictionCosts(view);
  return podsOn(view, host).reduce((sum, task) => sum + Math.max(0, costs.of(task)), 1);
}

export function isEmpty({ disruptionCost }: Pick<Candidate, 'disruptionCost'>): boolean {
  return disruptionCost <= 1;
}

/** Of tasks, worked out once for each spec. */
class EvictionCosts {
  private readonly view: ClusterView;
  private readonly bySpec = new Map<number, number>();

  constructor(view: ClusterView) {
    this.view = view;
  }

  of(task: number): number {
    const spec = this.view.tasks.spec[task]!;
    let cost = this.bySpec.get(spec);
    if (cost === undefined) {
      const { priority, pod } = this.view.specs.at(spec);
      cost = evictionCost(priority, pod === undefined ? 0 : deletionCostOf(pod.annotations));
      this.bySpec.set(spec, cost);
    }
    return cost;
  }
}

function candidateOf(
  view: ClusterView,
  host: number,
  config: NodePoolConfig,
  { nowUs, settings }: Surroundings,
  costs: EvictionCosts,
): Candidate {
  const { hosts, tasks } = view;
  const pods = podsOn(view, host);
  const price = hosts.priceNanoUsdPerHour[host]!;
  const priceNanoUsdPerHour = Number.isFinite(price) ? price : 0;
  const disruptionCost = pods.reduce((sum, task) => sum + Math.max(0, costs.of(task)), 1);
  let ofAll = 0;
  let isBlocked = false;
  for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
    ofAll += costs.of(task);
    if (tasks.stopping[task] === 1) continue;
    isBlocked ||= blocksDisruption(view, task, nowUs, settings.podBudgets);
  }
  const rank =
    settings.order === 'savings'
      ? -priceNanoUsdPerHour / disruptionCost
      : ofAll * lifetimeLeft(nowUs - hosts.requestedUs[host]!, config.expireAfterUs);
  return {
    host,
    config,
    pods,
    priceNanoUsdPerHour,
    disruptionCost,
    isBlocked,
    isQuiet: isQuiet(view, host, config, nowUs),
    driftedUs: driftedSinceUs(view, host, config, nowUs),
    rank,
  };
}

/** Share of its life that a node has before it, 0 to 1. */
export function lifetimeLeft(ageUs: number, expireAfterUs: number): number {
  if (expireAfterUs === Infinity) return 1;
  return Math.min(1, Math.max(0, (expireAfterUs - ageUs) / expireAfterUs));
}
