/**
 * Does a spec fit on a host? `<=` on integers, no tolerance; the first resource that lacks room is the reason.
 *
 * GPU        whole devices (1000 milli) need that many wholly free devices; a share needs one device with enough left.
 * Devices    whole: lowest numbers first; shares: the tightest device that fits, then the lowest number.
 */

import { GPUS_PER_HOST_MAX } from './hosts.ts';
import { MILLI_PER_GPU } from '../base/units.ts';
import type { FreeView } from './cluster.ts';
import type { Specs } from './specs.ts';
import type { PendingReason } from '../base/reasons.ts';

/** True when `spec` fits on `host` by resources alone. */
export function fits(specs: Specs, spec: number, free: FreeView, host: number): boolean {
  return (
    specs.cpuTicks[spec]! <= free.cpuFree[host]! &&
    specs.memoryBytes[spec]! <= free.memoryFree[host]! &&
    free.slotsFree[host]! > 0 &&
    (specs.gpuCount[spec] === 0 || gpuDevicesFor(specs, spec, free, host) !== 0)
  );
}

/** Why `spec` does not fit on `host`, or undefined when it does. */
export function misfit(
  specs: Specs,
  spec: number,
  free: FreeView,
  host: number,
): PendingReason | undefined {
  if (free.slotsFree[host]! <= 0) return 'too-many-pods';
  if (specs.cpuTicks[spec]! > free.cpuFree[host]!) return 'insufficient-cpu';
  if (specs.memoryBytes[spec]! > free.memoryFree[host]!) return 'insufficient-memory';
  if (specs.gpuCount[spec]! > 0 && gpuDevicesFor(specs, spec, free, host) === 0) {
    return 'insufficient-gpu';
  }
  return undefined;
}

/** The devices that `spec` would get on `host`, bit d for device d; 0 when they are not there. */
export function gpuDevicesFor(specs: Specs, spec: number, free: FreeView, host: number): number {
  const base = host * GPUS_PER_HOST_MAX;
  const count = specs.gpuCount[spec]!;
  const milli = specs.gpuMilli[spec]!;
  if (count === 1 && milli < MILLI_PER_GPU) return tightestDevice(free.gpuFree, base, milli);
  let mask = 0;
  let found = 0;
  for (let device = 0; device < GPUS_PER_HOST_MAX && found < count; device++) {
    if (free.gpuFree[base + device]! >= milli) {
      mask |= 1 << device;
      found++;
    }
  }
  return found === count ? mask : 0;
}

/** True when the devices of `mask` are as many as `spec` asks for, and each has room. */
export function devicesFit(
  specs: Specs,
  spec: number,
  free: FreeView,
  host: number,
  mask: number,
): boolean {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) {
    const left = free.gpuFree[host * GPUS_PER_HOST_MAX + 31 - Math.clz32(rest & -rest)]!;
    if (left === 0 || left < specs.gpuMilli[spec]!) return false;
    count++;
  }
  return count === specs.gpuCount[spec];
}

function tightestDevice(gpuFree: FreeView['gpuFree'], base: number, milli: number): number {
  let best = -1;
  for (let device = 0; device < GPUS_PER_HOST_MAX; device++) {
    const left = gpuFree[base + device]!;
    if (left >= milli && left > 0 && (best < 0 || left < gpuFree[base + best]!)) best = device;
  }
  return best < 0 ? 0 : 1 << best;
}
