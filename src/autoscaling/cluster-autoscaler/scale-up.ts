/**
 * Which group grows by how much for the pods that fit nowhere: one group a loop, the rest waits for the next loop.
 *
 * Groups     in pool order; below their maximum and not backed off.
 * Option     the binpacking estimate over the pod groups of which one pod fits an empty node of the group.
 * Limit      1000 nodes a scale-up, and the group's maximum.
 * Departs    no similar groups and no balancing between them (off by default), no limits on the whole cluster's nodes,
 *            cores or memory (0, 320,000 cores and 6,400,000 GB by default), no group made on the fly.
 * Source     kubernetes.md 5.4.
 */

import { equivalenceGroups } from './equivalence-groups.ts';
import { estimateNodes } from './estimator.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Estimate } from './estimator.ts';
import type { ExpansionOption } from './expander.ts';
import type { NodeTemplate } from './node-template.ts';
import type { PodGroup } from './equivalence-groups.ts';

const NODES_PER_SCALE_UP_MAX = 1000;

/** The ways in which the groups of `templates` could take some of the pods. */
export function expansionOptions(
  view: ClusterView,
  snapshot: ClusterSnapshot,
  templates: readonly NodeTemplate[],
  pods: readonly number[],
): ExpansionOption[] {
  const groups = equivalenceGroups(view, pods);
  const options: ExpansionOption[] = [];
  for (const template of templates) {
    const { pool } = template;
    const room = view.pools.maximum[pool]! - view.pools.desired[pool]!;
    if (room <= 0) continue;
    const fitting = schedulableGroups(snapshot, template, groups);
    const nodesMax = Math.min(room, NODES_PER_SCALE_UP_MAX);
    const estimate = estimateNodes(view, snapshot, template, fitting, nodesMax);
    if (estimate.tasks.length > 0) options.push(optionOf(view, template, estimate));
  }
  return options;
}

/** The groups of which one pod fits an empty node. */
function schedulableGroups(
  snapshot: ClusterSnapshot,
  template: NodeTemplate,
  groups: readonly PodGroup[],
): PodGroup[] {
  const mark = snapshot.mark();
  snapshot.addTemplate(template);
  const fitting = groups.filter((group) => snapshot.admits(group, mark.nodes));
  snapshot.rollBack(mark);
  return fitting;
}

function optionOf(
  { tasks, specs }: ClusterView,
  { pool, description }: NodeTemplate,
  estimate: Estimate,
): ExpansionOption {
  const sum = (column: readonly number[]): number =>
    estimate.tasks.reduce((total, task) => total + column[tasks.spec[task]!]!, 0);
  return {
    pool,
    nodeCount: estimate.nodeCount,
    node: description,
    podCount: estimate.tasks.length,
    podCpuTicks: sum(specs.cpuTicks),
    podMemoryBytes: sum(specs.memoryBytes),
  };
}
