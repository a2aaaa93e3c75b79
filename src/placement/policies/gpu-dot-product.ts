/**
 * Dot product over CPU and GPU, as the FGD study has it: the smallest product wins, so tasks go to fuller hosts.
 *
 *     score(h) = int(100 * (1 - (cpuFree / 128000 * cpuDemand / 128000 + gpuFree / 8000 * gpuDemand / 8000) / 2))
 *
 * Units      milli-cores and milli-GPU, against the study's largest host; 0 to 100 up to that size.
 * Exact      the source's own order of double operations.
 * Ties       the next policy of the list, then the tie rule (the study: first of a permuted host order). They are frequent:
 *            a task of a few cores and one GPU moves the product by a hundredth or two.
 * Source     published-results 2.1; hkust-adsl/kubernetes-scheduler-simulator, `dot_product_score.go` with dimension
 *            method `merge` and norm `max`. It names Tetris, whose sign is the opposite: see `alignment`.
 */

import { TICKS_PER_MILLI } from '../../base/units.ts';
import { gpuMilliAsked, gpuMilliFree } from './gpu-free.ts';
import type { PolicyKind } from '../policy.ts';

const CPU_MILLI_MAX = 128_000;
const GPU_MILLI_MAX = 8_000;
const SCORE_MAX = 100;

export const gpuDotProduct: PolicyKind = {
  name: 'gpu-dot-product',
  summary: 'the smallest dot product of demand and free CPU and GPU, as in the FGD study',
  parameters: {},
  create: () => ({
    hostLocal: true,
    score(host, { spec }, view) {
      const cpuFree = view.hosts.cpuFree[host]! / TICKS_PER_MILLI / CPU_MILLI_MAX;
      const cpuDemand = view.specs.cpuTicks[spec]! / TICKS_PER_MILLI / CPU_MILLI_MAX;
      const gpuFree = gpuMilliFree(view, host) / GPU_MILLI_MAX;
      const gpuDemand = gpuMilliAsked(view, spec) / GPU_MILLI_MAX;
      const product = (cpuFree * cpuDemand + gpuFree * gpuDemand) / 2;
      return Math.trunc(SCORE_MAX * (1 - product));
    },
  }),
};
