/**
 * The sizes in which Fargate sells a task or a pod.
 *
 *   vCPU   memory, GB                      vCPU   memory, GB
 *   0.25   0.5, 1, 2                       4      8 ... 30 by 1
 *   0.5    1 ... 4 by 1                    8      16 ... 60 by 4
 *   1      2 ... 8 by 1                    16     32 ... 120 by 8
 *   2      4 ... 16 by 1                   32     60, 120, 244      (ECS only)
 *
 * Windows   1, 2 and 4 vCPU.
 *
 * Choice    the smallest vCPU, then the smallest memory, that holds both demands. EKS first adds 256 MB for the kubelet
 *           and its companions. ECS itself rounds nothing: a task definition must name a row, or registration fails; rounding up
 *           stands for the author of a task definition who picks the row.
 * Units     AWS's GB are GiB here (its API takes 512 for 0.5 GB), its MB are MiB.
 * Source    aws.md 4.1.
 */

import { GIB, MIB, TICKS_PER_CORE } from '../base/units.ts';

export interface FargateSize {
  readonly cpuTicks: number;
  readonly memoryBytes: number;
}

export type FargateOrchestrator = 'ecs' | 'kubernetes';

export interface FargateUse {
  readonly orchestrator: FargateOrchestrator;
  /** Default linux. */
  readonly os?: 'linux' | 'windows';
}

const KUBELET_BYTES = 256 * MIB;
const ECS_ONLY_VCPU = 32;

const MEMORY_GIB_OF_VCPU: readonly (readonly [vcpu: number, memoryGib: readonly number[]])[] = [
  [0.25, [0.5, 1, 2]],
  [0.5, range(1, 4, 1)],
  [1, range(2, 8, 1)],
  [2, range(4, 16, 1)],
  [4, range(8, 30, 1)],
  [8, range(16, 60, 4)],
  [16, range(32, 120, 8)],
  [ECS_ONLY_VCPU, [60, 120, 244]],
];

/** By vCPU, then memory. */
export const FARGATE_SIZES: readonly FargateSize[] = MEMORY_GIB_OF_VCPU.flatMap(
  ([vcpu, memoryGib]) =>
    memoryGib.map((gib) => ({ cpuTicks: vcpu * TICKS_PER_CORE, memoryBytes: gib * GIB })),
);

/** The size that is sold for a demand; undefined when none is large enough. */
export function fargateSizeFor(
  cpuTicks: number,
  memoryBytes: number,
  { orchestrator, os = 'linux' }: FargateUse,
): FargateSize | undefined {
  const needBytes = memoryBytes + (orchestrator === 'kubernetes' ? KUBELET_BYTES : 0);
  return FARGATE_SIZES.find(
    (size) =>
      size.cpuTicks >= cpuTicks &&
      size.memoryBytes >= needBytes &&
      isSold(size, orchestrator) &&
      (os === 'linux' || isSoldForWindows(size)),
  );
}

/** Whether an ECS task definition of this size can be registered for Fargate. */
export function isExactFargateSize(cpuTicks: number, memoryBytes: number): boolean {
  return FARGATE_SIZES.some(
    (size) => size.cpuTicks === cpuTicks && size.memoryBytes === memoryBytes,
  );
}

function isSold(size: FargateSize, orchestrator: FargateOrchestrator): boolean {
  return orchestrator === 'ecs' || size.cpuTicks < ECS_ONLY_VCPU * TICKS_PER_CORE;
}

/** 1, 2 and 4 vCPU. */
function isSoldForWindows({ cpuTicks }: FargateSize): boolean {
  return cpuTicks >= TICKS_PER_CORE && cpuTicks <= 4 * TICKS_PER_CORE;
}

function range(first: number, last: number, step: number): number[] {
  const values = [];
  for (let value = first; value <= last; value += step) values.push(value);
  return values;
}
