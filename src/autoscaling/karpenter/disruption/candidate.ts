/**
 * Nodes that could go, and what it would cost to let them go.
 *
 * Candidate    a ready node of a NodePool that consolidates, not leaving already, not nominated, and quiet: no pod was
 *              bound or released for consolidateAfter since it became ready.
 * Eviction     cost of a pod = clamp(1 + deletion cost / 2^27 + priority / 2^25, -10, 10).
 * Disruption   cost of a node = 1 + sum of max(0, eviction cost) over the pods that must move; empty when it is 1.
 * Order        price / disruption cost, descending; ties by row. Unknown prices count as 0.
 * Left out     do-not-disrupt, disruption budgets of workloads (PDB); pod events are not merged within 10 s.
 * Source       aws.md 1.17, 1.18, 1.19, 10.1 (3) (4).
 */

import { NO_ROW, HOST_STATE } from '../../../cluster/hosts.ts';
import { WORKLOAD_KINDS } from '../../../cluster/workloads.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { NodePoolConfig } from '../config.ts';
import type { Provisioner } from '../provisioner.ts';

export interface Candidate {
  readonly host: number;
  readonly config: NodePoolConfig;
  /** Tasks that would have to move. */
  readonly pods: readonly number[];
  readonly priceNanoUsdPerHour: number;
  readonly disruptionCost: number;
}

/** What a pass of the disruption loop looks at besides the view. */
export interface Surroundings {
  readonly nowUs: number;
  /** Hosts that are marked for deletion. */
  readonly leaving: ReadonlySet<number>;
  isNominated(host: number): boolean;
}

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

/** Every candidate, the best first. */
export function candidatesOf(provisioner: Provisioner, around: Surroundings): Candidate[] {
  const candidates: Candidate[] = [];
  for (const host of provisioner.hostsUpTo(HOST_STATE.ready)) {
    const config = provisioner.configOf(host);
    if (config === undefined || !provisioner.isReady(host)) continue;
    if (around.leaving.has(host) || around.isNominated(host)) continue;
    if (!isQuiet(provisioner.view, host, config, around.nowUs)) continue;
    candidates.push(candidateOf(provisioner.view, host, config));
  }
  return candidates.sort(
    (a, b) =>
      b.priceNanoUsdPerHour / b.disruptionCost - a.priceNanoUsdPerHour / a.disruptionCost ||
      a.host - b.host,
  );
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

export function isEmpty({ disruptionCost }: Candidate): boolean {
  return disruptionCost <= 1;
}

function candidateOf(view: ClusterView, host: number, config: NodePoolConfig): Candidate {
  const pods = podsOn(view, host);
  const price = view.hosts.priceNanoUsdPerHour[host]!;
  let disruptionCost = 1;
  for (const task of pods) {
    const { priority } = view.specs.at(view.tasks.spec[task]!);
    disruptionCost += Math.max(0, evictionCost(priority));
  }
  return {
    host,
    config,
    pods,
    priceNanoUsdPerHour: Number.isFinite(price) ? price : 0,
    disruptionCost,
  };
}
