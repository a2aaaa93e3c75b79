/**
 * What a pod's containers should request (kubernetes.md 4.2). Pure.
 *
 *     target   percentile 90          x 1.15
 *     lower    percentile 50          x 1.15 x (1 + 0.001 / c)^-2
 *     upper    percentile 95          x 1.15 x (1 + 1 / c)              c: confidence in days
 *
 * Order      every step is truncated to whole milli-cores and bytes; minimums come last: 25 m and 250 MiB, divided by the
 *            number of containers (kubernetes.md 8.14).
 * No sample  lower and target are the minimum; upper has no bound (1e14) with samples of one instant.
 * Differs    from the fact sheet: the real code truncates amounts, it does not round them up.
 */

import { MIB } from '../../base/units.ts';
import type { ContainerHistory } from './container-history.ts';

/** Whole milli-cores and bytes. */
export interface ContainerAmounts {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

export interface ContainerRecommendation {
  readonly target: ContainerAmounts;
  readonly lower: ContainerAmounts;
  readonly upper: ContainerAmounts;
}

/** Stands for no bound. */
export const AMOUNT_MAX = 1e14;

const MARGIN = 0.15;
const MILLI = 1000;
const CPU_MILLI_MIN = 25;
const MEMORY_BYTES_MIN = 250 * MIB;

/** `containers`: how many the pod has that the autoscaler looks after. */
export function recommend(history: ContainerHistory, containers: number): ContainerRecommendation {
  const confidence = history.confidence();
  const minimum = {
    cpuMilli: scaled(CPU_MILLI_MIN, 1 / containers),
    memoryBytes: scaled(MEMORY_BYTES_MIN, 1 / containers),
  };
  const amounts = (share: number, factor: number): ContainerAmounts => ({
    cpuMilli: Math.max(estimate(history.cpu.percentile(share) * MILLI, factor), minimum.cpuMilli),
    memoryBytes: Math.max(
      estimate(history.memoryPeaks.percentile(share), factor),
      minimum.memoryBytes,
    ),
  });
  const timid = 1 + 0.001 / confidence;
  return {
    target: amounts(0.9, 1),
    lower: amounts(0.5, 1 / (timid * timid)),
    upper: amounts(0.95, 1 + 1 / confidence),
  };
}

function estimate(percentile: number, factor: number): number {
  const base = whole(percentile);
  return scaled(base + scaled(base, MARGIN), factor);
}

function scaled(amount: number, factor: number): number {
  return whole(amount * factor);
}

/** Nothing of everything, which is no number, is nothing. */
function whole(amount: number): number {
  if (amount > AMOUNT_MAX) return AMOUNT_MAX;
  return amount > 0 ? Math.trunc(amount) : 0;
}
