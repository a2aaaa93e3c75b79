/**
 * Which nodes the cluster could do without, and since when.
 *
 * Candidates  hosts of groups above their minimum, ready or not, that are not being deleted: empty ones first, then those unneeded in the last loop in
 *             their order, then the rest by row (the real sort leaves ties to chance).
 * Eligible    not found unremovable in the last 5 min (may be set); utilisation <= threshold.
 * Rules       a pod that may not be moved holds its node (`pod-rules.ts`), and is remembered like one without a place.
 * Test        all its pods fit on other nodes: where they went in the last loop, else first fit. Success is kept: later candidates see the pods there, and the
 *             node is no destination any more. Failure is taken back and remembered for 5 min.
 * Limit       min(nodes unneeded before + 20, 10 floor(unneeded time / scan interval) + 10).
 * Clock       runs from the loop that first found the node unneeded, and is lost in the loop that does not. A node that is
 *             not ready has to be unneeded for longer.
 * Departs     no cut after 30 s of simulation; no scale-down-disabled annotation. Nodes that are still to come are
 *             destinations, as in the snapshot of the real one.
 * Source      kubernetes.md 5.6 Candidates, Eligibility, Simulation, Unneeded clock.
 */

import { HOST_STATE, NO_ROW } from '../../cluster/hosts.ts';
import { NO_NODE } from './cluster-snapshot.ts';
import { isReadyHost } from './cluster-state.ts';
import { nodeUtilization } from './node-utilization.ts';
import { podKindOf } from './unschedulable-pods.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { MovablePods, Move, Spent } from './movable-pods.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

const LIMIT_STEP = 20;
const PARALLELISM = 10;

export interface UnneededOptions {
  readonly scanIntervalUs: number;
  readonly unneededTimeUs: number;
  /** The same for nodes that are not ready. */
  readonly unreadyTimeUs: number;
  readonly utilizationThreshold: number;
  /** Of nodes with GPUs, of which those alone count. */
  readonly gpuUtilizationThreshold: number;
  /** `--ignore-daemonsets-utilization`. */
  readonly ignoresDaemons: boolean;
  /** `--unremovable-node-recheck-timeout`. */
  readonly recheckUs: number;
}

export interface UnneededNode {
  readonly host: number;
  readonly sinceUs: number;
  /** True when it had no pods besides daemons. */
  readonly isEmpty: boolean;
  /** Its pods cannot all go at once: their budgets allow fewer. */
  readonly isRisky: boolean;
  readonly isReady: boolean;
}

interface UnneededState {
  readonly nodes: readonly UnneededNode[];
  readonly unremovable: readonly (readonly [host: number, untilUs: number])[];
  readonly hints: readonly (readonly [task: number, host: number])[];
}

export class UnneededNodes {
  private readonly view: ClusterView;
  private readonly options: UnneededOptions;
  private readonly movable: MovablePods;
  private nodes: readonly UnneededNode[] = [];
  private unremovable = new Map<number, number>();
  /** Where pods went in the last loop: without it a cyclic search would judge differently every time. */
  private hints = new Map<number, number>();

  constructor(view: ClusterView, options: UnneededOptions, movable: MovablePods) {
    this.view = view;
    this.options = options;
    this.movable = movable;
  }

  /**
   * Judges every candidate anew; `isCandidate` tells of a host whether it may be one. `snapshot` is used up: removed nodes
   * stay closed, their pods elsewhere.
   */
  update(nowUs: number, snapshot: ClusterSnapshot, isCandidate: (host: number) => boolean): void {
    const since = new Map(this.nodes.map(({ host, sinceUs }) => [host, sinceUs]));
    this.unremovable = new Map([...this.unremovable].filter(([, untilUs]) => untilUs > nowUs));
    const { unneededTimeUs, scanIntervalUs, ignoresDaemons } = this.options;
    const limit = Math.min(
      since.size + LIMIT_STEP,
      PARALLELISM * Math.floor(unneededTimeUs / scanIntervalUs) + PARALLELISM,
    );
    const unneeded: UnneededNode[] = [];
    const moves = new Map<number, number>();
    let spent: Spent = new Map();
    for (const node of this.candidates(nowUs, snapshot, isCandidate, since)) {
      if (unneeded.length >= limit) break;
      const host = snapshot.hostOf[node]!;
      if (this.unremovable.has(host)) continue;
      const utilization = nodeUtilization(this.view, snapshot, node, ignoresDaemons);
      if (utilization > this.thresholdOf(host)) continue;
      const move = this.movable.of(snapshot, node, spent, nowUs);
      if (move !== 'blocked' && this.moveAway(snapshot, node, move.pods, moves)) {
        spent = move.spent;
        const sinceUs = since.get(host) ?? nowUs;
        const isReady = isReadyHost(this.view, host);
        const isEmpty = move.pods.length === 0;
        unneeded.push({ host, sinceUs, isEmpty, isRisky: move.isRisky, isReady });
      } else {
        this.unremovable.set(host, nowUs + this.options.recheckUs);
      }
    }
    this.nodes = unneeded;
    this.hints = moves;
  }

  /** All of them, in the order of judgement. */
  get hosts(): number[] {
    return this.nodes.map(({ host }) => host);
  }

  /** Unneeded for longer than the time that is asked for, in the order of judgement. */
  removable(nowUs: number): UnneededNode[] {
    const { unneededTimeUs, unreadyTimeUs } = this.options;
    return this.nodes.filter(
      ({ sinceUs, isReady }) => sinceUs + (isReady ? unneededTimeUs : unreadyTimeUs) < nowUs,
    );
  }

  /** All clocks start anew: the cluster is too unhealthy to say what it needs. */
  forget(): void {
    this.nodes = [];
  }

  save(): UnneededState {
    return { nodes: this.nodes, unremovable: [...this.unremovable], hints: [...this.hints] };
  }

  restore(state: UnneededState): void {
    this.nodes = state.nodes;
    this.unremovable = new Map(state.unremovable);
    this.hints = new Map(state.hints);
  }

  private thresholdOf(host: number): number {
    const { utilizationThreshold, gpuUtilizationThreshold } = this.options;
    return this.view.hosts.gpuCount[host]! > 0 ? gpuUtilizationThreshold : utilizationThreshold;
  }

  private candidates(
    nowUs: number,
    snapshot: ClusterSnapshot,
    isCandidate: (host: number) => boolean,
    since: ReadonlyMap<number, number>,
  ): number[] {
    const { pools } = this.view;
    const before = [...since.keys()];
    const ranked: { node: number; rank: number }[] = [];
    for (let node = 0; node < snapshot.count; node++) {
      const host = snapshot.hostOf[node]!;
      const pool = snapshot.poolOf[node]!;
      if (host === NO_ROW || snapshot.state[node] !== HOST_STATE.ready) continue;
      if (!isCandidate(host) || pools.desired[pool]! <= pools.minimum[pool]!) continue;
      const isEmpty = isEmptied(this.movable.of(snapshot, node, new Map(), nowUs));
      ranked.push({ node, rank: isEmpty ? -1 : since.has(host) ? before.indexOf(host) : Infinity });
    }
    return ranked
      .sort((a, b) => (a.rank === b.rank ? a.node - b.node : a.rank - b.rank))
      .map(({ node }) => node);
  }

  /** Closes the node and places its pods on others; on failure everything is as before but for `moves`. */
  private moveAway(
    snapshot: ClusterSnapshot,
    node: number,
    pods: readonly number[],
    moves: Map<number, number>,
  ): boolean {
    const mark = snapshot.mark();
    snapshot.close(node);
    for (const task of pods) {
      const destination = this.destinationOf(snapshot, task);
      if (destination === NO_NODE) {
        snapshot.rollBack(mark);
        snapshot.reopen(node);
        return false;
      }
      snapshot.place(task, this.view.tasks.spec[task]!, destination);
      moves.set(task, snapshot.hostOf[destination]!);
    }
    return true;
  }

  private destinationOf(snapshot: ClusterSnapshot, task: number): number {
    const pod = podKindOf(this.view, task);
    const hint = this.hints.get(task);
    const hinted = hint === undefined ? NO_NODE : snapshot.nodeOf(hint);
    if (hinted !== NO_NODE && snapshot.admits(pod, hinted) === 'fits') return hinted;
    return snapshot.firstFit(pod);
  }
}

function isEmptied(move: Move | 'blocked'): boolean {
  return move !== 'blocked' && move.pods.length === 0;
}
