/** What workloads say of the controllers that keep them, by workload row; those that say nothing are not here. */

import { selectorMatches } from '../../orchestration/kubernetes/framework/label-selector.ts';
import { DAEMON_TOLERATIONS } from '../../orchestration/kubernetes/controllers/daemon-set-step.ts';
import type { Budget } from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { DaemonSetOptions } from '../../orchestration/kubernetes/controllers/daemon-set-controller.ts';
import type { DeploymentOptions } from '../../orchestration/kubernetes/controllers/rollout.ts';
import type { EcsPlacement } from '../schema-ecs-placement.ts';
import type { EcsServiceOptions } from '../../orchestration/ecs/service/service-options.ts';
import type { ServiceScaling } from '../schema-service-scaling.ts';
import { parseCron } from '../../base/cron-schedule.ts';
import type { CronJobSpec, DisruptionBudgetSpec } from '../../cluster/controller-specs.ts';
import type { ServiceOwner } from '../../workload/manifests/manifest-workloads.ts';
import type { StatefulSetOptions } from '../../orchestration/kubernetes/controllers/stateful-set-controller.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import { PLAIN_JOB } from '../../orchestration/kubernetes/controllers/job-run.ts';
import type {
  JobSupply,
  JobWorkload,
} from '../../orchestration/kubernetes/controllers/job-controller.ts';
import type { JobsWorkload } from '../schema-workload.ts';
import type { World } from './world.ts';

export interface Controlled {
  readonly ecsServices: Map<number, EcsServiceOptions>;
  readonly ecsPlacements: Map<number, EcsPlacement>;
  /** Those that say more than `scaling` does. */
  readonly ecsScalings: Map<number, ServiceScaling>;
  readonly deployments: Map<number, DeploymentOptions>;
  readonly statefulSets: Map<number, StatefulSetOptions>;
  readonly daemonSets: Map<number, DaemonSetOptions>;
  readonly budgets: Budget[];
  /** Jobs that are more than one pod, or start by a clock. */
  readonly jobs: JobWorkload[];
}

export function nothingControlled(): Controlled {
  return {
    ecsServices: new Map(),
    ecsPlacements: new Map(),
    ecsScalings: new Map(),
    deployments: new Map(),
    statefulSets: new Map(),
    daemonSets: new Map(),
    budgets: [],
    jobs: [],
  };
}

export function noteOwner(controlled: Controlled, row: number, owner: ServiceOwner): void {
  if (owner.kind === 'Deployment') controlled.deployments.set(row, owner);
  else if (owner.kind === 'StatefulSet') controlled.statefulSets.set(row, owner);
}

/** What a controller has to keep of a stream of jobs; undefined where each arrival is one pod, or nobody knows Jobs. */
export function jobWorkload(
  { cluster }: World,
  row: number,
  { job, arrivals }: JobsWorkload,
  supply: JobSupply,
): JobWorkload | undefined {
  const isKubernetes = cluster.orchestrators[cluster.workloads.cluster[row]!] === 'kubernetes';
  if (!isKubernetes || (job === undefined && arrivals.kind !== 'cron')) return undefined;
  const cron = arrivals.kind === 'cron' ? { cron: arrivals.rule } : {};
  return { workload: row, options: job ?? PLAIN_JOB, supply, ...cron };
}

/** A CronJob of a manifest, or why it starts nothing. */
export function cronJobWorkload(
  { cluster }: World,
  row: number,
  spec: CronJobSpec,
  supply: JobSupply,
): JobWorkload | string {
  const isKubernetes = cluster.orchestrators[cluster.workloads.cluster[row]!] === 'kubernetes';
  if (!isKubernetes) return 'a CronJob, which only Kubernetes starts';
  if (spec.isSuspended) return 'suspended, so it starts no Job';
  if (!['', 'UTC', 'Etc/UTC'].includes(spec.timeZone)) {
    return `its time zone ${spec.timeZone} is not known here, so it starts no Job`;
  }
  const schedule = parseCron(spec.schedule);
  if (typeof schedule === 'string') return `its schedule starts no Job: ${schedule}`;
  const { startingDeadlineUs, concurrency, job: options } = spec;
  const { succeededHistoryLimit, failedHistoryLimit } = spec;
  return {
    workload: row,
    options,
    supply,
    cron: {
      schedule,
      startingDeadlineUs,
      concurrency,
      succeededHistoryLimit,
      failedHistoryLimit,
    },
  };
}

/** Budgets over the workloads in `rows` whose pods they select. */
export function noteBudgets(
  { cluster }: World,
  controlled: Controlled,
  specs: readonly DisruptionBudgetSpec[],
  rows: readonly number[],
): void {
  for (const rule of specs) {
    const workloads = rows.filter((row) => {
      const { labels, pod } = cluster.specs.at(cluster.workloads.spec[row]!);
      return (
        (pod?.namespace ?? 'default') === rule.namespace && selectorMatches(rule.selector, labels)
      );
    });
    if (workloads.length > 0) controlled.budgets.push({ rule, workloads });
  }
}

/** A daemon's pods tolerate what the controller adds. */
export function withDaemonTolerations(spec: TaskSpec): TaskSpec {
  return { ...spec, tolerations: [...spec.tolerations, ...DAEMON_TOLERATIONS] };
}
