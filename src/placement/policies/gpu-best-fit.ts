/**
 * Best fit over CPU and GPU, as the FGD study has it: the host that is left with the least.
 *
 *     score(h) = int(100 * (1 - (cpuLeft / 128000 * 0.5 + gpuLeft / 8000 * 0.5)))      left = free - demand
 *
 * Units      milli-cores and milli-GPU, against the study's largest host (128 cores, 8 GPUs): 0 to 100 up to that size,
 *            below 0 on larger ones. Memory is not looked at.
 * Exact      the source's own order of double operations, so equal scores are equal there.
 * Ties       the next policy of the list, then the tie rule (the study: first of a permuted host order).
 * Source     published-results 2.1; hkust-adsl/kubernetes-scheduler-simulator, `best_fit_score.go`. Left out: its min-max
 *            normalisation over the feasible hosts, which stretches a range of at most 100 to 0..100 in integers: it
 *            keeps order and ties, and a score that is used alone chooses the same host.
 */

import { TICKS_PER_MILLI } from '../../base/units.ts';
import { gpuMilliAsked, gpuMilliFree } from './gpu-free.ts';
import type { PolicyKind } from '../policy.ts';

const CPU_MILLI_MAX = 128_000;
const GPU_MILLI_MAX = 8_000;
const SCORE_MAX = 100;

export const gpuBestFit: PolicyKind = {
  name: 'gpu-best-fit',
  summary: 'the host that is left with the least CPU and GPU together, as in the FGD study',
  parameters: {},
  create: () => ({
    hostLocal: true,
    score(host, { spec }, view) {
      const cpuTicksLeft = view.hosts.cpuFree[host]! - view.specs.cpuTicks[spec]!;
      const gpuMilliLeft = gpuMilliFree(view, host) - gpuMilliAsked(view, spec);
      const left =
        (cpuTicksLeft / TICKS_PER_MILLI / CPU_MILLI_MAX) * 0.5 +
        (gpuMilliLeft / GPU_MILLI_MAX) * 0.5;
      return Math.trunc((1 - left) * SCORE_MAX);
    },
  }),
};
