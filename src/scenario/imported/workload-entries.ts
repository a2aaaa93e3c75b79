/**
 * Workloads of manifests as entries of a scenario's `workload`: plain values as the schema reads them, with remarks for the
 * reader. What a manifest does not state is assumed, and said to be.
 */

import { parseCron } from '../../base/cron-schedule.ts';
import { formatBytes, formatCpu, formatDuration } from '../../base/quantity.ts';
import { MILLI_PER_GPU } from '../../base/units.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import type {
  ManifestCronJob,
  ManifestDaemon,
  ManifestJob,
  ManifestService,
  ManifestWorkloads,
} from '../../workload/manifests/manifest-workloads.ts';
import { cpuPercentOf, USUAL_GRACE_US } from './kept-reasons.ts';

export interface WrittenEntry {
  readonly kind: 'service' | 'jobs' | 'daemon' | 'manifests';
  /** Keys in the order in which they are written; undefined ones are left out. */
  readonly keys: Readonly<Record<string, unknown>>;
  /** Keys whose value is assumed. */
  readonly assumed: readonly string[];
  /** What else there is to say, above the entry. */
  readonly remarks: readonly string[];
}

/** So many arrivals are listed one by one. */
const LISTED_TIMES_MAX = 48;

export function serviceEntry(
  { spec, replicas, owner }: ManifestService,
  name: string,
  found: ManifestWorkloads,
): WrittenEntry {
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
      ...placementKeys(spec),
      spread: spread.length > 0 ? spread : undefined,
    },
    assumed: ['usage'],
    remarks: remarksOf(spec),
  };
}

export function jobEntry(job: ManifestJob, name: string): WrittenEntry {
  const { spec, completions, atUs, durationUs } = job;
  const isListed = completions <= LISTED_TIMES_MAX;
  const at = formatDuration(atUs);
  return {
    kind: 'jobs',
    keys: {
      name,
      ...demandKeys(spec),
      arrivals: isListed ? { at: Array.from({ length: completions }, () => at) } : { renewal: at },
      limit: isListed ? undefined : completions,
      duration: formatDuration(durationUs),
      cpuLimit: limitText(spec),
      ...placementKeys(spec),
    },
    assumed: ['duration'],
    remarks: remarksOf(spec),
  };
}

/** The times of the schedule from the start of the run on. */
export function cronJobEntry(
  { spec, durationUs, cronJob }: ManifestCronJob,
  name: string,
  startUs: number,
  runUs: number,
): WrittenEntry {
  const { parallelism, completions = parallelism } = cronJob.job;
  const times = scheduledUs(cronJob.schedule, startUs, runUs);
  const [first = 0, second = 0] = times;
  const isEven = times.every((timeUs, i) => timeUs === first * (i + 1)) && first > 0;
  const isShort = times.length * completions <= LISTED_TIMES_MAX;
  const arrivals =
    isEven && completions === 1 && second > 0
      ? { every: formatDuration(first) }
      : {
          at: times.flatMap((timeUs) =>
            Array.from({ length: completions }, () => formatDuration(timeUs)),
          ),
        };
  return {
    kind: 'jobs',
    keys: {
      name,
      ...demandKeys(spec),
      arrivals,
      duration: formatDuration(durationUs),
      cpuLimit: limitText(spec),
      ...placementKeys(spec),
    },
    assumed: ['duration'],
    remarks: [
      `schedule: ${cronJob.schedule}${isShort ? '' : ` (${times.length} times)`}`,
      ...remarksOf(spec),
    ],
  };
}

/** Times after the start; none is left out. */
export function scheduledUs(schedule: string, startUs: number, runUs: number): number[] {
  const cron = parseCron(schedule);
  if (typeof cron === 'string') return [];
  const times: number[] = [];
  for (let at = cron.nextUs(startUs); at < startUs + runUs; at = cron.nextUs(at)) {
    times.push(at - startUs);
  }
  return times;
}

export function daemonEntry({ spec }: ManifestDaemon, name: string): WrittenEntry {
  return {
    kind: 'daemon',
    keys: { name, ...demandKeys(spec), gpu: undefined, orchestrators: ['kubernetes'] },
    assumed: [],
    remarks: remarksOf(spec),
  };
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
  const graceS = spec.pod?.terminationGraceS ?? 30;
  const graceUs = graceS * 1_000_000;
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
