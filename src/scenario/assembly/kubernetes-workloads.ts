/** The workload controllers of a Kubernetes cluster, and the budgets that bind evictions there. */

import { DaemonSetController } from '../../orchestration/kubernetes/controllers/daemon-set-controller.ts';
import { DeploymentController } from '../../orchestration/kubernetes/controllers/deployment-controller.ts';
import { DisruptionBudgets } from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import { DrainController } from '../../orchestration/kubernetes/controllers/drain-controller.ts';
import { JobController } from '../../orchestration/kubernetes/controllers/job-controller.ts';
import { slotsOf } from '../../orchestration/kubernetes/controllers/job-run.ts';
import { SinglePodJobs } from '../../orchestration/kubernetes/controllers/single-pod-jobs.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { StatefulSetController } from '../../orchestration/kubernetes/controllers/stateful-set-controller.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { Workloads } from './workloads.ts';
import type { World } from './world.ts';

/** By cluster; empty ones for clusters without budgets, which are all that are not Kubernetes'. */
export function assembleBudgets(
  { cluster, variant }: World,
  { controlled }: Workloads,
): DisruptionBudgets[] {
  const clusterOf = (row: number) => cluster.workloads.cluster[row]!;
  return variant.clusters.map(({ orchestrator }, index) => {
    const budgets = controlled.budgets.filter(
      ({ workloads }) => orchestrator === 'kubernetes' && clusterOf(workloads[0]!) === index,
    );
    return new DisruptionBudgets(cluster, budgets);
  });
}

export function workloadControllers(
  { cluster, seed, variant }: World,
  { controlled }: Workloads,
  index: number,
  budgets: DisruptionBudgets,
): Controller[] {
  const statefulSets = new Map(
    [...controlled.statefulSets].filter(([row]) => cluster.workloads.cluster[row] === index),
  );
  const out: Controller[] = [
    new DeploymentController(cluster, {
      cluster: index,
      deployments: controlled.deployments,
      others: new Set(statefulSets.keys()),
      seed,
    }),
  ];
  const jobs = controlled.jobs.filter(
    ({ workload }) => cluster.workloads.cluster[workload] === index,
  );
  const others = new Set(jobs.map(({ workload }) => workload));
  if (hasSinglePodJobs(cluster, index, others)) {
    out.push(new SinglePodJobs(cluster, { cluster: index, others }));
  }
  if (jobs.length > 0) {
    out.push(new JobController(cluster, jobs, variant.scenario.startUs, seed));
  }
  if (statefulSets.size > 0) out.push(new StatefulSetController(cluster, statefulSets));
  if (!budgets.isEmpty) out.push(new DrainController(cluster, index, budgets));
  return out;
}

function hasSinglePodJobs(
  { workloads }: Cluster,
  index: number,
  others: ReadonlySet<number>,
): boolean {
  return Array.from({ length: workloads.count }, (_, row) => row).some((row) => {
    const kind = WORKLOAD_KINDS[workloads.kind[row]!]!;
    const isOurs = workloads.cluster[row] === index && !others.has(row);
    return isOurs && (kind === 'job' || kind === 'trace');
  });
}

/** Of the Jobs that a controller keeps in clusters with Fargate: there a pod that has ended is billed until it is deleted. */
export function podsOfJob(
  { cluster, variant }: World,
  { controlled }: Workloads,
): Map<number, number> {
  const hasFargate = variant.clusters.map(
    ({ orchestrator, pools }) =>
      orchestrator === 'kubernetes' && pools.some(({ kind }) => kind.startsWith('fargate')),
  );
  return new Map(
    controlled.jobs
      .filter(({ workload }) => hasFargate[cluster.workloads.cluster[workload]!])
      .map(({ workload, options }) => [workload, slotsOf(options)]),
  );
}

export function daemonSetController(
  { cluster }: World,
  { controlled }: Workloads,
  index: number,
): Controller {
  return new DaemonSetController(cluster, index, controlled.daemonSets);
}
