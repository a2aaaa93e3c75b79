/** One scheduling cycle by the plugins of the framework, told node by node on objects: the twin of the profile on columns. */

import { NO_HOST } from '../../../../src/placement/policy.ts';
import { NominatedPods } from '../../../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { PodTemplates } from '../../../../src/orchestration/kubernetes/constraints/pod-templates.ts';
import { SchedulingCycle } from '../../../../src/orchestration/kubernetes/framework/cycle.ts';
import { ViewNodes } from '../../../../src/orchestration/kubernetes/view-nodes.ts';
import { profileOf } from '../../../../src/orchestration/kubernetes/framework/profile.ts';
import { zoneInterleaved } from '../../../../src/orchestration/kubernetes/cycle/node-order.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import type { PlacementRequest } from '../../../../src/placement/policy.ts';
import type { Surroundings } from '../../../../src/orchestration/kubernetes/framework/surroundings.ts';
import type { PodInfo } from '../../../../src/orchestration/kubernetes/framework/pod-info.ts';

export class FrameworkTwin {
  private readonly view: Cluster;
  private readonly around: Surroundings;
  private readonly cycle: SchedulingCycle;
  private readonly templates: PodTemplates;

  constructor(
    view: Cluster,
    percentage: number,
    draw: (() => number) | undefined,
    around: Surroundings,
  ) {
    this.view = view;
    this.around = around;
    this.templates = new PodTemplates(view);
    this.cycle = new SchedulingCycle(
      { profile: profileOf(), percentage, ...(draw === undefined ? {} : { draw }) },
      new NominatedPods(),
    );
  }

  get nextStart(): number {
    return this.cycle.nextStart;
  }

  choose(request: PlacementRequest, hosts: readonly number[]): number {
    const { hostNames } = this.view;
    const order = zoneInterleaved(hosts, (host) => this.view.hosts.zone[host]!);
    const view = new ViewNodes(this.view);
    const nodes = order.map((host) => view.at(host));
    const byName = new Map(nodes.map((node) => [node.node.name, node]));
    const snapshot = { nodes, byName: (name: string) => byName.get(name) };
    const pod = this.podOf(request.spec);
    const nodeCount = this.view.images.nodesOf(this.view.workloads.cluster[request.workload]!);
    const result = this.cycle.run(pod, snapshot, { ...this.around, nodeCount });
    return result.kind === 'placed' ? hostNames.indexOf(result.node.node.name) : NO_HOST;
  }

  private podOf(spec: number): PodInfo {
    return {
      spec: this.templates.at(this.view.specs.templateOf(spec)),
      name: 'incoming',
      uid: 'incoming',
      isTerminating: false,
      startTimeUs: 0,
      nominatedNode: '',
    };
  }
}
