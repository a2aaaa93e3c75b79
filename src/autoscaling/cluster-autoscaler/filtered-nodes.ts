/**
 * Nodes and pods as the scheduler's filters see them, for what-ifs of one loop. Pods are put on nodes and taken off, nodes
 * are added and closed, all in thought.
 *
 * PreFilter  once a pod; no second pass for nominated pods, no preemption (kubernetes.md 5.3).
 * Closed     a node that is to be removed leaves an empty ghost with the taint ToBeDeleted, so that it still counts as a
 *            topology domain where taints are ignored (kubernetes.md 5.6 Simulation).
 */

import { CycleFilters } from '../../orchestration/kubernetes/framework/cycle-filters.ts';
import { NodeInfo } from '../../orchestration/kubernetes/framework/node-info.ts';
import { TO_BE_DELETED } from './node-deletions.ts';
import { NominatedPods } from '../../orchestration/kubernetes/framework/nominated-pods.ts';
import type { FilterPlugin } from '../../orchestration/kubernetes/framework/plugin.ts';
import type { PodInfo } from '../../orchestration/kubernetes/framework/pod-info.ts';
import type { Refusal } from '../../orchestration/kubernetes/framework/status.ts';
import type { Surroundings } from '../../orchestration/kubernetes/framework/surroundings.ts';

/** `kept-off`: by a topology spread constraint. */
export type Answer = 'fits' | 'kept-off' | 'refused';

const NOBODY = new NominatedPods();

export class FilteredNodes {
  readonly nodes: NodeInfo[];
  private readonly filters: readonly FilterPlugin[];
  private readonly around: Surroundings;
  /** What closed nodes were. */
  private readonly closed = new Map<number, NodeInfo>();

  constructor(nodes: readonly NodeInfo[], filters: readonly FilterPlugin[], around: Surroundings) {
    this.nodes = [...nodes];
    this.filters = filters;
    this.around = around;
  }

  /** A test of single nodes for this pod, good until something changes. */
  testFor(pod: PodInfo): (node: number) => Answer {
    const { nodes } = this;
    const {
      refusal,
      filters,
      nodes: only,
    } = CycleFilters.begin(this.filters, pod, nodes, this.around);
    if (refusal !== undefined) {
      const answer = answerOf(refusal);
      return () => answer;
    }
    return (node) => {
      const info = nodes[node]!;
      if (only?.has(info.node.name) === false) return 'refused';
      return answerOf(filters.refusalOf(info, NOBODY));
    };
  }

  /** Keeps the first `count` nodes. */
  truncate(count: number): void {
    this.nodes.length = count;
  }

  close(node: number): void {
    const info = this.nodes[node]!;
    this.closed.set(node, info);
    const { node: description } = info;
    const taints = [...description.taints, TO_BE_DELETED];
    this.nodes[node] = new NodeInfo({ ...description, taints });
  }

  reopen(node: number): void {
    this.nodes[node] = this.closed.get(node)!;
    this.closed.delete(node);
  }
}

function answerOf(refusal: Refusal | undefined): Answer {
  if (refusal === undefined) return 'fits';
  // Not for want of a label, which is unresolvable.
  const isSkew = refusal.plugin === 'PodTopologySpread' && refusal.code === 'Unschedulable';
  return isSkew ? 'kept-off' : 'refused';
}
