/** One scheduling cycle by the plugins of the framework, told node by node on objects: the twin of the profile on columns. */

import { HOST_KEY } from '../../../src/orchestration/kubernetes/topology-spread.ts';
import { NO_HOST } from '../../../src/placement/policy.ts';
import { NO_ROW } from '../../../src/cluster/hosts.ts';
import { NodeInfo } from '../../../src/orchestration/kubernetes/framework/node-info.ts';
import { NominatedPods } from '../../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { PodTemplates } from '../../../src/orchestration/kubernetes/constraints/pod-templates.ts';
import { SchedulingCycle } from '../../../src/orchestration/kubernetes/framework/cycle.ts';
import { BARE } from '../../../src/orchestration/kubernetes/framework/surroundings.ts';
import { TICKS_PER_MILLI } from '../../../src/base/units.ts';
import { profileOf } from '../../../src/orchestration/kubernetes/framework/profile.ts';
import { zoneInterleaved } from '../../../src/orchestration/kubernetes/node-order.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import type { PlacementRequest } from '../../../src/placement/policy.ts';
import type { PodInfo } from '../../../src/orchestration/kubernetes/framework/pod-info.ts';

export class FrameworkTwin {
  private readonly view: Cluster;
  private readonly cycle: SchedulingCycle;
  private readonly templates: PodTemplates;

  constructor(view: Cluster, percentage: number, draw: (() => number) | undefined) {
    this.view = view;
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
    const nodes = order.map((host) => this.nodeOf(host));
    const byName = new Map(nodes.map((node) => [node.node.name, node]));
    const snapshot = { nodes, byName: (name: string) => byName.get(name) };
    const pod = this.podOf(request.spec, 'incoming', false);
    const result = this.cycle.run(pod, snapshot, BARE);
    return result.kind === 'placed' ? hostNames.indexOf(result.node.node.name) : NO_HOST;
  }

  private nodeOf(host: number): NodeInfo {
    const { hosts, tasks, specs, hostNames } = this.view;
    const { labels, taints } = specs.kindAt(hosts.kind[host]!);
    const pods: PodInfo[] = [];
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      pods.push(this.podOf(tasks.spec[task]!, `pod-${task}`, tasks.stopping[task] === 1));
    }
    const node = {
      name: hostNames[host]!,
      labels: { ...labels, [HOST_KEY]: hostNames[host]! },
      taints,
      isUnschedulable: false,
      allocatable: {
        cpu: hosts.cpuAllocatable[host]! / TICKS_PER_MILLI,
        memory: hosts.memoryAllocatable[host]!,
        pods: hosts.slotsAllocatable[host]!,
      },
      images: new Map(),
    };
    return new NodeInfo(node, pods);
  }

  private podOf(spec: number, name: string, isTerminating: boolean): PodInfo {
    return {
      spec: this.templates.at(this.view.specs.templateOf(spec)),
      name,
      uid: name,
      isTerminating,
      startTimeUs: 0,
      nominatedNode: '',
    };
  }
}
