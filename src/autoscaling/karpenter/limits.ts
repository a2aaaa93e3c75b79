/**
 * What a NodePool may still launch.
 *
 * Remaining  limits - capacity of the pool's nodes (those on their way and those on their way out among them).
 * Opening    types above what remains are left out; no node left refuses the pool.
 * Opened     takes off the largest capacity over the claim's remaining types: pessimistic, so one batch can stop short.
 * Left out   the second check at creation: nothing changes between plan and launch.
 * Source     aws.md 1.10, 10.1 (11).
 */

import { HOST_STATE } from '../../cluster/hosts.ts';
import { eksCapacity } from '../../cloud/allocatable.ts';
import { findInstanceType } from '../../cloud/catalogue.ts';
import type { CandidateType } from './instance-types.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { NodePoolConfig } from './config.ts';

export class Limits {
  private cpuTicks: number;
  private memoryBytes: number;
  private nodes: number;

  constructor(view: ClusterView, config: NodePoolConfig) {
    ({ cpuTicks: this.cpuTicks, memoryBytes: this.memoryBytes, nodes: this.nodes } = config.limits);
    if (this.isOpenEnded) return;
    const { hosts, hostTypes } = view;
    for (let host = 0; host < hosts.count; host++) {
      if (hosts.pool[host] !== config.pool || hosts.state[host]! > HOST_STATE.draining) continue;
      const type = findInstanceType(hostTypes[host]!);
      const memory =
        type === undefined ? hosts.memoryCapacity[host]! : eksCapacity(type).memoryBytes;
      this.take(hosts.cpuCapacity[host]!, memory);
    }
  }

  get isOpenEnded(): boolean {
    return Math.min(this.cpuTicks, this.memoryBytes, this.nodes) === Infinity;
  }

  /** The types that may be opened now. */
  within(types: readonly CandidateType[]): readonly CandidateType[] {
    if (this.nodes <= 0) return [];
    if (this.isOpenEnded) return types;
    return types.filter(
      (type) =>
        type.capacityCpuTicks <= this.cpuTicks && type.capacityMemoryBytes <= this.memoryBytes,
    );
  }

  takeLargestOf(types: readonly CandidateType[]): void {
    let cpuTicks = 0;
    let memoryBytes = 0;
    for (const type of types) {
      cpuTicks = Math.max(cpuTicks, type.capacityCpuTicks);
      memoryBytes = Math.max(memoryBytes, type.capacityMemoryBytes);
    }
    this.take(cpuTicks, memoryBytes);
  }

  private take(cpuTicks: number, memoryBytes: number): void {
    this.cpuTicks -= cpuTicks;
    this.memoryBytes -= memoryBytes;
    this.nodes -= 1;
  }
}
