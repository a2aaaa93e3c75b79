/** The dull twin: kube-scheduler's plugins over nodes and pods as objects, every node of the window and every pod anew. */

import { BARE } from '../../src/orchestration/kubernetes/framework/surroundings.ts';
import type { NodeInfo } from '../../src/orchestration/kubernetes/framework/node-info.ts';
import { NominatedPods } from '../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { PodTemplates } from '../../src/orchestration/kubernetes/constraints/pod-templates.ts';
import { SchedulingCycle } from '../../src/orchestration/kubernetes/framework/cycle.ts';
import { ViewNodes } from '../../src/orchestration/kubernetes/view-nodes.ts';
import { profileOf } from '../../src/orchestration/kubernetes/framework/profile.ts';
import { zoneInterleaved } from '../../src/orchestration/kubernetes/cycle/node-order.ts';
import type { Cluster } from '../../src/cluster/cluster.ts';
import type { PodInfo } from '../../src/orchestration/kubernetes/framework/pod-info.ts';
import type { Snapshot } from '../../src/orchestration/kubernetes/framework/cycle.ts';

export class ObjectScheduler {
  private readonly cluster: Cluster;
  private readonly templates: PodTemplates;
  private readonly cycle = new SchedulingCycle(
    { profile: profileOf(), percentage: 0 },
    new NominatedPods(),
  );
  private readonly snapshot: Snapshot;
  private readonly rowOf = new Map<NodeInfo, number>();
  private pods = 0;

  /** With the pods that the cluster's nodes have now. */
  constructor(cluster: Cluster, nextStart: number) {
    this.cluster = cluster;
    this.templates = new PodTemplates(cluster);
    this.cycle.nextStart = nextStart;
    const { hosts } = cluster;
    const rows = Array.from({ length: hosts.count }, (_, host) => host);
    const view = new ViewNodes(cluster);
    const nodes = zoneInterleaved(rows, (host) => hosts.zone[host]!).map((host) => {
      const node = view.at(host);
      this.rowOf.set(node, host);
      return node;
    });
    const byName = new Map(nodes.map((node) => [node.node.name, node]));
    this.snapshot = { nodes, byName: (name) => byName.get(name) };
  }

  /** Places a pod and answers the row of its node. */
  place(spec: number): number {
    const pod = this.pod(spec);
    const result = this.cycle.run(pod, this.snapshot, BARE);
    if (result.kind !== 'placed') throw new Error(`expected a node, found ${result.kind}`);
    result.node.add(pod);
    return this.rowOf.get(result.node)!;
  }

  private pod(spec: number): PodInfo {
    const name = `pod-${this.pods++}`;
    return {
      spec: this.templates.at(this.cluster.specs.templateOf(spec)),
      name,
      uid: name,
      isTerminating: false,
      startTimeUs: 0,
      nominatedNode: '',
    };
  }
}
