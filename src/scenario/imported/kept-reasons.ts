/**
 * Why a workload of manifests cannot be written with the keys of a scenario's `service`, `jobs` or `daemon` without losing
 * something that decisions depend on. Without a reason it can. Containers that are added up lose nothing that filters see.
 */

import { US_PER_SECOND } from '../../base/units.ts';
import type {
  DisruptionBudgetSpec,
  HorizontalAutoscalerSpec,
  JobSpec,
  TargetRef,
} from '../../cluster/controller-specs.ts';
import type { LabelSelector } from '../../cluster/pod-template.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import { requirementHolds } from '../../cluster/specs.ts';
import type {
  ManifestCronJob,
  ManifestDaemon,
  ManifestJob,
  ManifestService,
  ManifestWorkloads,
} from '../../workload/manifests/manifest-workloads.ts';

export function reasonsOfService(service: ManifestService, found: ManifestWorkloads): string[] {
  const { spec, owner } = service;
  const reasons = reasonsOfPod(spec);
  const { kind, namespace, name } = owner;
  if (owner.kind === 'StatefulSet' && owner.claimTemplates.length > 0) {
    reasons.push('claims of a StatefulSet');
  }
  if (owner.kind === 'Deployment' && owner.isPaused) reasons.push('paused');
  if (budgetsOf(service, found).length > 1 || guardsOthers(service, found)) {
    reasons.push('PodDisruptionBudget over several workloads');
  }
  const isTarget = ({ target }: { readonly target: TargetRef }) =>
    target.kind === kind && target.namespace === namespace && target.name === name;
  const scaler = found.horizontalAutoscalers.find(isTarget);
  if (scaler !== undefined && cpuPercentOf(scaler) === undefined) {
    reasons.push('metrics or behavior of its HorizontalPodAutoscaler');
  }
  if (found.verticalAutoscalers.some(isTarget)) reasons.push('VerticalPodAutoscaler');
  if (found.scaledObjects.some(isTarget)) reasons.push('ScaledObject');
  return reasons;
}

/** Budgets that count the pods of a service. */
export function budgetsOf(
  { spec, owner }: ManifestService,
  { budgets }: ManifestWorkloads,
): readonly DisruptionBudgetSpec[] {
  return budgets.filter((budget) => isGuarded(spec, owner.namespace, budget));
}

function guardsOthers(service: ManifestService, found: ManifestWorkloads): boolean {
  return budgetsOf(service, found).some((budget) =>
    found.services.some(
      (other) => other !== service && isGuarded(other.spec, other.owner.namespace, budget),
    ),
  );
}

export function reasonsOfJob({ spec, job }: ManifestJob): string[] {
  return [...reasonsOfPod(spec), ...(job === undefined ? [] : reasonsOfJobSpec(job))];
}

export function reasonsOfCronJob({ spec, cronJob }: ManifestCronJob): string[] {
  const reasons = [...reasonsOfPod(spec), ...reasonsOfJobSpec(cronJob.job)];
  if (cronJob.timeZone !== '') reasons.push('timeZone');
  return reasons;
}

/** A `daemon` of a scenario runs on every host, whatever its labels and taints. */
export function reasonsOfDaemon({ spec, daemonSet }: ManifestDaemon): string[] {
  const reasons = reasonsOfPod(spec, true);
  const { 'kubernetes.io/os': _os, ...selector } = spec.nodeSelector;
  if (Object.keys(selector).length > 0) reasons.push('node selector');
  const { update, maxUnavailable, maxSurge, minReadyUs } = daemonSet;
  const isUsual = 'count' in maxUnavailable && maxUnavailable.count === 1;
  const surges = !('count' in maxSurge && maxSurge.count === 0);
  if (update === 'OnDelete' || !isUsual || surges || minReadyUs > 0)
    reasons.push('update strategy');
  return reasons;
}

/** The target of an autoscaler that follows the CPU and nothing else; undefined for any other. */
export function cpuPercentOf({ metrics, behavior }: HorizontalAutoscalerSpec): number | undefined {
  const [metric, ...others] = metrics;
  if (metric?.kind !== 'resource' || others.length > 0 || behavior !== undefined) return undefined;
  const { target } = metric;
  const isCpu = metric.resource === 'cpu' && metric.container === undefined;
  return isCpu && target.kind === 'utilization' ? target.percent : undefined;
}

/** Disks that a daemon has on its own node do not matter. */
function reasonsOfPod(spec: TaskSpec, isDaemon = false): string[] {
  const { pod } = spec;
  const reasons: string[] = [];
  if (pod === undefined) return reasons;
  if (pod.requiredNodeTerms !== undefined || pod.preferredNodeTerms.length > 0) {
    reasons.push('node affinity');
  }
  for (const [name, terms] of [
    ['pod affinity', pod.affinity],
    ['pod anti-affinity', pod.antiAffinity],
  ] as const) {
    if (terms.required.length + terms.preferred.length > 0) reasons.push(name);
  }
  const isPlain = pod.topologySpread.every(
    (one) =>
      one.minDomains === 1 &&
      one.nodeAffinityPolicy === 'Honor' &&
      one.nodeTaintsPolicy === 'Ignore',
  );
  if (!isPlain || spec.spread.length < pod.topologySpread.length) reasons.push('topology spread');
  const volumes = new Set(pod.volumes.map(({ kind }) => kind));
  if (volumes.has('claim') || volumes.has('disk')) reasons.push('volumes');
  if (volumes.has('local') && !isDaemon) reasons.push('local volumes');
  const containers = [...pod.containers, ...pod.initContainers];
  if (containers.some(({ hostPorts }) => hostPorts.length > 0)) reasons.push('host ports');
  if (pod.preemptionPolicy === 'Never') reasons.push('preemptionPolicy Never');
  if (pod.schedulingGates.length > 0) reasons.push('scheduling gates');
  if (pod.nodeName !== '') reasons.push('nodeName');
  if (pod.schedulerName !== undefined) reasons.push('schedulerName');
  if (spec.tolerations.some(({ seconds }) => seconds !== undefined)) {
    reasons.push('tolerationSeconds');
  }
  return reasons;
}

function reasonsOfJobSpec(job: JobSpec): string[] {
  const reasons: string[] = [];
  if (job.backoffLimitPerIndex !== undefined) reasons.push('backoffLimitPerIndex');
  if (job.podFailureRules.length > 0) reasons.push('podFailurePolicy');
  if (job.successRules.length > 0) reasons.push('successPolicy');
  return reasons;
}

function isGuarded(
  { labels }: TaskSpec,
  namespace: string,
  { namespace: guarded, selector }: DisruptionBudgetSpec,
): boolean {
  return guarded === namespace && selector !== undefined && selects(selector, labels);
}

function selects(
  { matchLabels, matchExpressions }: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((expression) => requirementHolds(expression, labels))
  );
}

export const USUAL_GRACE_US = 30 * US_PER_SECOND;
