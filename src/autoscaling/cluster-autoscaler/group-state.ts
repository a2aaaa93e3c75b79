/**
 * The autoscaler's book on its groups: what each should have, what it got, what was asked of it and failed.
 *
 * Target     the group's desired size, with what this loop has changed already.
 * Begin      what a group lacks when the autoscaler first looks counts as asked for by it: a run starts with its groups
 *            half full, where the real one would see upcoming nodes only for requests of its own.
 * Refused    a launch that failed since the group's size was last changed marks all its placeholders, that is what it should
 *            have and has no instance for: the request shrinks, the group is backed off, its target falls to its instances.
 * Overdue    the group is backed off; its placeholders are given up, its instances that never joined are terminated, both
 *            down to the minimum at most.
 * Departs    the group is asked in every loop, not once a minute. No size is fixed otherwise: on AWS placeholders count as
 *            instances, so that registered and unregistered nodes always add up to the target.
 * Source     kubernetes.md 5.2 steps 6 to 10, 5.7, 5.9.
 */

import { PoolHosts } from '../asg/pool-hosts.ts';
import { ScaleUpRequests } from './scale-up-requests.ts';
import { isFailedLaunch } from '../../cluster/launch-failure.ts';
import { isClusterHealthy, isGroupHealthy, readinessOf, upcomingOf } from './cluster-state.ts';
import type { PoolHostsState } from '../asg/pool-hosts.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { GroupBackOff } from './scale-up-requests.ts';
import type { Readiness, UnreadyLimits } from './cluster-state.ts';

export interface GroupOptions {
  /** max-node-provision-time. */
  readonly provisionUs: number;
  readonly groupBackOff: GroupBackOff;
  readonly unready: UnreadyLimits;
}

export interface GroupStateState {
  readonly isBegun: boolean;
  readonly hosts: PoolHostsState;
  readonly requests: ReturnType<ScaleUpRequests['save']>;
  readonly refused: readonly number[];
  readonly resizedUs: readonly (readonly [pool: number, atUs: number])[];
}

export class GroupState {
  private readonly view: ClusterView;
  private readonly pools: readonly number[];
  private readonly hosts: PoolHosts;
  private readonly requests: ScaleUpRequests;
  private readonly options: GroupOptions;
  private readonly provisionUs: number;
  private isBegun = false;
  /** Pools of which a launch failed since the last loop. */
  private refused = new Set<number>();
  private resizedUs = new Map<number, number>();
  private targets = new Map<number, number>();
  private nowUs = 0;

  constructor(view: ClusterView, pools: readonly number[], options: GroupOptions) {
    this.view = view;
    this.pools = pools;
    this.options = options;
    this.provisionUs = options.provisionUs;
    this.hosts = new PoolHosts(view);
    this.requests = new ScaleUpRequests(options.provisionUs, options.groupBackOff);
  }

  /** Follows the journal. */
  advance(): void {
    const { hosts } = this.view;
    this.hosts.advance((host) => {
      const isRefusal = isFailedLaunch(this.view, host);
      const pool = hosts.pool[host]!;
      if (isRefusal && hosts.requestedUs[host]! >= (this.resizedUs.get(pool) ?? 0)) {
        this.refused.add(pool);
      }
    });
  }

  hostsOf(pool: number): readonly number[] {
    return this.hosts.of(pool);
  }

  targetOf(pool: number): number {
    return this.targets.get(pool) ?? this.view.pools.desired[pool]!;
  }

  /** Begins a loop: closes requests, backs groups off, gives up what does not come. */
  begin(nowUs: number, out: ActionBuffer): void {
    this.nowUs = nowUs;
    this.targets = new Map();
    if (!this.isBegun) this.takeOver();
    for (const pool of this.refused) this.giveUpRefused(pool, out);
    this.refused.clear();
    for (const pool of this.requests.update(nowUs, (one) => this.missingOf(one))) {
      this.resize(pool, this.hosts.of(pool).length, out);
    }
    for (const pool of this.pools) this.removeLongUnregistered(pool, out);
  }

  /** Nodes that a group is to get: none without an open request, or while it is backed off. */
  upcomingOf(pool: number): number {
    const { requests, nowUs } = this;
    if (requests.increaseOf(pool) === 0 || requests.isBackedOff(pool, nowUs)) return 0;
    return Math.max(0, this.missingOf(pool));
  }

  /** May the group grow? */
  isSafe(pool: number): boolean {
    const { requests, nowUs } = this;
    if (requests.isBackedOff(pool, nowUs)) return false;
    const { unready } = this.options;
    const increase = requests.increaseOf(pool);
    return isGroupHealthy(this.targetOf(pool), increase, this.readinessOf(pool), unready);
  }

  /** Of all nodes of the cluster that are in groups. */
  isClusterHealthy(): boolean {
    const all = this.pools.map((pool) => this.readinessOf(pool));
    const sum = (count: (one: Readiness) => number): number =>
      all.reduce((total, one) => total + count(one), 0);
    const nodes = sum(({ ready, notStarted, unready }) => ready + notStarted + unready);
    return isClusterHealthy(
      sum(({ unready }) => unready),
      nodes,
      this.options.unready,
    );
  }

  grow(pool: number, by: number, out: ActionBuffer): void {
    this.resize(pool, this.targetOf(pool) + by, out);
    this.requests.register(pool, by, this.nowUs);
  }

  /** An instance was deleted: the group wants one less. */
  shrink(pool: number, out: ActionBuffer): void {
    const desired = Math.max(this.targetOf(pool) - 1, this.view.pools.minimum[pool]!);
    this.targets.set(pool, desired);
    out.push({ kind: 'set-pool-desired', pool, desired });
  }

  save(): GroupStateState {
    return {
      isBegun: this.isBegun,
      hosts: this.hosts.save(),
      requests: this.requests.save(),
      refused: [...this.refused],
      resizedUs: [...this.resizedUs],
    };
  }

  restore(state: GroupStateState): void {
    this.isBegun = state.isBegun;
    this.requests.restore(state.requests);
    this.refused = new Set(state.refused);
    this.resizedUs = new Map(state.resizedUs);
    this.hosts.restore(state.hosts);
  }

  private takeOver(): void {
    this.isBegun = true;
    for (const pool of this.pools) {
      const missing = this.missingOf(pool);
      if (missing > 0) this.requests.register(pool, missing, this.nowUs);
    }
  }

  private giveUpRefused(pool: number, out: ActionBuffer): void {
    const instances = this.hosts.of(pool).length;
    const placeholders = this.targetOf(pool) - instances;
    if (placeholders <= 0 || this.upcomingOf(pool) === 0) return;
    this.requests.failed(pool, placeholders, this.nowUs);
    this.resize(pool, instances, out);
  }

  private removeLongUnregistered(pool: number, out: ActionBuffer): void {
    const { longUnregistered } = this.readinessOf(pool);
    const spare = this.targetOf(pool) - this.view.pools.minimum[pool]!;
    const removed = longUnregistered.slice(0, Math.max(0, spare));
    if (removed.length === 0) return;
    for (const host of removed) out.push({ kind: 'terminate', host, reason: 'launch-failed' });
    this.resize(pool, this.targetOf(pool) - removed.length, out);
  }

  private resize(pool: number, size: number, out: ActionBuffer): void {
    const desired = Math.max(size, this.view.pools.minimum[pool]!);
    if (desired === this.targetOf(pool)) return;
    this.targets.set(pool, desired);
    this.resizedUs.set(pool, this.nowUs);
    out.push({ kind: 'set-pool-desired', pool, desired });
  }

  private missingOf(pool: number): number {
    return upcomingOf(this.targetOf(pool), this.readinessOf(pool));
  }

  private readinessOf(pool: number): Readiness {
    return readinessOf(this.view, this.hosts.of(pool), this.provisionUs, this.nowUs);
  }
}
