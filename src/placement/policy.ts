/**
 * The contract of a placement policy: score one host for one task; the highest score wins.
 *
 * A policy is pure: equal arguments give an equal score. Feasibility (room, labels, taints, pools) is judged before
 * and is not its business. Several policies in a list are successive tie-breaks, in the order given (aws.md 3.6).
 *
 * A policy may declare what its score reads. Then an index remembers scores until the journal names the host, and a
 * choice costs nearly the same among a hundred hosts and among a hundred thousand. Without a declaration every host is
 * scored every time. Either way the same host is chosen. A request that is new has no remembered scores: there a trend or a
 * bound tells which hosts need no scoring.
 */

import type { ClusterView } from '../cluster/cluster.ts';

/** The placement found nothing. */
export const NO_HOST = -1;

/** The task that asks for a host. */
export interface PlacementRequest {
  /** Row of its spec in `view.specs`. */
  spec: number;
  /** Row of its workload: spreading counts tasks of the same workload. */
  workload: number;
}

/**
 * A score that an index computes for many requests at once: the sum of a mean over CPU and memory of what would be free or in use
 * and of a balance, both as policies/kubernetes-resources.ts defines them.
 */
export interface ResourceFormula {
  readonly allocated: 'least' | 'most' | 'none';
  /** By version of kube-scheduler. */
  readonly balanced: '1.36' | '1.35' | 'none';
}

/** Where a score goes when a host has more of a resource free, all else being equal; at times level counts as either. */
export type Trend = 'rises' | 'falls' | 'level';

/** Hosts of one size with free amounts between two corners, ticks and bytes, corners included. */
export interface FreeBox {
  readonly cpuAllocatable: number;
  readonly memoryAllocatable: number;
  readonly cpuFreeMin: number;
  readonly cpuFreeMax: number;
  readonly memoryFreeMin: number;
  readonly memoryFreeMax: number;
  /** Of free CPU and free memory as shares of the allocatable: their sum, and CPU less memory. */
  readonly shareSumMin: number;
  readonly shareSumMax: number;
  readonly shareGapMin: number;
  readonly shareGapMax: number;
}

export interface ScorePolicy {
  /** As in scenario files and CSV, parameters included: `binpack[resource=cpu]`. */
  readonly name: string;
  /**
   * True when the score reads only columns of that host which a bind, a release or a change of state moves or which never
   * change, and the demand of the request's spec: no time, no other host, no workload.
   */
  readonly hostLocal?: boolean;
  /** True when a host-local score does not read the request either: an index scores a host once for all requests. */
  readonly sameForAllRequests?: boolean;
  /** Set when a host-local score is this formula for every host and request. The index may then compute it without `score`. */
  readonly formula?: ResourceFormula;
  /** Set when the score reads only how many tasks of the request's workload the host, or its zone, holds. */
  readonly countsBy?: 'instance' | 'zone';
  /** True when all hosts score the same for a request. */
  readonly constant?: boolean;
  /**
   * Set when the score reads nothing of the host but its free and allocatable CPU and memory, and goes one way with each free
   * amount. Sums, products, quotients and roundings of such terms do so in floating point too.
   */
  readonly trend?: { readonly cpuFree: Trend; readonly memoryFree: Trend };
  /** No host in the box scores more. For scores without a trend; the closer, the fewer hosts are scored. */
  readonly bound?: (box: FreeBox, request: PlacementRequest, view: ClusterView) => number;
  /** Integer; the highest wins. `host` has room for the task. */
  score(host: number, request: PlacementRequest, view: ClusterView): number;
}

/** A policy that a scenario can name. */
export interface PolicyKind {
  readonly name: string;
  /** One line for `--help` and the reference. */
  readonly summary: string;
  /** Parameters with the values they take; the first value is the default. */
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  create(parameters: Readonly<Record<string, string>>): Omit<ScorePolicy, 'name'>;
}
