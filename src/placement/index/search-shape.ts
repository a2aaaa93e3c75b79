/**
 * What hosts under one root of a search tree have in common, and the keys that order them there.
 *
 * Key   24 bits, two a level of the tree from the highest: what is free of one resource, in steps of a power of two; or 12
 *       bits of each resource in turn.
 */

/** Levels that follow free amounts, with two bits of the key each. */
export const LEVELS = 12;
export const KEY_BITS = 2 * LEVELS;

/** What the key is made of. */
export type Axis = 'both' | 'cpu' | 'memory';

/** All hosts of a size may, or may not, run a task for the same reasons. */
export interface HostSize {
  readonly hostClass: number;
  readonly gpuCount: number;
  readonly cpuAllocatable: number;
  readonly memoryAllocatable: number;
}

export interface Shape extends HostSize {
  readonly cpuStep: number;
  readonly memoryStep: number;
  /** Node of the tree. */
  readonly root: number;
}

export function shapeOf(size: HostSize, axis: Axis, root: number): Shape {
  const { hostClass, gpuCount, cpuAllocatable, memoryAllocatable } = size;
  const bits = axis === 'both' ? LEVELS : KEY_BITS;
  const cpuStep = stepOf(cpuAllocatable, bits);
  const memoryStep = stepOf(memoryAllocatable, bits);
  return { hostClass, gpuCount, cpuAllocatable, memoryAllocatable, cpuStep, memoryStep, root };
}

export function searchKey(
  { cpuStep, memoryStep }: Shape,
  axis: Axis,
  cpu: number,
  memory: number,
): number {
  if (axis === 'cpu') return Math.floor(cpu / cpuStep);
  if (axis === 'memory') return Math.floor(memory / memoryStep);
  return (spread(Math.floor(cpu / cpuStep)) << 1) | spread(Math.floor(memory / memoryStep));
}

/** A host that has none of a resource has a share of 0 free. */
export function shareOf(free: number, allocatable: number): number {
  return free === 0 ? 0 : free / allocatable;
}

/** The narrowest power of two of which an amount holds less than 2^bits. */
function stepOf(allocatable: number, bits: number): number {
  let step = 1;
  while (allocatable >= step * (1 << bits)) step *= 2;
  return step;
}

/** The low 12 bits with a 0 in front of each. */
function spread(bits: number): number {
  let spaced = (bits | (bits << 8)) & 0x00ff00ff;
  spaced = (spaced | (spaced << 4)) & 0x0f0f0f0f;
  spaced = (spaced | (spaced << 2)) & 0x33333333;
  return (spaced | (spaced << 1)) & 0x55555555;
}
