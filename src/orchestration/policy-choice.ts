/**
 * Chooses by a list of placement policies over every host: ECS strategies, batch, and any policy of a user.
 *
 * Many hosts, and policies that declare what they read: by an index of the pool or the cluster. Else by a scan. The host
 * chosen is the same, so the number at which the index takes over is a matter of speed alone.
 */

import { IndexPlacer, isIndexable } from '../placement/index-placer.ts';
import { ScanPlacer } from '../placement/scan-placer.ts';
import { FIRST } from '../placement/tie-rule.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { HostChoice } from './queue-scheduler.ts';
import type { PlacementRequest, ScorePolicy } from '../placement/policy.ts';
import type { TieRule } from '../placement/tie-rule.ts';

/** A source of draws that can be saved: a named stream. */
export interface SavedDraws {
  next(): number;
  save(): unknown;
  restore(state: unknown): void;
}

/** So few hosts are scanned as fast. */
const SCANNED_HOSTS_MAX = 64;

export class PolicyChoice implements HostChoice {
  private readonly view: ClusterView;
  private readonly policies: readonly ScorePolicy[];
  private readonly draws: SavedDraws | undefined;
  private readonly ties: TieRule;
  private readonly scan: ScanPlacer;
  private readonly isIndexable: boolean;
  /** By cluster, then by pool, the whole cluster at NO_ROW. Made again from the columns after a restore. */
  private readonly indexes = new Map<number, Map<number, IndexPlacer>>();

  /** With `draws`, ties are drawn among equals; without, the lowest row wins. */
  constructor(view: ClusterView, policies: readonly ScorePolicy[], draws: SavedDraws | undefined) {
    this.view = view;
    this.policies = policies;
    this.draws = draws;
    this.ties = draws === undefined ? FIRST : { kind: 'random', draw: () => draws.next() };
    this.scan = new ScanPlacer(view, policies, this.ties);
    this.isIndexable = isIndexable(policies, this.ties);
  }

  choose(request: PlacementRequest, hosts: readonly number[], pool?: number): number {
    if (pool === undefined || hosts.length <= SCANNED_HOSTS_MAX || !this.isIndexable) {
      return this.scan.place(request, hosts, this.view.hosts);
    }
    return this.indexOf(this.view.workloads.cluster[request.workload]!, pool).place(request);
  }

  save(): unknown {
    return this.draws?.save() ?? null;
  }

  restore(state: unknown): void {
    this.draws?.restore(state);
    this.indexes.clear();
  }

  private indexOf(cluster: number, pool: number): IndexPlacer {
    let ofCluster = this.indexes.get(cluster);
    if (ofCluster === undefined) this.indexes.set(cluster, (ofCluster = new Map()));
    let index = ofCluster.get(pool);
    if (index === undefined) {
      index = new IndexPlacer(this.view, this.policies, this.ties, { cluster, pool });
      ofCluster.set(pool, index);
    }
    return index;
  }
}
