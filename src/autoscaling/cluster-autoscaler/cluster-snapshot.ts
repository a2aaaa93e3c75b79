/**
 * The autoscaler's working picture of a cluster for one loop: ready nodes with what is free on them, nodes that are still
 * to come, and pods that it has placed in thought. Everything since a mark can be taken back.
 *
 * Choice     first fit in cyclic order, no scoring: the search starts behind the node that matched last, and that place
 *            is kept over pods and loops (kubernetes.md 5.3).
 * Nodes      in the order they were added: hosts in row order, then templates.
 * Checks     columns: pool, labels, taints, CPU, memory, GPUs, number of pods. Where a pod states more, or any pod of the
 *            run keeps others off its node, the scheduler's own filters are asked about the nodes that the columns
 *            leave; their picture of the nodes is made when it is first needed and kept in step from then on.
 * Why        `Fork` has no hypothetical hosts and is taken back as a whole; the estimator and the scale-down simulation
 *            need both, as the real snapshot has them (AddNodeInfo, Fork, Revert). It copies free capacity only.
 */

import { ELIGIBLE } from '../../cluster/specs.ts';
import { FILTERS_BESIDES_ROOM } from '../../orchestration/kubernetes/framework/profile.ts';
import { HOST_KEY } from '../../orchestration/kubernetes/topology-keys.ts';
import { FilteredNodes } from './filtered-nodes.ts';
import { GPUS_PER_HOST_MAX, HOST_STATE, NO_ROW } from '../../cluster/hosts.ts';
import { MILLI_PER_GPU, TICKS_PER_MILLI } from '../../base/units.ts';
import { NodeInfo } from '../../orchestration/kubernetes/framework/node-info.ts';
import { firstInCycle } from './cyclic-order.ts';
import { withClaims, withVolumes } from '../../orchestration/kubernetes/volumes/claims-of-pod.ts';
import { fits, gpuDevicesFor } from '../../cluster/fit.ts';
import { mayUsePool } from '../../placement/feasible.ts';
import type { Answer } from './filtered-nodes.ts';
import type { ClusterView, FreeView } from '../../cluster/cluster.ts';
import type { NodeTemplate } from './node-template.ts';
import type { PodInfo } from '../../orchestration/kubernetes/framework/pod-info.ts';
import type { PodSpecs } from './pod-specs.ts';

export const NO_NODE = -1;

/** Pods that are alike for every check. */
export interface PodKind {
  readonly spec: number;
  readonly workload: number;
  /** The pool the pod was sent to, or NO_ROW. */
  readonly pool: number;
  /** Rows of its claims, where it has some. */
  readonly claims?: readonly number[];
}

/** A state of the snapshot to come back to. */
export interface Mark {
  readonly nodes: number;
  readonly placements: number;
}

export class ClusterSnapshot implements FreeView {
  readonly state: number[] = [];
  readonly cpuFree: number[] = [];
  readonly memoryFree: number[] = [];
  readonly slotsFree: number[] = [];
  readonly gpuFree: number[] = [];
  /** Host of each node, NO_ROW for one that is still to come. */
  readonly hostOf: number[] = [];
  readonly poolOf: number[] = [];
  readonly zoneOf: number[] = [];
  /** Row of the labels and taints of each node. */
  readonly kindOf: number[] = [];
  /** Node that matched last. */
  lastMatch: number;

  private readonly view: ClusterView;
  private readonly podSpecs: PodSpecs;
  private readonly daemons: readonly number[];
  /** The nodes as the scheduler's filters see them, once somebody had to ask. */
  private filtered: FilteredNodes | undefined;
  /** Placements in thought, in order: task (NO_ROW for a daemon), spec, node, devices. */
  private readonly placed: number[] = [];
  private readonly podsOf = new Map<number, number[]>();
  private readonly nodeOfHost = new Map<number, number>();

  constructor(
    view: ClusterView,
    podSpecs: PodSpecs,
    daemons: readonly number[],
    lastMatch: number,
  ) {
    this.view = view;
    this.podSpecs = podSpecs;
    this.daemons = daemons;
    this.lastMatch = lastMatch;
  }

  get count(): number {
    return this.state.length;
  }

  /** A registered host, with room kept for daemons that have not started on it. Before anything is placed. */
  addHost(host: number): void {
    const { hosts, counts } = this.view;
    this.nodeOfHost.set(host, this.count);
    this.state.push(HOST_STATE.ready);
    this.cpuFree.push(hosts.cpuFree[host]!);
    this.memoryFree.push(hosts.memoryFree[host]!);
    this.slotsFree.push(hosts.slotsFree[host]!);
    for (let device = 0; device < GPUS_PER_HOST_MAX; device++) {
      this.gpuFree.push(hosts.gpuFree[host * GPUS_PER_HOST_MAX + device]!);
    }
    this.hostOf.push(host);
    this.poolOf.push(hosts.pool[host]!);
    this.zoneOf.push(hosts.zone[host]!);
    this.kindOf.push(hosts.kind[host]!);
    if (this.podSpecs.someAreExpendable()) this.dropExpendable(host);
    this.addDaemons((daemon) => counts.onHost(daemon, host) === 0);
  }

  /** A node that is still to come, empty but for its daemons. */
  addTemplate({ pool, kind, description }: NodeTemplate): void {
    this.state.push(HOST_STATE.ready);
    this.cpuFree.push(description.cpuAllocatableTicks);
    this.memoryFree.push(description.memoryAllocatableBytes);
    this.slotsFree.push(description.slots);
    for (let device = 0; device < GPUS_PER_HOST_MAX; device++) {
      this.gpuFree.push(device < description.gpuCount ? MILLI_PER_GPU : 0);
    }
    this.hostOf.push(NO_ROW);
    this.poolOf.push(pool);
    this.zoneOf.push(description.zone);
    this.kindOf.push(kind);
    this.filtered?.nodes.push(this.nodeInfoOf(this.count - 1));
    this.addDaemons(() => true);
  }

  /** The node of a host, or NO_NODE when it is not in the snapshot. */
  nodeOf(host: number): number {
    return this.nodeOfHost.get(host) ?? NO_NODE;
  }

  admits(pod: PodKind, node: number): Answer {
    if (!this.hasRoom(pod, node)) return 'refused';
    return this.filterFor(pod)?.(node) ?? 'fits';
  }

  /** The first node from `firstNode` on that takes the pod, in cyclic order, or NO_NODE. */
  firstFit(pod: PodKind, firstNode = 0, but = NO_NODE): number {
    const filter = this.filterFor(pod);
    const node = firstInCycle(
      firstNode,
      this.count,
      this.lastMatch,
      (one) =>
        one !== but && this.hasRoom(pod, one) && (filter === undefined || filter(one) === 'fits'),
    );
    if (node !== NO_NODE) this.lastMatch = node;
    return node;
  }

  /** Places a pod that the node admits. */
  place(task: number, spec: number, node: number): void {
    const { specs } = this.view;
    const devices = specs.gpuCount[spec] === 0 ? 0 : gpuDevicesFor(specs, spec, this, node);
    this.move(spec, node, devices, 1);
    this.filtered?.nodes[node]!.add(this.podInfoOf(task, spec, this.placed.length));
    this.placed.push(task, spec, node, devices);
    if (task !== NO_ROW) this.placedOn(node).push(task);
  }

  /** Tasks placed on a node in thought, beside those bound to its host. */
  placedOn(node: number): number[] {
    let tasks = this.podsOf.get(node);
    if (tasks === undefined) this.podsOf.set(node, (tasks = []));
    return tasks;
  }

  /** Takes a node out of every search: it is to be removed. */
  close(node: number): void {
    this.state[node] = HOST_STATE.draining;
    this.filtered?.close(node);
  }

  reopen(node: number): void {
    this.state[node] = HOST_STATE.ready;
    this.filtered?.reopen(node);
  }

  mark(): Mark {
    return { nodes: this.count, placements: this.placed.length };
  }

  /** Takes back every placement and template node since the mark. `lastMatch` stays: so it does in the real one. */
  rollBack(mark: Mark): void {
    while (this.placed.length > mark.placements) {
      const [task, spec, node, devices] = this.placed.splice(-4) as [
        number,
        number,
        number,
        number,
      ];
      this.move(spec, node, devices, -1);
      this.filtered?.nodes[node]!.remove(this.uidOf(task, this.placed.length));
      if (task !== NO_ROW) this.placedOn(node).pop();
    }
    this.filtered?.truncate(mark.nodes);
    const columns = [this.state, this.cpuFree, this.memoryFree, this.slotsFree];
    for (const column of [...columns, this.hostOf, this.poolOf, this.zoneOf, this.kindOf]) {
      column.length = mark.nodes;
    }
    this.gpuFree.length = mark.nodes * GPUS_PER_HOST_MAX;
  }

  private filterFor(pod: PodKind): ((node: number) => Answer) | undefined {
    const { spec, claims } = pod;
    if (claims === undefined && !this.podSpecs.needsFilters(spec)) return undefined;
    this.filtered ??= this.filteredNodes();
    const info = this.podInfoOf(NO_ROW, spec, NO_ROW);
    if (claims === undefined) return this.filtered.testFor(info);
    return this.filtered.testFor({ ...info, spec: withVolumes(this.view, claims, info.spec) });
  }

  private filteredNodes(): FilteredNodes {
    const infos = this.state.map((_, node) => this.nodeInfoOf(node));
    for (let at = 0; at < this.placed.length; at += 4) {
      const [task, spec, node] = this.placed.slice(at, at + 3) as [number, number, number];
      infos[node]!.add(this.podInfoOf(task, spec, at));
    }
    const filtered = new FilteredNodes(infos, FILTERS_BESIDES_ROOM, this.podSpecs.around);
    for (const [node, state] of this.state.entries()) {
      if (state !== HOST_STATE.ready) filtered.close(node);
    }
    return filtered;
  }

  /** The node without what is placed on it in thought. */
  private nodeInfoOf(node: number): NodeInfo {
    const { hosts, tasks, specs } = this.view;
    const host = this.hostOf[node]!;
    const name = host === NO_ROW ? `to-come-${node}` : `host-${host}`;
    const { labels, taints } = specs.kindAt(this.kindOf[node]!);
    const allocatable = {
      cpu: Math.trunc(this.cpuFree[node]! / TICKS_PER_MILLI),
      memory: this.memoryFree[node]!,
    };
    const info = new NodeInfo({
      name,
      labels: { ...labels, [HOST_KEY]: name },
      taints,
      isUnschedulable: false,
      allocatable,
      images: new Map(),
    });
    if (host === NO_ROW) return info;
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      const spec = tasks.spec[task]!;
      if (!this.podSpecs.isExpendable(spec)) info.add(this.podInfoOf(task, spec, NO_ROW));
    }
    return info;
  }

  /** `at`: the place of the placement in thought, which tells daemons apart. */
  private podInfoOf(task: number, spec: number, at: number): PodInfo {
    const uid = this.uidOf(task, at);
    const own = this.podSpecs.at(spec);
    return {
      spec: task === NO_ROW ? own : withClaims(this.view, task, own),
      name: uid,
      uid,
      isTerminating: task !== NO_ROW && this.view.tasks.stopping[task] === 1,
      startTimeUs: NaN,
      nominatedNode: '',
    };
  }

  private uidOf(task: number, at: number): string {
    return task === NO_ROW ? `daemon-${at}` : `task-${this.view.tasks.number[task]}`;
  }

  private hasRoom(pod: PodKind, node: number): boolean {
    const { specs } = this.view;
    const pool = this.poolOf[node]!;
    return (
      this.state[node] === HOST_STATE.ready &&
      (pod.pool === NO_ROW || pod.pool === pool) &&
      mayUsePool(this.view, pool, pod.workload) &&
      specs.eligibility(pod.spec, this.kindOf[node]!) === ELIGIBLE &&
      fits(specs, pod.spec, this, node)
    );
  }

  /** Gives the room of expendable pods on the newest node back (kubernetes.md 5.2 step 4). */
  private dropExpendable(host: number): void {
    const { hosts, tasks } = this.view;
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      const spec = tasks.spec[task]!;
      if (this.podSpecs.isExpendable(spec)) {
        this.move(spec, this.count - 1, tasks.gpuMask[task]!, -1);
      }
    }
  }

  /** Takes room on the newest node for the daemons that are still to start there. */
  private addDaemons(isMissing: (daemon: number) => boolean): void {
    const { specs, workloads } = this.view;
    const node = this.count - 1;
    for (const daemon of this.daemons) {
      const spec = workloads.spec[daemon]!;
      if (isMissing(daemon) && fits(specs, spec, this, node)) this.place(NO_ROW, spec, node);
    }
  }

  private move(spec: number, node: number, devices: number, sign: 1 | -1): void {
    const { specs } = this.view;
    this.cpuFree[node]! -= sign * specs.cpuTicks[spec]!;
    this.memoryFree[node]! -= sign * specs.memoryBytes[spec]!;
    this.slotsFree[node]! -= sign;
    for (let rest = devices; rest !== 0; rest &= rest - 1) {
      const device = 31 - Math.clz32(rest & -rest);
      this.gpuFree[node * GPUS_PER_HOST_MAX + device]! -= sign * specs.gpuMilli[spec]!;
    }
  }
}
