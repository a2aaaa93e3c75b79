/**
 * Alignment: put the task where the free resources point the same way as its demand.
 *
 *     score(h) = floor(10^6 * sum_r demand_r * free_(h,r) / capacity_(h,r)^2)       r in cpu, memory
 *
 * Both vectors are scaled by the host's own allocatable, so the sum has no unit and lies in 0 to 2 on every host that fits.
 *
 * Units      CPU in ticks, memory in bytes; the score in parts per million. A resource without allocatable adds nothing.
 * Ties       the next policy of the list, then the tie rule.
 * Source     R. Grandl, G. Ananthanarayanan, S. Kandula, S. Rao, A. Akella, "Multi-resource packing for cluster
 *            schedulers" (Tetris), SIGCOMM 2014: the alignment score. Left out: the penalty for remote input, and the
 *            shortest-remaining-work term, which orders the queue.
 */

import type { PolicyKind } from '../policy.ts';

const SCORE_UNITS = 1_000_000;

/** One resource's part of the sum. */
function aligned(demand: number, free: number, capacity: number): number {
  return capacity === 0 ? 0 : (demand / capacity) * (free / capacity);
}

export const alignment: PolicyKind = {
  name: 'alignment',
  summary: "Tetris' alignment: the largest dot product of demand and free, by the host's capacity",
  parameters: {},
  create: () => ({
    hostLocal: true,
    trend: { cpuFree: 'rises', memoryFree: 'rises' },
    score(host, { spec }, { hosts, specs }) {
      const cpu = aligned(specs.cpuTicks[spec]!, hosts.cpuFree[host]!, hosts.cpuAllocatable[host]!);
      const memory = aligned(
        specs.memoryBytes[spec]!,
        hosts.memoryFree[host]!,
        hosts.memoryAllocatable[host]!,
      );
      return Math.floor(SCORE_UNITS * (cpu + memory));
    },
  }),
};
