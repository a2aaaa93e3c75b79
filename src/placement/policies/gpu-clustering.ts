/**
 * GPU clustering: tasks with the same number of GPUs together, on the fullest of such hosts.
 *
 *     score(h) = 25 * (8000 - gpuFree) div 8000
 *              + 75 when h has GPU tasks of this class only, 50 of this and others, 25 of none, 0 of others only
 *     a task without GPU: 0
 *
 * Class      share of one GPU; 1 whole GPU; 2; ... Tasks without GPU are of no class.
 * Units      milli-GPU, against the study's largest host (8 GPUs); integers 0 to 100 up to that size.
 * Cost       O(tasks on the host), until this class and another are met.
 * Ties       the next policy of the list, then the tie rule (the study: first of a permuted host order).
 * Source     published-results 2.1; hkust-adsl/kubernetes-scheduler-simulator, `gpu_clustering_score.go`; after Gandiva
 *            (OSDI 2018).
 */

import { MILLI_PER_GPU } from '../../base/units.ts';
import { NO_ROW } from '../../cluster/hosts.ts';
import { gpuMilliFree } from './gpu-free.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PlacementRequest, PolicyKind } from '../policy.ts';

const GPU_MILLI_MAX = 8_000;
const FULLNESS_MAX = 25;
const NO_GPU = -1;
const SHARE = 0;

/** Number of whole GPUs, SHARE, or NO_GPU. */
function classOf({ specs }: ClusterView, spec: number): number {
  const count = specs.gpuCount[spec]!;
  if (count === 0) return NO_GPU;
  return count === 1 && specs.gpuMilli[spec]! < MILLI_PER_GPU ? SHARE : count;
}

function companyScore(view: ClusterView, host: number, own: number): number {
  const { hosts, tasks } = view;
  let hasOwn = false;
  let hasOther = false;
  let task = hosts.firstTask[host]!;
  for (; task !== NO_ROW && !(hasOwn && hasOther); task = tasks.nextOnHost[task]!) {
    const other = classOf(view, tasks.spec[task]!);
    if (other === own) hasOwn = true;
    else if (other !== NO_GPU) hasOther = true;
  }
  if (hasOwn) return hasOther ? 50 : 75;
  return hasOther ? 0 : 25;
}

function clusteringScore(host: number, { spec }: PlacementRequest, view: ClusterView): number {
  const own = classOf(view, spec);
  if (own === NO_GPU) return 0;
  const used = GPU_MILLI_MAX - gpuMilliFree(view, host);
  return Math.trunc((FULLNESS_MAX * used) / GPU_MILLI_MAX) + companyScore(view, host, own);
}

export const gpuClustering: PolicyKind = {
  name: 'gpu-clustering',
  summary: 'hosts that run tasks with the same number of GPUs, the fullest first',
  parameters: {},
  create: () => ({ hostLocal: true, score: clusteringScore }),
};
