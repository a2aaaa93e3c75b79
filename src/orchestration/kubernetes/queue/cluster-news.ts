/**
 * The events of a cluster, read from the journal `delayUs` late, as the scheduler's informers see them.
 *
 * Nodes     hosts that take pods or are being drained: they joined with their kubelet ready, and leave when they end.
 * Asked     what nobody waits for need not be told at once, so `wakesOn` names the kinds that the waiting plugins hear of.
 */

import { CHANGE, JournalCursor, changeBit, changeBits } from '../../../cluster/journal.ts';
import { HOST_STATE, LAUNCH_TYPE } from '../../../cluster/hosts.ts';
import { NEVER } from '../../../base/units.ts';
import { registeredFor } from './plugin-hints.ts';
import type { Change } from '../../../cluster/journal.ts';
import type { ClusterEvent } from './cluster-event.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';

const FOLLOWED = changeBits(
  CHANGE.hostState,
  CHANGE.hostRemoved,
  CHANGE.hostLabels,
  CHANGE.taskBound,
  CHANGE.taskReleased,
  CHANGE.taskResized,
  CHANGE.storage,
);

/** Which entries of the journal make which events. */
const SOURCES: readonly [ClusterEvent['kind'], number][] = [
  ['node-added', changeBit(CHANGE.hostState)],
  ['node-changed', changeBit(CHANGE.hostLabels)],
  ['node-deleted', changeBits(CHANGE.hostState, CHANGE.hostRemoved)],
  ['pod-added', changeBit(CHANGE.taskBound)],
  ['pod-deleted', changeBit(CHANGE.taskReleased)],
  ['pod-scaled-down', changeBit(CHANGE.taskResized)],
  ['storage-changed', changeBit(CHANGE.storage)],
];

/** A host that is no node of the cluster. */
const NO_KIND = -1;

export interface ClusterNewsState {
  readonly version: number;
  readonly kinds: Int32Array;
}

export class ClusterNews {
  /** Grows with every change of nodes. */
  nodesVersion = 0;
  private readonly view: ClusterView;
  private readonly cluster: number;
  private readonly delayUs: number;
  private readonly cursor: JournalCursor;
  /** By host: the kind of node that it was when last heard of, or NO_KIND. */
  private kinds = new Int32Array(64).fill(NO_KIND);

  constructor(view: ClusterView, cluster: number, delayUs: number) {
    this.view = view;
    this.cluster = cluster;
    this.delayUs = delayUs;
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
  }

  /** Mask of the journal kinds that are news to pods which these plugins refused. */
  wakesOn(rejectors: number): number {
    let mask = 0;
    for (const [kind, bits] of SOURCES) {
      if ((registeredFor(kind) & rejectors) !== 0) mask |= bits;
    }
    return mask;
  }

  /** When the next change will be heard of, or NEVER. */
  nextDueUs(): number {
    return this.next() === undefined ? NEVER : this.cursor.timeUs + this.delayUs;
  }

  /** Tells of everything that is old enough at `nowUs`. */
  advance(nowUs: number, tell: (event: ClusterEvent) => void): void {
    for (let change = this.next(); change !== undefined; change = this.next()) {
      if (this.cursor.timeUs + this.delayUs > nowUs) return;
      this.cursor.skip();
      const event = this.eventOf(change);
      if (event !== undefined) tell(event);
    }
  }

  save(): ClusterNewsState {
    return { version: this.cursor.version, kinds: this.kinds.slice() };
  }

  restore({ version, kinds }: ClusterNewsState): void {
    this.cursor.version = version;
    this.kinds = kinds.slice();
    this.nodesVersion++;
  }

  private next(): Readonly<Change> | undefined {
    if (this.cursor.isOvertaken) this.lookAgain();
    return this.cursor.peek();
  }

  /** Entries were lost while nobody waited: the nodes are those that stand in the columns. */
  private lookAgain(): void {
    const { hosts, journal } = this.view;
    this.cursor.version = journal.oldest;
    for (let host = 0; host < hosts.count; host++) {
      if (this.isOurs(host)) this.note(host, this.isNode(host) ? hosts.kind[host]! : NO_KIND);
    }
  }

  private eventOf({ kind, row, value, version }: Readonly<Change>): ClusterEvent | undefined {
    const { hosts, tasks } = this.view;
    if (kind === CHANGE.storage) return { kind: 'storage-changed', volume: row, claim: value };
    if (kind === CHANGE.taskBound) {
      return tasks.cluster[row] === this.cluster ? { kind: 'pod-added', task: row } : undefined;
    }
    if (kind === CHANGE.taskReleased) {
      if (tasks.cluster[row] !== this.cluster) return undefined;
      return { kind: 'pod-deleted', task: row, priorityMax: Infinity };
    }
    if (kind === CHANGE.taskResized) {
      const isNews = tasks.cluster[row] === this.cluster && this.asksForLess(version);
      return isNews ? { kind: 'pod-scaled-down', task: row } : undefined;
    }
    if (!this.isOurs(row)) return undefined;
    const before = this.kinds[row] ?? NO_KIND;
    if (kind === CHANGE.hostLabels) {
      if (before === NO_KIND) return undefined;
      this.note(row, value);
      return { kind: 'node-changed', host: row, before, after: value };
    }
    const isNode = value === HOST_STATE.ready || value === HOST_STATE.draining;
    if (isNode === (before !== NO_KIND)) {
      // Draining: the node stays, and takes no more pods.
      this.nodesVersion++;
      return undefined;
    }
    this.note(row, isNode ? hosts.kind[row]! : NO_KIND);
    if (!isNode) return { kind: 'node-deleted', host: row };
    return value === HOST_STATE.ready ? { kind: 'node-added', host: row } : undefined;
  }

  private note(host: number, kind: number): void {
    if (host >= this.kinds.length) {
      const larger = new Int32Array(Math.max(host + 1, 2 * this.kinds.length)).fill(NO_KIND);
      larger.set(this.kinds);
      this.kinds = larger;
    }
    this.kinds[host] = kind;
    this.nodesVersion++;
  }

  private asksForLess(version: number): boolean {
    const { cpuTicks, memoryBytes } = this.view.specs;
    const { from, to } = this.view.resizes.at(version);
    return cpuTicks[to]! < cpuTicks[from]! || memoryBytes[to]! < memoryBytes[from]!;
  }

  private isNode(host: number): boolean {
    const state = this.view.hosts.state[host];
    return state === HOST_STATE.ready || state === HOST_STATE.draining;
  }

  private isOurs(host: number): boolean {
    const { cluster, launchType } = this.view.hosts;
    return cluster[host] === this.cluster && launchType[host] !== LAUNCH_TYPE.fargate;
  }
}
