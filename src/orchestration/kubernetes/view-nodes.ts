/**
 * Nodes and pods of a cluster's columns as the plugins of the framework see them: objects made when someone asks, for the
 * questions that no index answers.
 *
 * State      nodes that were asked for are kept until the journal tells that their pods or labels changed: a function of the
 *            columns, so `forget` loses nothing.
 * Departs    pods have the sizes of their template, not those that were drawn for them; disks for
 *            ephemeral storage have no end.
 */

import { CHANGE, JournalCursor, changeBits } from '../../cluster/journal.ts';
import { HOST_KEY } from './topology-keys.ts';
import { NO_ROW, NOT_YET } from '../../cluster/hosts.ts';
import { NodeInfo } from './framework/node-info.ts';
import { PodTemplates } from './constraints/pod-templates.ts';
import { TASK_STATE } from '../../cluster/tasks.ts';
import { TICKS_PER_MILLI } from '../../base/units.ts';
import { withClaims } from './volumes/claims-of-pod.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { NodeDescription } from './framework/node-info.ts';
import type { PodInfo, PodSpecInfo } from './framework/pod-info.ts';

const GPU = 'nvidia.com/gpu';

const OF_PODS = changeBits(CHANGE.taskBound, CHANGE.taskReleased);
const OF_HOSTS = changeBits(
  CHANGE.hostAdded,
  CHANGE.hostRemoved,
  CHANGE.hostLabels,
  CHANGE.nodeImages,
);

/** A bound or pending pod; what changes while it stays where it is, is read when asked. */
class ViewPod implements PodInfo {
  readonly spec: PodSpecInfo;
  readonly name: string;
  readonly nominatedNode = '';
  private readonly view: ClusterView;
  private readonly task: number;

  constructor(view: ClusterView, task: number, spec: PodSpecInfo) {
    this.view = view;
    this.task = task;
    this.spec = spec;
    this.name = `pod-${view.tasks.number[task]}`;
  }

  get uid(): string {
    return this.name;
  }

  get isTerminating(): boolean {
    return this.view.tasks.stopping[this.task] === 1;
  }

  get startTimeUs(): number {
    const { tasks } = this.view;
    const placedUs = tasks.placedUs[this.task]!;
    const hasStarted = tasks.state[this.task]! > TASK_STATE.placed && placedUs !== NOT_YET;
    return hasStarted ? placedUs : NaN;
  }
}

export class ViewNodes {
  private readonly view: ClusterView;
  private readonly templates: PodTemplates;
  private readonly cursor: JournalCursor;
  private readonly nodes = new Map<number, NodeInfo>();

  constructor(view: ClusterView) {
    this.view = view;
    this.templates = new PodTemplates(view);
    this.cursor = new JournalCursor(view.journal, OF_PODS | OF_HOSTS);
    this.forget();
  }

  at(host: number): NodeInfo {
    this.follow();
    let node = this.nodes.get(host);
    if (node === undefined) this.nodes.set(host, (node = this.nodeOf(host)));
    return node;
  }

  podOf(task: number): PodInfo {
    const { view } = this;
    const spec = this.specOf(view.tasks.spec[task]!);
    return new ViewPod(view, task, withClaims(view, task, spec));
  }

  /** Of a row of specs. */
  specOf(spec: number): PodSpecInfo {
    return this.templates.at(this.view.specs.templateOf(spec));
  }

  /** Begins anew from the columns. */
  forget(): void {
    this.nodes.clear();
    this.cursor.version = this.view.journal.version;
  }

  private follow(): void {
    const { cursor, nodes } = this;
    if (cursor.isOvertaken) {
      this.forget();
      return;
    }
    for (let change = cursor.next(); change !== undefined; change = cursor.next()) {
      nodes.delete((OF_PODS & (1 << change.kind)) === 0 ? change.row : change.value);
    }
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
        cpu: Math.trunc(hosts.cpuAllocatable[host]! / TICKS_PER_MILLI),
        memory: hosts.memoryAllocatable[host]!,
        pods: hosts.slotsAllocatable[host]!,
        'ephemeral-storage': Infinity,
        ...(hosts.gpuCount[host]! > 0 ? { [GPU]: hosts.gpuCount[host]! } : {}),
      },
      images: imagesOn(this.view, host),
    };
    return new NodeInfo(node, pods);
  }
}

/** How many nodes have an image is read when somebody asks: it changes with other nodes. */
function imagesOn({ images, hosts }: ClusterView, host: number): NodeDescription['images'] {
  const cluster = hosts.cluster[host]!;
  return new Map(
    images.on(host).map((image) => [
      images.names[image]!,
      {
        sizeBytes: images.bytes[image]!,
        get nodes() {
          return images.nodesWithImage(image, cluster);
        },
      },
    ]),
  );
}
