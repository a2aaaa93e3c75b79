/** From the quotas of a cluster to the controller that admits by them. Their workloads begin suspended. */

import { QuotaAdmission } from '../../orchestration/kubernetes/quota/quota-admission.ts';
import type { Cluster } from '../schema-cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { Workloads } from './workloads.ts';
import type { World } from './world.ts';

export function quotaAdmission(
  world: World,
  { rowsOf }: Workloads,
  settings: Cluster,
): Controller[] {
  if (settings.orchestrator !== 'kubernetes' || settings.quotas.length === 0) return [];
  const queues = settings.quotas.map((quota) => ({
    ...quota,
    workloads: quota.workloads.flatMap((name) => rowsOf.get(name) ?? []),
  }));
  for (const { workloads } of queues) {
    for (const row of workloads) world.cluster.workloads.holds[row] = 1;
  }
  return [new QuotaAdmission(world.cluster, queues)];
}
