/**
 * GPU packing: first the GPUs that are shared already, then whole GPUs of hosts in use, then untouched hosts.
 *
 *     untouched host (all g GPUs whole)       max(33 - g, g)
 *     needs f > 0 whole GPUs                  max(50 - f, 33)
 *     only shared GPUs                        max(100 - sum_devices(left * 100 div 1000) div 10, 50)
 *     a task without GPU                      0
 *
 * Devices    those that the task would get by cluster/fit.ts: the tightest for a share, whole ones from the lowest number.
 * Units      milli-GPU; integers 0 to 100.
 * Ties       the next policy of the list, then the tie rule (the study: first of a permuted host order).
 * Source     published-results 2.1; hkust-adsl/kubernetes-scheduler-simulator, `gpu_packing_score.go`; a policy of Alibaba's
 *            production clusters (MLaaS in the wild, NSDI 2022).
 */

import { GPUS_PER_HOST_MAX } from '../../cluster/hosts.ts';
import { MILLI_PER_GPU } from '../../base/units.ts';
import { gpuDevicesFor } from '../../cluster/fit.ts';
import { wholeGpusFree } from './gpu-free.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PlacementRequest, PolicyKind } from '../policy.ts';

const SHARED_MAX = 100;
const SHARED_MIN = 50;
const WHOLE_MAX = 50;
const WHOLE_MIN = 33;
const UNTOUCHED_MAX = 33;

function packingScore(host: number, { spec }: PlacementRequest, view: ClusterView): number {
  const { hosts, specs } = view;
  if (specs.gpuCount[spec] === 0) return 0;
  const whole = wholeGpusFree(view, host);
  if (whole === hosts.gpuCount[host]) return Math.max(UNTOUCHED_MAX - whole, whole);

  let wholeTaken = 0;
  let percentLeft = 0;
  for (let mask = gpuDevicesFor(specs, spec, hosts, host); mask !== 0; mask &= mask - 1) {
    const device = 31 - Math.clz32(mask & -mask);
    const left = hosts.gpuFree[host * GPUS_PER_HOST_MAX + device]!;
    if (left === MILLI_PER_GPU) wholeTaken++;
    percentLeft += Math.trunc((left * 100) / MILLI_PER_GPU);
  }
  if (wholeTaken > 0) return Math.max(WHOLE_MAX - wholeTaken, WHOLE_MIN);
  return Math.max(SHARED_MAX - Math.trunc(percentLeft / 10), SHARED_MIN);
}

export const gpuPacking: PolicyKind = {
  name: 'gpu-packing',
  summary: 'shared GPUs first, then whole GPUs of hosts in use, then untouched hosts',
  parameters: {},
  create: () => ({ hostLocal: true, score: packingScore }),
};
