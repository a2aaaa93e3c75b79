/**
 * The binpacking estimator: how many nodes of one group would the pods need, and which pods would they take?
 *
 * Order      pod groups by cpu / allocatable + memory / allocatable of one pod, descending; ties as given.
 * A group    (a) pods one by one on any node of this estimate, cyclic first fit, until one fails;
 *            (b) the rest on the node added last;
 *            (c) else a further node, unless the one added last is still empty or the limit is reached. A pod that does
 *                not fit a fresh node ends its group.
 * Result     nodes that received a pod, and the pods in order of placement.
 * Departs    no deadline of 10 s a group; a pod that spreading keeps off the last node is not tried on others first.
 * Source     kubernetes.md 5.4 step 4.
 */

import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { NodeTemplate } from './node-template.ts';
import type { PodGroup } from './equivalence-groups.ts';

export interface Estimate {
  readonly nodeCount: number;
  readonly tasks: readonly number[];
}

/** Leaves the snapshot as it was, but for the place of its last match. */
export function estimateNodes(
  view: ClusterView,
  snapshot: ClusterSnapshot,
  template: NodeTemplate,
  groups: readonly PodGroup[],
  nodesMax: number,
): Estimate {
  const mark = snapshot.mark();
  const packing = new Packing(snapshot, template, mark.nodes, nodesMax);
  for (const group of bySize(view, template, groups)) packing.add(group);
  snapshot.rollBack(mark);
  return { nodeCount: packing.usedNodes.size, tasks: packing.tasks };
}

class Packing {
  readonly usedNodes = new Set<number>();
  readonly tasks: number[] = [];

  private readonly snapshot: ClusterSnapshot;
  private readonly template: NodeTemplate;
  private readonly firstNode: number;
  private readonly nodesMax: number;

  constructor(
    snapshot: ClusterSnapshot,
    template: NodeTemplate,
    firstNode: number,
    nodesMax: number,
  ) {
    this.snapshot = snapshot;
    this.template = template;
    this.firstNode = firstNode;
    this.nodesMax = nodesMax;
  }

  add(group: PodGroup): void {
    const { snapshot, firstNode } = this;
    let next = 0;
    for (; next < group.tasks.length; next++) {
      const node = snapshot.firstFit(group, firstNode);
      if (node < 0) break;
      this.place(group, next, node);
    }
    for (; next < group.tasks.length; next++) {
      if (!this.lastNodeTakes(group) && !this.addNodeFor(group)) return;
      this.place(group, next, snapshot.count - 1);
    }
  }

  private lastNodeTakes(group: PodGroup): boolean {
    const last = this.snapshot.count - 1;
    return last >= this.firstNode && this.snapshot.admits(group, last);
  }

  /** False when the group is over: the last node is empty, the limit is reached or a fresh node does not do. */
  private addNodeFor(group: PodGroup): boolean {
    const { snapshot, firstNode } = this;
    const last = snapshot.count - 1;
    if (last >= firstNode && !this.usedNodes.has(last)) return false;
    if (snapshot.count - firstNode >= this.nodesMax) return false;
    snapshot.addTemplate(this.template);
    return snapshot.admits(group, last + 1);
  }

  private place(group: PodGroup, index: number, node: number): void {
    const task = group.tasks[index]!;
    this.snapshot.place(task, group.spec, node);
    this.usedNodes.add(node);
    this.tasks.push(task);
  }
}

function bySize(
  { specs }: ClusterView,
  { description }: NodeTemplate,
  groups: readonly PodGroup[],
): PodGroup[] {
  const sizeOf = ({ spec }: PodGroup): number =>
    specs.cpuTicks[spec]! / description.cpuAllocatableTicks +
    specs.memoryBytes[spec]! / description.memoryAllocatableBytes;
  return [...groups].sort((a, b) => sizeOf(b) - sizeOf(a));
}
