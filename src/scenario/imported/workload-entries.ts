/**
 * Workloads of manifests as entries of a scenario's `workload`: plain values as the schema reads them, with remarks for the
 * reader. What a manifest does not state is assumed, and said to be.
 */

import { formatBytes, formatCpu, formatDuration } from '../../base/quantity.ts';
import { MILLI_PER_GPU, US_PER_SECOND } from '../../base/units.ts';
import type {
  CountOrPercent,
  DisruptionBudgetSpec,
  JobSpec,
} from '../../cluster/controller-specs.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import type {
  ContainerProbe,
  ManifestCronJob,
  ManifestDaemon,
  ManifestJob,
  ManifestProbes,
  ManifestService,
  ManifestWorkloads,
  ServiceOwner,
} from '../../workload/manifests/manifest-workloads.ts';
import { SYSTEM_NODE_CRITICAL } from '../schema-workload.ts';
import { budgetsOf, cpuPercentOf, USUAL_GRACE_US } from './kept-reasons.ts';

export interface WrittenEntry {
  readonly kind: 'service' | 'jobs' | 'daemon' | 'manifests';
  /** Keys in the order in which they are written; undefined ones are left out. */
  readonly keys: Readonly<Record<string, unknown>>;
  /** Keys whose value is assumed. */
  readonly assumed: readonly string[];
  /** What else there is to say, above the entry. */
  readonly remarks: readonly string[];
}

export function serviceEntry(
  service: ManifestService,
  name: string,
  found: ManifestWorkloads,
): WrittenEntry {
  const { spec, replicas, owner } = service;
  const scaler = found.horizontalAutoscalers.find(
    ({ target }) =>
      target.kind === owner.kind &&
      target.namespace === owner.namespace &&
      target.name === owner.name,
  );
  const percent = scaler && cpuPercentOf(scaler);
  const { spread } = spec;
  const isScaled = scaler !== undefined && percent !== undefined;
  return {
    kind: 'service',
    keys: {
      name,
      ...demandKeys(spec),
      limit: limitText(spec),
      replicas: isScaled ? bounds(scaler.minReplicas, scaler.maxReplicas, replicas) : replicas,
      scaling: isScaled ? { target: `${percent}%` } : undefined,
      usage: shareText(spec.usage.fractionOfRequest),
      ...controllerKeys(owner),
      disruptionBudget: budgetKeys(budgetsOf(service, found)[0]),
      ...probeKeys(service),
      ...placementKeys(spec),
      spread: spread.length > 0 ? spread : undefined,
    },
    assumed: ['usage'],
    remarks: remarksOf(spec),
  };
}

export function jobEntry(one: ManifestJob, name: string): WrittenEntry {
  const { spec, atUs, durationUs, job } = one;
  return {
    kind: 'jobs',
    keys: {
      name,
      ...demandKeys(spec),
      arrivals: { at: [formatDuration(atUs)] },
      job: job && jobKeys(job),
      duration: formatDuration(durationUs),
      cpuLimit: limitText(spec),
      ...judgeKeys(one),
      ...placementKeys(spec),
    },
    assumed: ['duration'],
    remarks: remarksOf(spec),
  };
}

export function cronJobEntry(one: ManifestCronJob, name: string): WrittenEntry {
  const { spec, durationUs, cronJob } = one;
  const { schedule, concurrency, startingDeadlineUs } = cronJob;
  const isPlain = concurrency === 'Allow' && startingDeadlineUs === Infinity;
  const deadline = startingDeadlineUs === Infinity ? 'Never' : formatDuration(startingDeadlineUs);
  return {
    kind: 'jobs',
    keys: {
      name,
      ...demandKeys(spec),
      arrivals: {
        cron: isPlain ? schedule : { schedule, concurrency, startingDeadline: deadline },
      },
      job: jobKeys(cronJob.job),
      duration: formatDuration(durationUs),
      cpuLimit: limitText(spec),
      ...judgeKeys(one),
      ...placementKeys(spec),
    },
    assumed: ['duration'],
    remarks: remarksOf(spec),
  };
}

export function daemonEntry({ spec }: ManifestDaemon, name: string): WrittenEntry {
  return {
    kind: 'daemon',
    keys: {
      name,
      ...demandKeys(spec),
      gpu: undefined,
      orchestrators: ['kubernetes'],
      priority: spec.priority === SYSTEM_NODE_CRITICAL ? undefined : spec.priority,
    },
    assumed: [],
    remarks: remarksOf(spec),
  };
}

/** What differs from the API's defaults. */
function controllerKeys(owner: ServiceOwner): Record<string, unknown> {
  if (owner.kind === 'StatefulSet') {
    const { podManagement, update, partition, firstOrdinal, minReadyUs } = owner;
    return {
      statefulSet: others({
        podManagement: [podManagement, 'OrderedReady'],
        update: [update, 'RollingUpdate'],
        partition: [partition, 0],
        firstOrdinal: [firstOrdinal, 0],
        minReady: [formatDuration(minReadyUs), '0s'],
      }),
    };
  }
  if (owner.kind !== 'Deployment') return {};
  const { strategy, maxSurge, maxUnavailable, minReadyUs } = owner;
  const deployment = others({
    strategy: [strategy, 'RollingUpdate'],
    maxSurge: [amountText(maxSurge), '25%'],
    maxUnavailable: [amountText(maxUnavailable), '25%'],
    minReady: [formatDuration(minReadyUs), '0s'],
  });
  return { deployment: isEmpty(deployment) ? undefined : deployment };
}

function budgetKeys(budget: DisruptionBudgetSpec | undefined): object | undefined {
  const { minAvailable, maxUnavailable, unhealthyPodEviction } = budget ?? {};
  if (minAvailable === undefined && maxUnavailable === undefined) return undefined;
  return {
    ...(minAvailable === undefined ? {} : { minAvailable: amountText(minAvailable) }),
    ...(maxUnavailable === undefined ? {} : { maxUnavailable: amountText(maxUnavailable) }),
    ...others({ unhealthyPodEviction: [unhealthyPodEviction, 'IfHealthyBudget'] }),
  };
}

function probeKeys({ probes = {} }: ManifestProbes): Record<string, unknown> {
  const { readiness } = probes;
  return { readinessProbe: readiness && probeText(readiness), ...judgeKeys({ probes }) };
}

/** Those by which containers are started again; who waits for no requests has no others. */
function judgeKeys({ probes = {} }: ManifestProbes): Record<string, unknown> {
  const { liveness, startup } = probes;
  return {
    livenessProbe: liveness && probeText(liveness),
    startupProbe: startup && probeText(startup),
  };
}

function probeText(probe: ContainerProbe): object {
  return {
    ...others({ initialDelay: [formatDuration(probe.initialDelayUs), '0s'] }),
    period: formatDuration(probe.periodUs),
    ...others({
      timeout: [formatDuration(probe.timeoutUs), '1s'],
      successThreshold: [probe.successThreshold, 1],
      failureThreshold: [probe.failureThreshold, 3],
    }),
  };
}

/** Undefined for a Job of one pod that states nothing else. */
function jobKeys(job: JobSpec): object | undefined {
  const { parallelism, completions, completionMode, backoffLimit, podReplacement } = job;
  const { activeDeadlineUs, ttlAfterFinishedUs } = job;
  // What is kept for good matters on EKS Fargate alone, and would make every Job long.
  const keptUs = ttlAfterFinishedUs === Infinity ? 0 : ttlAfterFinishedUs;
  const deadline = activeDeadlineUs === Infinity ? 'Never' : formatDuration(activeDeadlineUs);
  const rest = others({
    completionMode: [completionMode, 'NonIndexed'],
    backoffLimit: [backoffLimit, 6],
    activeDeadline: [deadline, 'Never'],
    podReplacement: [podReplacement, 'TerminatingOrFailed'],
    ttlAfterFinished: [formatDuration(keptUs), formatDuration(0)],
  });
  const isSingle = parallelism === 1 && completions === 1;
  if (isSingle && isEmpty(rest)) return undefined;
  return { parallelism, ...(completions === undefined ? {} : { completions }), ...rest };
}

/** Those whose value is not the usual one. */
function others(
  pairs: Readonly<Record<string, readonly [value: unknown, usual: unknown]>>,
): object {
  return Object.fromEntries(
    Object.entries(pairs).flatMap(([key, [value, usual]]) =>
      value === usual ? [] : [[key, value]],
    ),
  );
}

function amountText(amount: CountOrPercent): string | number {
  return 'percent' in amount ? `${amount.percent}%` : amount.count;
}

function demandKeys(spec: TaskSpec): Record<string, unknown> {
  return {
    image: spec.image === '' ? undefined : spec.image,
    cpu: plainNumber(formatCpu(spec.cpuTicks)),
    memory: plainNumber(formatBytes(spec.memoryBytes)),
    gpu: spec.gpuCount === 0 ? undefined : (spec.gpuCount * spec.gpuMilli) / MILLI_PER_GPU,
  };
}

function placementKeys(spec: TaskSpec): Record<string, unknown> {
  const { terminationGraceS = 30, preStopS = 0 } = spec.pod ?? {};
  const graceUs = terminationGraceS * US_PER_SECOND;
  const tolerations = spec.tolerations.map(({ key, operator, value, effect }) => ({
    key,
    operator,
    value,
    ...(effect === '' ? {} : { effect }),
  }));
  return {
    priority: spec.priority === 0 ? undefined : spec.priority,
    labels: isEmpty(spec.labels) ? undefined : spec.labels,
    nodeSelector: isEmpty(spec.nodeSelector) ? undefined : spec.nodeSelector,
    tolerations: tolerations.length > 0 ? tolerations : undefined,
    terminationGrace: graceUs === USUAL_GRACE_US ? undefined : formatDuration(graceUs),
    preStop: preStopS === 0 ? undefined : formatDuration(preStopS * US_PER_SECOND),
  };
}

function remarksOf({ pod, cpuTicks, memoryBytes }: TaskSpec): string[] {
  const remarks: string[] = [];
  const count = (pod?.containers.length ?? 1) + (pod?.initContainers.length ?? 0);
  if (count > 1) remarks.push(`requests of ${count} containers, added up; image of the first`);
  if (cpuTicks === 0 && memoryBytes === 0) remarks.push('states no requests');
  return remarks;
}

function bounds(min: number, max: number, replicas: number) {
  return { min, max, initial: Math.min(max, Math.max(min, replicas)) };
}

function limitText({ usage }: TaskSpec): string | number | undefined {
  return usage.limitTicks === Infinity ? undefined : plainNumber(formatCpu(usage.limitTicks));
}

/** `2` rather than `"2"`. */
function plainNumber(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function shareText(fraction: number): string {
  return `${Math.round(fraction * 100)}%`;
}

function isEmpty(map: object): boolean {
  return Object.keys(map).length === 0;
}
