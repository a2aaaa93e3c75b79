/**
 * The contract of a plugin of kube-scheduler: told as plainly as possible, node by node and pod by pod. These plugins are
 * what the real code is compared with; what a simulation runs on is compared with them.
 *
 * Cycle      `begin` once a cycle (PreFilter and PreScore); what it returns goes into every later call of the same plugin.
 * Change     preemption and nominated pods ask what would be if a pod were there or gone: `podAdded` and `podRemoved` change
 *            the state of the cycle as AddPod and RemovePod of PreFilterExtensions do. The state is copied before.
 */

import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';
import type { PluginName, Refusal } from './status.ts';
import type { Surroundings } from './surroundings.ts';

export interface FilterState<State> {
  /** Absent for Skip: the plugin has nothing against any node in this cycle. */
  readonly state?: State;
  /** The pod fits nowhere, whatever the node. */
  readonly refusal?: Refusal;
  /** The only nodes that remain, by name. */
  readonly nodes?: ReadonlySet<string>;
}

export interface FilterPlugin<State = unknown> {
  readonly name: PluginName;
  /** PreFilter, before the snapshot's nodes in their order. */
  preFilter?(pod: PodInfo, nodes: readonly NodeInfo[], around: Surroundings): FilterState<State>;
  /** Undefined where the node will do. Not called after Skip. */
  filter(pod: PodInfo, node: NodeInfo, state: State, around: Surroundings): Refusal | undefined;
  /** A copy of the state for a what-if. */
  copy?(state: State): State;
  podAdded?(state: State, pod: PodInfo, added: PodInfo, node: NodeInfo): void;
  podRemoved?(state: State, pod: PodInfo, removed: PodInfo, node: NodeInfo): void;
}

export interface ScorePlugin<State = unknown> {
  readonly name: PluginName;
  /** PreScore. Undefined for Skip: the plugin adds nothing in this cycle. */
  preScore?(
    pod: PodInfo,
    feasible: readonly NodeInfo[],
    all: readonly NodeInfo[],
    around: Surroundings,
  ): State | undefined;
  /** Raw, a whole number. */
  score(pod: PodInfo, node: NodeInfo, state: State, around: Surroundings): number;
  /** NormalizeScore over the feasible nodes, in place; absent where raw scores are 0 to 100 already. */
  normalize?(
    scores: number[],
    pod: PodInfo,
    feasible: readonly NodeInfo[],
    state: State,
    around: Surroundings,
  ): void;
}
