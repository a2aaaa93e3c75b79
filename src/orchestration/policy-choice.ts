/**
 * Chooses by a list of placement policies over every host: ECS strategies, batch, and any policy of a user.
 *
 * Many hosts, and policies that declare what they read: by an index of the pool or the cluster. Else by a scan. The host
 * chosen is the same, so the number at which the index takes over is a matter of speed alone.
 *
 * GPUs     the first policy of the list that has a choice of devices makes it; without one the ledger's rule holds.
 */

import { IndexPlacer, isIndexable } from '../placement/index-placer.ts';
import { ScanPlacer } from '../placement/scan-placer.ts';
import { choosesDevices } from '../placement/policies/device-choice.ts';
import type { DeviceChoice } from '../placement/policies/device-choice.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { HostChoice } from './queue-scheduler.ts';
import type { PlacementRequest, ScorePolicy } from '../placement/policy.ts';
import type { TieBreak, TieRule } from '../placement/tie-rule.ts';

/** A source of draws that can be saved: a named stream. */
export interface SavedDraws {
  next(): number;
  save(): unknown;
  restore(state: unknown): void;
}

/** 32 bits of seed for a permutation. */
const SEEDS = 4_294_967_296;

/** So few hosts are scanned as fast. */
const SCANNED_HOSTS_MAX = 64;

export class PolicyChoice implements HostChoice {
  private readonly view: ClusterView;
  private readonly policies: readonly ScorePolicy[];
  private readonly devicePolicy: DeviceChoice | undefined;
  private readonly draws: SavedDraws;
  private readonly ties: TieRule;
  private readonly scan: ScanPlacer;
  private readonly isIndexable: boolean;
  /** By cluster, then by pool, the whole cluster at NO_ROW. Made again from the columns after a restore. */
  private readonly indexes = new Map<number, Map<number, IndexPlacer>>();

  /** `draws` are drawn from for the ties `random`, and once for `permuted`. */
  constructor(
    view: ClusterView,
    policies: readonly ScorePolicy[],
    tieBreak: TieBreak,
    draws: SavedDraws,
  ) {
    this.view = view;
    this.policies = policies;
    this.devicePolicy = policies.find(choosesDevices);
    this.draws = draws;
    this.ties = tieRuleOf(tieBreak, draws);
    this.scan = new ScanPlacer(view, policies, this.ties);
    this.isIndexable = isIndexable(policies, this.ties);
  }

  choose(
    request: PlacementRequest,
    hosts: readonly number[],
    pool?: number,
    isOpen?: (host: number) => boolean,
  ): number {
    if (isOpen !== undefined) {
      return this.scan.place(request, hosts.filter(isOpen), this.view.hosts);
    }
    if (pool === undefined || hosts.length <= SCANNED_HOSTS_MAX || !this.isIndexable) {
      return this.scan.place(request, hosts, this.view.hosts);
    }
    return this.indexOf(this.view.workloads.cluster[request.workload]!, pool).place(request);
  }

  devices(request: PlacementRequest, host: number): number {
    return this.devicePolicy?.devices(host, request, this.view) ?? 0;
  }

  save(): unknown {
    return this.draws.save();
  }

  restore(state: unknown): void {
    this.draws.restore(state);
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

function tieRuleOf(tieBreak: TieBreak, draws: SavedDraws): TieRule {
  switch (tieBreak) {
    case 'random':
      return { kind: 'random', draw: () => draws.next() };
    case 'permuted':
      return { kind: 'permuted', seed: Math.floor(draws.next() * SEEDS) };
    case 'first':
    case 'preorder':
      return { kind: tieBreak };
  }
}
