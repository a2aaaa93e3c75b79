/**
 * Which groups grow by how much for the pods that fit nowhere: one option a loop, the rest waits for the next loop.
 *
 * Groups     in pool order; below their maximum, healthy and not backed off.
 * Option     the binpacking estimate over the pod groups of which one pod fits an empty node of the group.
 * Limit      1000 nodes a scale-up, the room of the group and of groups like it, and of the cluster's nodes.
 * Zones      a group of several zones is one group with the zone of its template. Pods that must spread over zones so get as many
 *            new nodes a loop as that one zone may take, and the group puts them where it likes: as slow in the real one,
 *            whose template is one node, or the first zone, too (kubernetes.md 5.8, 5.9). A group a zone, balanced, is not.
 * Balance    where that is asked for, an option is shared with groups like it that can take the same pods.
 * Departs    no limits on the cores and the memory of the cluster (320,000 and 6,400,000 GB by default), no group made on
 *            the fly. Groups are told alike only where scale-ups are balanced.
 * Source     kubernetes.md 5.4.
 */

import { areSimilar, balanced } from './similar-groups.ts';
import { coresOf, fastPathTraits } from './fast-path.ts';
import { equivalenceGroups } from './equivalence-groups.ts';
import { estimateNodes, nodeLimit } from './estimator.ts';
import { snapshotGround } from './snapshot-ground.ts';
import { ticksToMilli } from '../../base/units.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { ComparedNode } from './similar-groups.ts';
import type { Estimate, PackedGroup } from './estimator.ts';
import type { ExpansionOption } from './expander.ts';
import type { NodeCapacity } from './fast-path.ts';
import type { NodeTemplate } from './node-template.ts';
import type { PodGroup } from './equivalence-groups.ts';
import type { PodSpecs } from './pod-specs.ts';

export interface ScaleUpLimits {
  /** Of one scale-up. */
  readonly nodesPerScaleUp: number;
  /** Of the whole cluster; 0 for no limit. */
  readonly nodesTotal: number;
  readonly balanceSimilarGroups: boolean;
  /** `--balancing-ignore-label`: labels by which groups that are alike may differ. */
  readonly ignoredLabels: readonly string[];
  /** The estimator's shortcut, `--fastpath-binpacking`. */
  readonly fastPath: boolean;
}

/** An option with the pools that share it; the first is its own. */
export interface SharedOption extends ExpansionOption {
  readonly pools: readonly number[];
}

export class ScaleUp {
  private readonly view: ClusterView;
  private readonly podSpecs: PodSpecs;
  private readonly limits: ScaleUpLimits;
  private readonly targetOf: (pool: number) => number;

  constructor(
    view: ClusterView,
    podSpecs: PodSpecs,
    limits: ScaleUpLimits,
    targetOf: (pool: number) => number,
  ) {
    this.view = view;
    this.podSpecs = podSpecs;
    this.limits = limits;
    this.targetOf = targetOf;
  }

  /** The ways in which the groups of `templates` could take some of the pods. */
  options(
    snapshot: ClusterSnapshot,
    templates: readonly NodeTemplate[],
    pods: readonly number[],
  ): SharedOption[] {
    const groups = equivalenceGroups(this.view, pods);
    const open = templates.filter(({ pool }) => this.roomOf(pool) > 0);
    const fitting = new Map(open.map((one) => [one.pool, this.fitting(snapshot, one, groups)]));
    const options: SharedOption[] = [];
    for (const template of open) {
      const taken = fitting.get(template.pool)!;
      const alike = this.limits.balanceSimilarGroups
        ? open.filter((other) => other !== template && this.isLike(snapshot, template, other))
        : [];
      const pools = [template, ...alike].map(({ pool }) => pool);
      const estimate = this.estimate(snapshot, template, taken, pools);
      if (estimate.pods.length === 0 || estimate.nodeCount === 0) continue;
      // Only those share that can take the same groups of pods.
      const sharing = pools.filter((pool) =>
        taken.every((group) => fitting.get(pool)!.includes(group)),
      );
      options.push(this.optionOf(template, estimate, sharing));
    }
    return options;
  }

  /** New nodes by pool; empty when the cluster may not grow. `nodes`: in the cluster, those to come among them. */
  increases({ pools, nodeCount }: SharedOption, nodes: number): Map<number, number> {
    const { nodesTotal } = this.limits;
    const allowed = nodesTotal === 0 ? nodeCount : Math.min(nodeCount, nodesTotal - nodes);
    const { maximum } = this.view.pools;
    const groups = pools.map((pool) => ({
      pool,
      size: this.targetOf(pool),
      maximum: maximum[pool]!,
    }));
    return balanced(groups, allowed);
  }

  private roomOf(pool: number): number {
    return Math.max(0, this.view.pools.maximum[pool]! - this.targetOf(pool));
  }

  /** The groups of which one pod fits an empty node. */
  private fitting(
    snapshot: ClusterSnapshot,
    template: NodeTemplate,
    groups: readonly PodGroup[],
  ): PodGroup[] {
    const mark = snapshot.mark();
    snapshot.addTemplate(template);
    const fitting = groups.filter((group) => snapshot.admits(group, mark.nodes) === 'fits');
    snapshot.rollBack(mark);
    return fitting;
  }

  private isLike(snapshot: ClusterSnapshot, one: NodeTemplate, other: NodeTemplate): boolean {
    const { ignoredLabels } = this.limits;
    return areSimilar(emptyNode(snapshot, one), emptyNode(snapshot, other), ignoredLabels);
  }

  /** Leaves the snapshot as it was, but for the place of its last match. */
  private estimate(
    snapshot: ClusterSnapshot,
    template: NodeTemplate,
    groups: readonly PodGroup[],
    pools: readonly number[],
  ): Estimate<number> {
    const { nodesPerScaleUp, nodesTotal, fastPath } = this.limits;
    const room = pools.reduce((sum, pool) => sum + this.roomOf(pool), 0);
    const left = nodesTotal - snapshot.count;
    const nodesMax = nodeLimit([
      nodesPerScaleUp,
      room > 0 ? room : -1,
      nodesTotal === 0 ? 0 : left > 0 ? left : -1,
    ]);
    const { cpuAllocatableTicks: cpu, memoryAllocatableBytes: memory } = template.description;
    const mark = snapshot.mark();
    const ground = snapshotGround(this.view, snapshot, template);
    const packed = groups.map((group) => this.packedGroup(group));
    const capacity = fastPath ? capacityOf(template) : undefined;
    const estimate = estimateNodes(packed, { cpu, memory }, ground, nodesMax, capacity);
    snapshot.rollBack(mark);
    return estimate;
  }

  private packedGroup({ spec, tasks }: PodGroup): PackedGroup<number> {
    const { specs } = this.view;
    return {
      pods: tasks,
      cpu: specs.cpuTicks[spec]!,
      memory: specs.memoryBytes[spec]!,
      spreadsOverHosts: this.podSpecs.spreadsOverHosts(spec),
      traits: fastPathTraits(this.podSpecs.at(spec)),
    };
  }

  private optionOf(
    { pool, description }: NodeTemplate,
    { nodeCount, pods }: Estimate<number>,
    pools: readonly number[],
  ): SharedOption {
    const { tasks, specs } = this.view;
    const sum = (column: readonly number[]): number =>
      pods.reduce((total, task) => total + column[tasks.spec[task]!]!, 0);
    return {
      pool,
      pools,
      id: this.view.pools.descriptions[pool]!.name,
      nodeCount,
      node: description,
      podCount: pods.length,
      podCpuTicks: sum(specs.cpuTicks),
      podMemoryBytes: sum(specs.memoryBytes),
    };
  }
}

function capacityOf({ description }: NodeTemplate): NodeCapacity {
  return {
    cpuCores: coresOf(ticksToMilli(description.cpuCapacityTicks)),
    memoryBytes: description.memoryCapacityBytes,
  };
}

function emptyNode(snapshot: ClusterSnapshot, template: NodeTemplate): ComparedNode {
  const mark = snapshot.mark();
  snapshot.addTemplate(template);
  const cpuFreeTicks = snapshot.cpuFree[mark.nodes]!;
  const memoryFreeBytes = snapshot.memoryFree[mark.nodes]!;
  snapshot.rollBack(mark);
  return { description: template.description, cpuFreeTicks, memoryFreeBytes };
}
