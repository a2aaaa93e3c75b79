/**
 * Dot product: the host whose free amounts go best with the demand, in amounts and not in shares of the host.
 *
 *     score(h) = floor(10^6 * (cpu_demand * cpu_free + memory_demand * memory_free))
 *
 * Units      CPU in cores; memory in units of `memory-per-core`, which says how much memory weighs as much as a core.
 * Ties       the next policy of the list, then the tie rule. Below 2^53 up to 90,000 cores squared.
 * Source     R. Panigrahy, K. Talwar, L. Uyeda, U. Wieder, "Heuristics for vector bin packing", Microsoft Research 2011:
 *            DotProduct, for one task at a time over open bins. Departs: weights are given, not the mean demand.
 *            Scaled by each host's own capacity it is `alignment`; with GPU and the sign turned, `gpu-dot-product`.
 */

import { GIB, TICKS_PER_CORE } from '../../base/units.ts';
import type { PolicyKind } from '../policy.ts';

const SCORE_UNITS = 1_000_000;

export const dotProduct: PolicyKind = {
  name: 'dot-product',
  summary: 'the largest dot product of demand and free CPU and memory, in amounts',
  parameters: { 'memory-per-core': ['4GiB', '2GiB', '8GiB'] },
  create: (parameters) => {
    const unitBytes = Number.parseInt(parameters['memory-per-core']!, 10) * GIB;
    return {
      hostLocal: true,
      trend: { cpuFree: 'rises', memoryFree: 'rises' },
      score(host, { spec }, { hosts, specs }) {
        const cpu =
          (specs.cpuTicks[spec]! / TICKS_PER_CORE) * (hosts.cpuFree[host]! / TICKS_PER_CORE);
        const memory =
          (specs.memoryBytes[spec]! / unitBytes) * (hosts.memoryFree[host]! / unitBytes);
        return Math.floor(SCORE_UNITS * (cpu + memory));
      },
    };
  },
};
