/**
 * A controller's own picture of free capacity: the ledger as it was `delayUs` ago, plus what the controller assumed.
 *
 * Advances by journal entries whose time is at least `delayUs` past. An entry names the task, the task its spec and `resizes` the
 * spec that it had at the entry, so the copy needs no snapshot. `assume` takes room at once; the bound entry that confirms it then replaces it, since
 * the ledger may have given other devices.
 */

import { CHANGE, JournalCursor } from './journal.ts';
import { GPUS_PER_HOST_MAX, HOST_STATE } from './hosts.ts';
import { MILLI_PER_GPU, NEVER } from '../base/units.ts';
import { gpuDevicesFor } from './fit.ts';
import type { ClusterView, FreeView } from './cluster.ts';

interface Assumption {
  readonly spec: number;
  readonly host: number;
  readonly gpuMask: number;
}

/** Flat copy of a cache. */
export interface LaggingCacheState {
  readonly version: number;
  readonly assumed: readonly (Assumption & { readonly task: number })[];
  readonly state: Uint8Array;
  readonly cpuFree: Float64Array;
  readonly memoryFree: Float64Array;
  readonly slotsFree: Int32Array;
  readonly gpuFree: Int32Array;
}

export class LaggingCache implements FreeView {
  state = new Uint8Array(64);
  cpuFree = new Float64Array(64);
  memoryFree = new Float64Array(64);
  slotsFree = new Int32Array(64);
  gpuFree = new Int32Array(64 * GPUS_PER_HOST_MAX);

  private readonly view: ClusterView;
  private readonly delayUs: number;
  private readonly cursor: JournalCursor;
  private readonly assumed = new Map<number, Assumption>();

  constructor(view: ClusterView, delayUs: number) {
    this.view = view;
    this.delayUs = delayUs;
    this.cursor = new JournalCursor(view.journal);
  }

  /** When the next change will be seen, or NEVER. */
  nextDueUs(): number {
    return this.cursor.peek() === undefined ? NEVER : this.cursor.timeUs + this.delayUs;
  }

  /** Takes in every change that is `delayUs` old at `nowUs`; true when room appeared. */
  advance(nowUs: number): boolean {
    let roomAppeared = false;
    for (;;) {
      const change = this.cursor.peek();
      if (change === undefined || this.cursor.timeUs > nowUs - this.delayUs) return roomAppeared;
      const { kind, row, value, version } = change;
      this.cursor.skip();
      roomAppeared ||= kind === CHANGE.hostState || kind === CHANGE.taskReleased;
      if (kind === CHANGE.hostAdded) this.addHost(row);
      else if (kind === CHANGE.hostState || kind === CHANGE.hostRemoved) this.state[row] = value;
      else if (kind === CHANGE.taskBound) {
        this.forget(row);
        this.take(this.specAt(row, version), value, this.view.tasks.gpuMask[row]!, 1);
      } else if (kind === CHANGE.taskReleased) {
        this.take(this.specAt(row, version), value, this.view.tasks.gpuMask[row]!, -1);
      } else if (kind === CHANGE.taskResized) {
        const isSmaller = this.resize(version, value, this.view.tasks.gpuMask[row]!);
        roomAppeared ||= isSmaller;
      }
    }
  }

  /** Takes the room of a task that the controller has just placed. */
  assume(task: number, host: number): void {
    const { specs, tasks } = this.view;
    const spec = tasks.spec[task]!;
    const gpuMask = specs.gpuCount[spec] === 0 ? 0 : gpuDevicesFor(specs, spec, this, host);
    this.assumed.set(task, { spec, host, gpuMask });
    this.take(spec, host, gpuMask, 1);
  }

  /** Gives the room back: the commit was refused. */
  forget(task: number): void {
    const assumption = this.assumed.get(task);
    if (assumption === undefined) return;
    this.assumed.delete(task);
    this.take(assumption.spec, assumption.host, assumption.gpuMask, -1);
  }

  save(): LaggingCacheState {
    const { state, cpuFree, memoryFree, slotsFree, gpuFree } = this;
    return {
      version: this.cursor.version,
      assumed: [...this.assumed].map(([task, assumption]) => ({ task, ...assumption })),
      state: state.slice(),
      cpuFree: cpuFree.slice(),
      memoryFree: memoryFree.slice(),
      slotsFree: slotsFree.slice(),
      gpuFree: gpuFree.slice(),
    };
  }

  restore(saved: LaggingCacheState): void {
    this.cursor.version = saved.version;
    this.assumed.clear();
    for (const { task, ...assumption } of saved.assumed) this.assumed.set(task, assumption);
    this.state = saved.state.slice();
    this.cpuFree = saved.cpuFree.slice();
    this.memoryFree = saved.memoryFree.slice();
    this.slotsFree = saved.slotsFree.slice();
    this.gpuFree = saved.gpuFree.slice();
  }

  private addHost(host: number): void {
    const { hosts } = this.view;
    if (host >= this.state.length) this.grow(host);
    this.state[host] = HOST_STATE.launching;
    this.cpuFree[host] = hosts.cpuAllocatable[host]!;
    this.memoryFree[host] = hosts.memoryAllocatable[host]!;
    this.slotsFree[host] = hosts.slotsAllocatable[host]!;
    const gpus = host * GPUS_PER_HOST_MAX;
    this.gpuFree.fill(MILLI_PER_GPU, gpus, gpus + hosts.gpuCount[host]!);
  }

  /** The spec that the task had when the entry of this version was written. */
  private specAt(task: number, version: number): number {
    return this.view.resizes.specOf(task, version, this.view.tasks.spec[task]!);
  }

  /** True when there is more room now. */
  private resize(version: number, host: number, gpuMask: number): boolean {
    const { cpuTicks, memoryBytes } = this.view.specs;
    const { from, to } = this.view.resizes.at(version);
    this.take(from, host, gpuMask, -1);
    this.take(to, host, gpuMask, 1);
    return cpuTicks[to]! < cpuTicks[from]! || memoryBytes[to]! < memoryBytes[from]!;
  }

  private take(spec: number, host: number, gpuMask: number, sign: 1 | -1): void {
    const { specs } = this.view;
    this.cpuFree[host]! -= sign * specs.cpuTicks[spec]!;
    this.memoryFree[host]! -= sign * specs.memoryBytes[spec]!;
    this.slotsFree[host]! -= sign;
    for (let rest = gpuMask; rest !== 0; rest &= rest - 1) {
      const device = 31 - Math.clz32(rest & -rest);
      this.gpuFree[host * GPUS_PER_HOST_MAX + device]! -= sign * specs.gpuMilli[spec]!;
    }
  }

  private grow(host: number): void {
    let capacity = this.state.length;
    while (capacity <= host) capacity *= 2;
    const grown = <T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.state = grown(this.state, new Uint8Array(capacity));
    this.cpuFree = grown(this.cpuFree, new Float64Array(capacity));
    this.memoryFree = grown(this.memoryFree, new Float64Array(capacity));
    this.slotsFree = grown(this.slotsFree, new Int32Array(capacity));
    this.gpuFree = grown(this.gpuFree, new Int32Array(capacity * GPUS_PER_HOST_MAX));
  }
}
