/**
 * Filter and score every host: the plain placer that any list of policies runs on.
 *
 * Choice     highest score of the first policy, then of the second among equals, and so on.
 * Ties       by the tie rule.
 * Cost       O(hosts x policies), no allocation.
 */

import { NO_HOST } from './policy.ts';
import { RESERVOIR_HOSTS_MAX, drawOneOf, tiePlace } from './tie-rule.ts';
import { isFeasible } from './feasible.ts';
import type { ClusterView, FreeView } from '../cluster/cluster.ts';
import type { Draw, TieRule } from './tie-rule.ts';
import type { PlacementRequest, ScorePolicy } from './policy.ts';

export class ScanPlacer {
  private readonly view: ClusterView;
  private readonly policies: readonly ScorePolicy[];
  private readonly ties: TieRule;
  /** Scores of the best host so far. */
  private readonly best: number[] = [];
  private readonly feasible: number[] = [];

  constructor(view: ClusterView, policies: readonly ScorePolicy[], ties: TieRule) {
    this.view = view;
    this.policies = policies;
    this.ties = ties;
  }

  /** The best of `hosts`, given in row order, for the request by the columns of `free`, or NO_HOST. */
  place(request: PlacementRequest, hosts: readonly number[], free: FreeView): number {
    const { ties } = this;
    if (ties.kind === 'random') return this.placeDrawn(request, hosts, free, ties.draw);
    if (ties.kind === 'preorder') return this.placeInPreorder(request, hosts, free);
    let chosen = NO_HOST;
    for (const host of hosts) {
      if (!isFeasible(this.view, free, request, host)) continue;
      const order = chosen === NO_HOST ? 1 : this.compare(host, request);
      if (order < 0 || (order === 0 && tiePlace(ties, host) > tiePlace(ties, chosen))) continue;
      if (order > 0) this.remember(host, request);
      chosen = host;
    }
    if (ties.kind === 'rotating' && chosen !== NO_HOST) ties.after = chosen;
    return chosen;
  }

  private placeDrawn(
    request: PlacementRequest,
    hosts: readonly number[],
    free: FreeView,
    draw: Draw,
  ): number {
    const isSmall = hosts.length <= RESERVOIR_HOSTS_MAX;
    let chosen = NO_HOST;
    let equals = 0;
    for (const host of hosts) {
      if (!isFeasible(this.view, free, request, host)) continue;
      const order = chosen === NO_HOST ? 1 : this.compare(host, request);
      if (order > 0) {
        this.remember(host, request);
        chosen = host;
        equals = 1;
      } else if (order === 0 && isSmall && draw() * ++equals < 1) {
        chosen = host;
      }
    }
    if (isSmall || chosen === NO_HOST) return chosen;
    const judge = {
      isBest: (host: number): boolean =>
        isFeasible(this.view, free, request, host) && this.compare(host, request) === 0,
    };
    return drawOneOf(hosts, judge, draw);
  }

  private placeInPreorder(
    request: PlacementRequest,
    hosts: readonly number[],
    free: FreeView,
  ): number {
    const { feasible } = this;
    feasible.length = 0;
    for (const host of hosts) {
      if (isFeasible(this.view, free, request, host)) feasible.push(host);
    }
    let chosen = NO_HOST;
    const walk = [0];
    while (walk.length > 0) {
      const at = walk.pop()!;
      const host = feasible[at];
      if (host === undefined) continue;
      if (chosen === NO_HOST || this.compare(host, request) > 0) {
        this.remember(host, request);
        chosen = host;
      }
      walk.push(2 * at + 2, 2 * at + 1);
    }
    return chosen;
  }

  /** Sign of (host - best so far). */
  private compare(host: number, request: PlacementRequest): number {
    for (let i = 0; i < this.policies.length; i++) {
      const difference = this.policies[i]!.score(host, request, this.view) - this.best[i]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  private remember(host: number, request: PlacementRequest): void {
    for (let i = 0; i < this.policies.length; i++) {
      this.best[i] = this.policies[i]!.score(host, request, this.view);
    }
  }
}
