/** Chooses by a list of placement policies over every host: ECS strategies, batch, and any policy of a user. */

import { ScanPlacer } from '../placement/scan-placer.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { HostChoice } from './queue-scheduler.ts';
import type { PlacementRequest, ScorePolicy } from '../placement/policy.ts';

/** A source of draws that can be saved: a named stream. */
export interface SavedDraws {
  next(): number;
  save(): unknown;
  restore(state: unknown): void;
}

export class PolicyChoice implements HostChoice {
  private readonly view: ClusterView;
  private readonly placer: ScanPlacer;
  private readonly draws: SavedDraws | undefined;

  /** With `draws`, ties are drawn among equals; without, the lowest row wins. */
  constructor(view: ClusterView, policies: readonly ScorePolicy[], draws: SavedDraws | undefined) {
    this.view = view;
    this.draws = draws;
    this.placer = new ScanPlacer(
      view,
      policies,
      draws === undefined ? undefined : () => draws.next(),
    );
  }

  choose(request: PlacementRequest, hosts: readonly number[]): number {
    return this.placer.place(request, hosts, this.view.hosts);
  }

  save(): unknown {
    return this.draws?.save() ?? null;
  }

  restore(state: unknown): void {
    this.draws?.restore(state);
  }
}
