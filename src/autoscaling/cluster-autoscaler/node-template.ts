/**
 * The node that a group would add: its host as it would join, less the room that the cluster's daemons take.
 *
 * Departs   a template is always the cloud's, with what the kubelet keeps already subtracted. The real one prefers a node
 *           of the group that it has seen, and its AWS cloud template takes allocatable = capacity and 110 pods, so that a
 *           first node may be over-estimated; here the estimate is right from the start.
 * Source    kubernetes.md 5.8; daemons start on every host of their cluster.
 */

import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import { describeInstance } from '../../orchestration/host-description.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostDescription } from '../../cluster/hosts.ts';
import type { Market } from '../../orchestration/host-description.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

/** An Auto Scaling group as the autoscaler knows it. */
export interface NodeGroup {
  readonly pool: number;
  /** First of its zones: the template is described there, whatever zone the group then launches in. */
  readonly zone: number;
}

export interface NodeTemplate {
  readonly pool: number;
  readonly description: HostDescription;
  /** Row of its labels and taints. */
  readonly kind: number;
}

export function templateOf(view: ClusterView, group: NodeGroup, market: Market): NodeTemplate {
  const { pool, zone } = group;
  const { instanceTypes, spot } = view.pools.descriptions[pool]!;
  const description = describeInstance(view, pool, instanceTypes[0]!, zone, spot, market);
  // Interning writes nothing that the model can see: the first host of the group would get the same row.
  const kind = view.specs.kindRowOf({ labels: description.labels, taints: description.taints });
  return { pool, description, kind };
}

/** Rows of the daemons of a cluster. */
export function daemonsOf({ workloads }: ClusterView, cluster: number): number[] {
  const daemons: number[] = [];
  for (let workload = 0; workload < workloads.count; workload++) {
    if (workloads.kind[workload] === DAEMON && workloads.cluster[workload] === cluster) {
      daemons.push(workload);
    }
  }
  return daemons;
}
