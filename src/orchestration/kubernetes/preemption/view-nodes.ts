/**
 * Nodes and pods of a cluster's columns as the plugins of the framework see them: objects made when someone asks, for the few
 * questions that no index answers.
 *
 * State      the objects of the last question, which serve the next one while nothing has happened in between.
 * Departs    pods have the sizes of their template, not those that were drawn for them; nodes hold no images.
 */

import { HOST_KEY } from '../topology-keys.ts';
import { NO_ROW, NOT_YET } from '../../../cluster/hosts.ts';
import { NodeInfo } from '../framework/node-info.ts';
import { PodTemplates } from '../constraints/pod-templates.ts';
import { TASK_STATE } from '../../../cluster/tasks.ts';
import { TICKS_PER_MILLI } from '../../../base/units.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { PodInfo } from '../framework/pod-info.ts';

export class ViewNodes {
  private readonly view: ClusterView;
  private readonly templates: PodTemplates;
  private madeAt = -1;
  private readonly nodes = new Map<number, NodeInfo>();

  constructor(view: ClusterView) {
    this.view = view;
    this.templates = new PodTemplates(view);
  }

  at(host: number): NodeInfo {
    const { version } = this.view.journal;
    if (version !== this.madeAt) this.nodes.clear();
    this.madeAt = version;
    let node = this.nodes.get(host);
    if (node === undefined) this.nodes.set(host, (node = this.nodeOf(host)));
    return node;
  }

  podOf(task: number): PodInfo {
    const { tasks, specs } = this.view;
    const placedUs = tasks.placedUs[task]!;
    const hasStarted = tasks.state[task]! > TASK_STATE.placed && placedUs !== NOT_YET;
    return {
      spec: this.templates.at(specs.templateOf(tasks.spec[task]!)),
      name: `pod-${task}`,
      uid: `pod-${task}`,
      isTerminating: tasks.stopping[task] === 1,
      startTimeUs: hasStarted ? placedUs : NaN,
      nominatedNode: '',
    };
  }

  private nodeOf(host: number): NodeInfo {
    const { hosts, tasks, specs, hostNames } = this.view;
    const { labels, taints } = specs.kindAt(hosts.kind[host]!);
    const name = hostNames[host]!;
    const pods: PodInfo[] = [];
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      pods.push(this.podOf(task));
    }
    const node = {
      name,
      labels: { ...labels, [HOST_KEY]: name },
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
}
