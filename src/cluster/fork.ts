/**
 * What-if on the real columns: place and remove as you like, then revert. Preemption, consolidation and scale-up
 * estimates ask their questions on a fork.
 *
 * A fork changes only free capacity and, for a hypothetical host, its row; the journal, totals, counts and task rows
 * stay as they are, so nothing that follows the journal sees it. One fork is open at a time.
 */

import { assert } from '../base/assert.ts';
import { GPUS_PER_HOST_MAX } from './hosts.ts';
import { fits, gpuDevicesFor } from './fit.ts';
import type { Cluster, ClusterView } from './cluster.ts';

export class Fork {
  private readonly cluster: Cluster;
  /** Per what-if change: host, spec, devices, sign. */
  private readonly undo: number[] = [];
  private open = true;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  fits(spec: number, host: number): boolean {
    return fits(this.cluster.specs, spec, this.cluster.hosts, host);
  }

  /** Takes the room of `spec` on `host`; the caller has asked `fits`. */
  place(spec: number, host: number): void {
    const { specs, hosts } = this.cluster;
    assert(this.open, 'this fork was reverted');
    const mask = specs.gpuCount[spec] === 0 ? 0 : gpuDevicesFor(specs, spec, hosts, host);
    this.apply(host, spec, mask, 1);
    this.undo.push(host, spec, mask, 1);
  }

  /** Gives back the room that a bound task holds. */
  remove(task: number): void {
    const { tasks } = this.cluster;
    assert(this.open, 'this fork was reverted');
    const host = tasks.host[task]!;
    const spec = tasks.spec[task]!;
    this.apply(host, spec, tasks.gpuMask[task]!, -1);
    this.undo.push(host, spec, tasks.gpuMask[task]!, -1);
  }

  /** Takes the room again that `remove` gave back. */
  putBack(task: number): void {
    const { tasks } = this.cluster;
    assert(this.open, 'this fork was reverted');
    const host = tasks.host[task]!;
    const spec = tasks.spec[task]!;
    this.apply(host, spec, tasks.gpuMask[task]!, 1);
    this.undo.push(host, spec, tasks.gpuMask[task]!, 1);
  }

  /** Undoes every change in reverse. A fork is always reverted: use `whatIf`. */
  revert(): void {
    for (let i = this.undo.length - 4; i >= 0; i -= 4) {
      const sign = this.undo[i + 3] === 1 ? -1 : 1;
      this.apply(this.undo[i]!, this.undo[i + 1]!, this.undo[i + 2]!, sign);
    }
    this.undo.length = 0;
    this.open = false;
  }

  private apply(host: number, spec: number, mask: number, sign: 1 | -1): void {
    const { hosts, specs } = this.cluster;
    hosts.cpuFree[host]! -= sign * specs.cpuTicks[spec]!;
    hosts.memoryFree[host]! -= sign * specs.memoryBytes[spec]!;
    hosts.slotsFree[host]! -= sign;
    for (let rest = mask; rest !== 0; rest &= rest - 1) {
      const device = 31 - Math.clz32(rest & -rest);
      hosts.gpuFree[host * GPUS_PER_HOST_MAX + device]! -= sign * specs.gpuMilli[spec]!;
    }
  }
}

/** Runs `question` on a fork and reverts it whatever happens. */
export function whatIf<T>(view: ClusterView, question: (fork: Fork) => T): T {
  const fork = view.fork();
  try {
    return question(fork);
  } finally {
    fork.revert();
  }
}
