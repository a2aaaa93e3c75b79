/**
 * GPU fragmentation of a host: how much of its idle GPU a typical task cannot use, in expectation.
 *
 *     F(h) = sum_p w_p * { idle(h)                              p asks for no GPU, may not run on h, or does not fit on h
 *                        { idle on devices with less than p asks of one       otherwise
 *
 * Fits       by CPU and GPU; memory is not looked at.
 * Units      milli-GPU. Weights w_p are counts of tasks, so F here is an integer, `weight` times the study's: no rounding
 *            can split hosts that tie.
 * Cost       O(typical tasks x devices).
 * Source     Q. Weng, L. Yang, Y. Yu, W. Wang, X. Tang, G. Yang, L. Zhang, "Beware of Fragmentation: Scheduling GPU-Sharing
 *            Workloads with Fragmentation Gradient Descent", USENIX ATC 2023; published-results 2.1.
 */

import { ELIGIBLE, eligibilityOf } from '../../cluster/specs.ts';
import { typicalTasks } from './typical-tasks.ts';
import type { HostKind } from '../../cluster/specs.ts';
import type { ReadonlyColumn } from '../../base/columns.ts';
import type { TypicalTask } from './typical-tasks.ts';
import type { WorkloadMix } from './workload-mix.ts';

export class Fragmentation {
  readonly tasks: readonly TypicalTask[];
  /** Sum of the counts of the typical tasks; 0 for an empty mix, whose F is 0 everywhere. */
  readonly weight: number;
  /** By kind of host: which typical tasks may run there at all. */
  private readonly allowed = new WeakMap<HostKind, readonly boolean[]>();

  constructor(mix: WorkloadMix) {
    this.tasks = typicalTasks(mix);
    this.weight = this.tasks.reduce((sum, { count }) => sum + count, 0);
  }

  /** F times `weight` of a host of `kind` with so much free CPU, and GPU in the first `deviceCount` of `gpuFree`. */
  weighted(
    kind: HostKind,
    cpuTicksFree: number,
    gpuFree: ReadonlyColumn,
    deviceCount: number,
  ): number {
    let idle = 0;
    for (let device = 0; device < deviceCount; device++) idle += gpuFree[device]!;
    if (idle === 0) return 0;
    const allowed = this.allowedOn(kind);
    let sum = 0;
    for (let i = 0; i < this.tasks.length; i++) {
      const { spec, count } = this.tasks[i]!;
      const fits = allowed[i]! && spec.gpuCount > 0 && spec.cpuTicks <= cpuTicksFree;
      sum += count * (fits ? unusable(spec.gpuCount, spec.gpuMilli, gpuFree, deviceCount) : idle);
    }
    return sum;
  }

  private allowedOn(kind: HostKind): readonly boolean[] {
    let allowed = this.allowed.get(kind);
    if (allowed === undefined) {
      allowed = this.tasks.map(({ spec }) => eligibilityOf(spec, kind) === ELIGIBLE);
      this.allowed.set(kind, allowed);
    }
    return allowed;
  }
}

/** Milli-GPU on devices with less than `milli`; all that is idle when fewer than `count` devices have that much. */
function unusable(
  count: number,
  milli: number,
  gpuFree: ReadonlyColumn,
  deviceCount: number,
): number {
  let small = 0;
  let large = 0;
  let enough = 0;
  for (let device = 0; device < deviceCount; device++) {
    const free = gpuFree[device]!;
    if (free < milli) small += free;
    else {
      large += free;
      enough++;
    }
  }
  return enough >= count ? small : small + large;
}
