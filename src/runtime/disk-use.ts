/**
 * Local disk that the containers of a task fill: logs, their own layers, scratch volumes (kubernetes.md 2.8). Piecewise constant
 * since the start of the run; a run that ends leaves nothing behind.
 */

import { NEVER } from '../base/units.ts';

export interface DiskStep {
  /** Since the start of the run. */
  readonly afterUs: number;
  readonly bytes: number;
}

export interface DiskUse {
  /** In ascending order. */
  readonly steps: readonly DiskStep[];
  /** What whoever goes above is evicted sooner for: 0 for nothing asked. */
  readonly requestBytes: number;
  /** Above it the pod itself is evicted; Infinity for none. */
  readonly limitBytes: number;
}

/** In use so long after the start of the run. */
export function diskInUse({ steps }: DiskUse, afterUs: number): number {
  let inUse = 0;
  for (const step of steps) {
    if (step.afterUs > afterUs) break;
    inUse = step.bytes;
  }
  return inUse;
}

/** Time since the start of the run of the next change, or NEVER. */
export function nextDiskStepUs({ steps }: DiskUse, afterUs: number): number {
  return steps.find((step) => step.afterUs > afterUs)?.afterUs ?? NEVER;
}
