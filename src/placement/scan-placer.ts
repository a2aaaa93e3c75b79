/**
 * Filter and score every host: the plain placer that any list of policies runs on.
 *
 * Choice     highest score of the first policy, then of the second among equals, and so on.
 * Ties       `first`: lowest row. `random`: a draw among equals, one uniform per equal after the first.
 * Cost       O(hosts x policies), no allocation.
 */

import { isFeasible } from './feasible.ts';
import { NO_HOST } from './policy.ts';
import type { ClusterView, FreeView } from '../cluster/cluster.ts';
import type { PlacementRequest, ScorePolicy } from './policy.ts';

/** The next uniform draw in [0, 1). */
export type Draw = () => number;

export class ScanPlacer {
  private readonly view: ClusterView;
  private readonly policies: readonly ScorePolicy[];
  /** Undefined for tie rule `first`. */
  private readonly tieDraw: Draw | undefined;
  private readonly best: number[] = [];

  constructor(view: ClusterView, policies: readonly ScorePolicy[], tieDraw: Draw | undefined) {
    this.view = view;
    this.policies = policies;
    this.tieDraw = tieDraw;
  }

  /** The best of `hosts` for the request by the columns of `free`, or NO_HOST. */
  place(request: PlacementRequest, hosts: readonly number[], free: FreeView): number {
    let chosen = NO_HOST;
    let equals = 0;
    for (const host of hosts) {
      if (!isFeasible(this.view, free, request, host)) continue;
      const order = chosen === NO_HOST ? 1 : this.compare(host, request);
      if (order > 0) {
        this.remember(host, request);
        chosen = host;
        equals = 1;
      } else if (order === 0 && this.tieDraw !== undefined && this.tieDraw() * ++equals < 1) {
        chosen = host;
      }
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
