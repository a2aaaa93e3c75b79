/**
 * What the autoscaler knows of the nodes of each group, and what it makes of it (kubernetes.md 5.7). Pure.
 *
 *   ready            registered and without the taints not-ready and unreachable
 *   not started      registered and not ready, in the first 15 min
 *   unready          later
 *   unregistered     an instance that has not joined; after max-node-provision-time, 15 min, long unregistered
 *
 *     upcoming  = target - ready - unready - long unregistered
 *     missing   = target - long unregistered - what the open request adds - ready, at least 0
 *     healthy   unless missing > 3 and missing > 45 % of ready + unready + not started; a group without nodes is healthy
 *               while nothing but its open request is missing
 *     cluster   healthy unless unready > 3 and > 45 % of all nodes (both may be set)
 */

import { HOST_STATE } from '../../cluster/hosts.ts';
import { US_PER_MINUTE } from '../../base/units.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

export interface Readiness {
  readonly ready: number;
  readonly notStarted: number;
  readonly unready: number;
  readonly unregistered: number;
  /** Rows of the instances. */
  readonly longUnregistered: readonly number[];
}

const STARTUP_US = 15 * US_PER_MINUTE;
/** How much may be unready: so many nodes in any case, and such a share of all. */
export interface UnreadyLimits {
  /** `--ok-total-unready-count`. */
  readonly okUnready: number;
  /** `--max-total-unready-percentage`, of 1. */
  readonly unreadyShareMax: number;
}

export const UNREADY_LIMITS: UnreadyLimits = { okUnready: 3, unreadyShareMax: 0.45 };
const NOT_READY_TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** Of a registered host. */
export function isReadyHost({ hosts, specs }: ClusterView, host: number): boolean {
  const { taints } = specs.kindAt(hosts.kind[host]!);
  return !taints.some(({ key }) => NOT_READY_TAINTS.includes(key));
}

/** A registered host that has just joined and has not become ready. */
export function isNotStarted(view: ClusterView, host: number, nowUs: number): boolean {
  return !isReadyHost(view, host) && view.hosts.readyUs[host]! + STARTUP_US > nowUs;
}

/** Of the hosts that a group counts as its own. */
export function readinessOf(
  view: ClusterView,
  rows: readonly number[],
  provisionUs: number,
  nowUs: number,
): Readiness {
  const { state, requestedUs } = view.hosts;
  let ready = 0;
  let notStarted = 0;
  let unready = 0;
  let unregistered = 0;
  const longUnregistered: number[] = [];
  for (const host of rows) {
    if (state[host] === HOST_STATE.ready) {
      if (isReadyHost(view, host)) ready++;
      else if (isNotStarted(view, host, nowUs)) notStarted++;
      else unready++;
    } else if (requestedUs[host]! + provisionUs < nowUs) longUnregistered.push(host);
    else unregistered++;
  }
  return { ready, notStarted, unready, unregistered, longUnregistered };
}

/** Nodes that a group should have and that have neither come nor failed. */
export function upcomingOf(target: number, readiness: Readiness): number {
  const { ready, unready, longUnregistered } = readiness;
  return target - ready - unready - longUnregistered.length;
}

/** `increase`: what the group's open request adds; 0 without one. */
export function isGroupHealthy(
  target: number,
  increase: number,
  readiness: Readiness,
  limits = UNREADY_LIMITS,
): boolean {
  const { ready, notStarted, unready, unregistered, longUnregistered } = readiness;
  const least = target - longUnregistered.length - increase;
  const known = ready + notStarted + unready;
  if (known + unregistered + longUnregistered.length === 0) return target === 0 || least === 0;
  return !isTooMuch(Math.max(0, least - ready), known, limits);
}

export function isClusterHealthy(unready: number, nodes: number, limits = UNREADY_LIMITS): boolean {
  return !isTooMuch(unready, nodes, limits);
}

function isTooMuch(missing: number, nodes: number, limits: UnreadyLimits): boolean {
  return missing > limits.okUnready && missing > limits.unreadyShareMax * nodes;
}
