/**
 * Pods of manifests that no ReplicaSet, ReplicationController or StatefulSet owns spread by default over the pods of the Services
 * that select them (kubernetes.md 1.9). For all others the pods of their own controller are the same: it is one of the conditions.
 */

import { defaultSelectorOf } from '../../orchestration/kubernetes/framework/default-selector.ts';
import type { ManifestWorkloads } from '../../workload/manifests/manifest-workloads.ts';
import type { Selecting } from '../../orchestration/kubernetes/framework/default-selector.ts';
import type { TaskSpec } from '../../cluster/spec.ts';

export function withServiceSelectors(found: ManifestWorkloads): ManifestWorkloads {
  if (found.serviceSelectors.length === 0) return found;
  const around = {
    services: found.serviceSelectors.map(({ namespace, labels }) => ({
      namespace,
      selector: labels,
    })),
    controllers: [],
  };
  const selected = <T extends { readonly spec: TaskSpec }>(list: readonly T[]): T[] =>
    list.map((one) => ({ ...one, spec: withSelector(one.spec, around) }));
  return {
    ...found,
    services: found.services.map((one) => (one.owner.kind === 'Pod' ? selected([one])[0]! : one)),
    jobs: selected(found.jobs),
    cronJobs: selected(found.cronJobs),
    daemons: selected(found.daemons),
  };
}

function withSelector(spec: TaskSpec, around: Selecting): TaskSpec {
  const { pod, labels } = spec;
  if (pod === undefined) return spec;
  const defaultSelector = defaultSelectorOf({ namespace: pod.namespace, labels }, around);
  return defaultSelector === undefined ? spec : { ...spec, pod: { ...pod, defaultSelector } };
}
