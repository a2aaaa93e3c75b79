/** What workloads say of the controllers that keep them on Kubernetes, by workload row; those that say nothing are not here. */

import { selectorMatches } from '../../orchestration/kubernetes/framework/label-selector.ts';
import { DAEMON_TOLERATIONS } from '../../orchestration/kubernetes/controllers/daemon-set-step.ts';
import type { Budget } from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { DaemonSetOptions } from '../../orchestration/kubernetes/controllers/daemon-set-controller.ts';
import type { DeploymentOptions } from '../../orchestration/kubernetes/controllers/rollout.ts';
import type { DisruptionBudgetSpec } from '../../cluster/controller-specs.ts';
import type { ServiceOwner } from '../../workload/manifests/manifest-workloads.ts';
import type { StatefulSetOptions } from '../../orchestration/kubernetes/controllers/stateful-set-controller.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import type { World } from './world.ts';

export interface Controlled {
  readonly deployments: Map<number, DeploymentOptions>;
  readonly statefulSets: Map<number, StatefulSetOptions>;
  readonly daemonSets: Map<number, DaemonSetOptions>;
  readonly budgets: Budget[];
}

export function nothingControlled(): Controlled {
  return { deployments: new Map(), statefulSets: new Map(), daemonSets: new Map(), budgets: [] };
}

export function noteOwner(controlled: Controlled, row: number, owner: ServiceOwner): void {
  if (owner.kind === 'Deployment') controlled.deployments.set(row, owner);
  else if (owner.kind === 'StatefulSet') controlled.statefulSets.set(row, owner);
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
