/**
 * Which of up to 32 requests may be on a host, free CPU, memory and slots apart: pool, labels and taints by its class, and
 * devices. One bit a request.
 */

import { gpuDevicesFor } from '../../cluster/fit.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostClasses } from './host-classes.ts';
import type { PlacementRequest } from '../policy.ts';

export class Admission {
  private readonly view: ClusterView;
  private readonly classes: HostClasses;
  private readonly requests: (PlacementRequest | undefined)[] = [];
  /** By class, as far as asked. */
  private classBits: (number | undefined)[] = [];
  /** Of the requests that want devices. */
  private gpuBits = 0;

  constructor(view: ClusterView, classes: HostClasses) {
    this.view = view;
    this.classes = classes;
  }

  /** Gives a bit to a request, who had it before has it no more. */
  set(bit: number, request: PlacementRequest): void {
    this.requests[bit] = request;
    this.classBits = [];
    const wantsDevices = this.view.specs.gpuCount[request.spec]! > 0;
    this.gpuBits = wantsDevices ? this.gpuBits | (1 << bit) : this.gpuBits & ~(1 << bit);
  }

  /** The requests that hosts of the class admit. */
  ofClass(hostClass: number): number {
    return this.classBits[hostClass] ?? this.askClass(hostClass);
  }

  /** Those of `bits` whose devices the host can give. */
  withDevices(bits: number, host: number): number {
    const wanting = bits & this.gpuBits;
    return wanting === 0 ? bits : bits & ~this.withoutDevices(wanting, host);
  }

  private withoutDevices(bits: number, host: number): number {
    const { hosts, specs } = this.view;
    if (hosts.gpuCount[host] === 0) return bits;
    let without = 0;
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const bit = 31 - Math.clz32(rest & -rest);
      if (gpuDevicesFor(specs, this.requests[bit]!.spec, hosts, host) === 0) without |= 1 << bit;
    }
    return without;
  }

  private askClass(hostClass: number): number {
    let bits = 0;
    for (const [bit, request] of this.requests.entries()) {
      if (request !== undefined && this.classes.admits(hostClass, request)) bits |= 1 << bit;
    }
    this.classBits[hostClass] = bits;
    return bits;
  }
}
