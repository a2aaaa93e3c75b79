/** From the list `workload` to workload rows, task sources, request profiles and start-up times. */

import { addManifests } from './manifests.ts';
import { jobWorkload, nothingControlled } from './controlled.ts';
import type { Controlled } from './controlled.ts';
import { JobAttributes, openJobStreams } from '../../workload/arrivals/job-attributes.ts';
import { MessageQueue } from '../../traffic/message-queue.ts';
import { JobSource } from '../../simulation/job-source.ts';
import { TICKS_PER_CORE, US_PER_DAY, US_PER_SECOND } from '../../base/units.ts';
import { TraceSource } from '../../simulation/task-source.ts';
import { at } from '../../workload/arrivals/at.ts';
import { cron } from '../../workload/arrivals/cron.ts';
import { every } from '../../workload/arrivals/every.ts';
import { limited } from '../../workload/arrivals/limited.ts';
import { plainTaskSpec } from '../../cluster/spec.ts';
import { poisson } from '../../workload/arrivals/poisson.ts';
import { rateProfile } from '../../traffic/profile.ts';
import { renewal } from '../../workload/arrivals/renewal.ts';
import { noteServiceClaims } from './storage.ts';
import { traceKey } from '../inputs.ts';
import { varyingPoisson } from '../../workload/arrivals/varying-poisson.ts';
import type { ArrivalProcess } from '../../workload/arrivals/arrival-process.ts';
import type { Arrivals } from '../schema-jobs.ts';
import type { DaemonWorkload, JobsWorkload } from '../schema-workload.ts';
import type { ServiceWorkload, TraceWorkload } from '../schema-workload.ts';
import type { ContainerBehaviour } from '../../runtime/container-behaviour.ts';
import type { StopTimes } from '../../runtime/stop-time.ts';
import type { Distribution } from '../../random/distribution.ts';
import type { RateProfile, RateProfileSpec } from '../../traffic/profile.ts';
import type { TaskSource } from '../../simulation/task-source.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import type { VerticalAutoscalerSpec } from '../../cluster/controller-specs.ts';
import type { World } from './world.ts';

/** A service whose replicas follow what it uses. */
export interface ScaledService {
  readonly workload: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly scaling: NonNullable<ServiceWorkload['scaling']>;
}

/** A service whose requests follow what it uses. */
export interface ResizedService {
  readonly workload: number;
  /** It says how much memory it uses. */
  readonly statesMemory: boolean;
  readonly resizing: NonNullable<ServiceWorkload['verticalScaling']>;
  readonly evictionRequirements?: VerticalAutoscalerSpec['evictionRequirements'];
}

export interface Workloads {
  readonly sources: TaskSource[];
  /** By workload row. */
  readonly profiles: (RateProfile | undefined)[];
  readonly startup: (Distribution | undefined)[];
  readonly stops: (StopTimes | undefined)[];
  readonly containers: (ContainerBehaviour | undefined)[];
  readonly queues: (MessageQueue | undefined)[];
  readonly scaled: ScaledService[];
  readonly resized: ResizedService[];
  readonly controlled: Controlled;
  /** Rows of each entry of the list, by its name: what `workloads` and `place` mean. */
  readonly rowsOf: Map<string, number[]>;
}

/** Civil time starts on a Thursday: 1970-01-01. */
const MONDAY_OFFSET_US = 3 * US_PER_DAY;

export function assembleWorkloads(world: World): Workloads {
  const out: Workloads = {
    sources: [],
    profiles: [],
    startup: [],
    stops: [],
    containers: [],
    scaled: [],
    queues: [],
    resized: [],
    controlled: nothingControlled(),
    rowsOf: new Map(),
  };
  for (const entry of world.variant.scenario.workload) {
    switch (entry.kind) {
      case 'service':
        addService(world, out, entry);
        break;
      case 'jobs':
        addJobs(world, out, entry);
        break;
      case 'trace':
        addTrace(world, out, entry);
        break;
      case 'manifests':
        addManifests(world, entry, clusterOf(world, entry.name), {
          ...out,
          remember: (row) => void remember(out, entry.name, row),
        });
        break;
      case 'daemon':
        addDaemon(world, out, entry);
        break;
    }
  }
  return out;
}

/** The cluster that runs a workload: where `place` puts it, else the first. */
function clusterOf({ variant }: World, name: string): number {
  const placed = variant.place[name];
  return placed === undefined ? 0 : variant.clusters.findIndex((one) => one.name === placed);
}

function remember(out: Workloads, entry: string, row: number): number {
  const rows = out.rowsOf.get(entry) ?? [];
  rows.push(row);
  out.rowsOf.set(entry, rows);
  return row;
}

function addService(world: World, out: Workloads, entry: ServiceWorkload): void {
  const { workloads, specs } = world.cluster;
  const spec: TaskSpec = {
    ...plainTaskSpec(entry.name, 'service', entry.cpuTicks, entry.memoryBytes),
    gpuCount: entry.gpuCount,
    gpuMilli: entry.gpuMilli,
    image: entry.image,
    priority: entry.priority,
    labels: { app: entry.name, ...entry.labels },
    nodeSelector: entry.nodeSelector,
    tolerations: entry.tolerations,
    spread: entry.spread,
    usage: {
      baselineTicks: entry.baselineTicks,
      ticksPerRequestPerSecond: (entry.cpuPerRequestUs * TICKS_PER_CORE) / US_PER_SECOND,
      ...(entry.startupTicks === 0 ? {} : { startupTicks: entry.startupTicks }),
      fractionOfRequest: entry.usageFraction,
      limitTicks: entry.limitTicks,
    },
  };
  const row = workloads.add(entry.name, 'service', clusterOf(world, entry.name), specs.rowOf(spec));
  remember(out, entry.name, row);
  noteControllers(out.controlled, row, entry);
  noteServiceClaims(world, row, entry);
  const { min, max, initial } = entry.replicas;
  workloads.desired[row] = initial;
  workloads.minimum[row] = min;
  workloads.maximum[row] = max;
  if (entry.traffic !== undefined && entry.cpuPerRequestUs > 0) {
    out.profiles[row] = rateProfile(civil(world, entry.traffic));
  }
  const isInstant = entry.startupUs.kind === 'constant' && entry.startupUs.value === 0;
  if (!isInstant) out.startup[row] = entry.startupUs;
  out.stops[row] = entry.stops;
  out.containers[row] = containersOf(entry);
  const { scaling, verticalScaling: resizing, queue } = entry;
  if (queue !== undefined) {
    const arrivals = rateProfile(civil(world, queue.arrivals));
    out.queues[row] = new MessageQueue(arrivals, queue.perReplica);
  }
  if (scaling !== undefined)
    out.scaled.push({ workload: row, minimum: min, maximum: max, scaling });
  if (resizing !== undefined) {
    const statesMemory = entry.containers?.memory !== undefined;
    out.resized.push({ workload: row, statesMemory, resizing });
  }
}

/** Where requests follow what is used, what is used does not follow requests: shares are of the request as written. */
function containersOf(entry: ServiceWorkload): ContainerBehaviour | undefined {
  const { containers, memoryBytes, verticalScaling } = entry;
  if (containers?.memory === undefined || verticalScaling === undefined) return containers;
  const { mode, controlledValues } = verticalScaling;
  const scalesLimit = mode !== 'off' && controlledValues === 'requests-and-limits';
  return { ...containers, memory: { ...containers.memory, ofBytes: memoryBytes, scalesLimit } };
}

/** A daily profile reads its hours by the civil time at which the run starts. */
function civil<T extends RateProfileSpec>({ variant }: World, profile: T): T {
  if (profile.kind !== 'daily') return profile;
  const week = 7 * US_PER_DAY;
  return { ...profile, startOfWeekUs: (variant.scenario.startUs + MONDAY_OFFSET_US) % week };
}

function addJobs(world: World, out: Workloads, entry: JobsWorkload): void {
  const { workloads, specs } = world.cluster;
  const template: TaskSpec = {
    ...plainTaskSpec(entry.name, 'job', 0, 0),
    gpuCount: entry.gpuCount,
    gpuMilli: entry.gpuMilli,
    image: entry.image,
    priority: entry.priority,
    labels: entry.labels,
    nodeSelector: entry.nodeSelector,
    tolerations: entry.tolerations,
    usage: {
      baselineTicks: 0,
      ticksPerRequestPerSecond: 0,
      fractionOfRequest: entry.usageFraction,
      limitTicks: entry.limitTicks,
    },
    ...(entry.gang === undefined ? {} : { gang: entry.gang }),
  };
  const spec = specs.rowOf(template);
  const row = workloads.add(entry.name, 'job', clusterOf(world, entry.name), spec);
  remember(out, entry.name, row);
  out.stops[row] = entry.stops;
  out.containers[row] = entry.containers;
  const process = arrivalsOf(world, entry.arrivals, entry.name);
  const arrivals = entry.taskLimit === Infinity ? process : limited(process, entry.taskLimit);
  const streams = openJobStreams(world.streams, entry.name);
  const attributes = new JobAttributes(entry, streams);
  const source = new JobSource(row, spec, arrivals, attributes, specs, entry.gang?.tasks);
  const work = jobWorkload(world, row, entry, source);
  out.controlled.ecsPlacements.set(row, entry.ecs);
  if (work === undefined) out.sources.push(source);
  else out.controlled.jobs.push(work);
}

function arrivalsOf(world: World, arrivals: Arrivals, name: string): ArrivalProcess {
  const stream = () => world.streams.open(`arrivals/${name}`);
  switch (arrivals.kind) {
    case 'poisson':
      return poisson(arrivals.ratePerSecond, stream());
    case 'every':
      return every(arrivals.periodUs);
    case 'renewal':
      return renewal(arrivals.gapsUs, stream());
    case 'at':
      return at(arrivals.timesUs);
    case 'cron':
      return cron(arrivals.rule.schedule, world.variant.scenario.startUs);
    case 'daily':
      return varyingPoisson(
        rateProfile(civil(world, arrivals)),
        arrivals.peakPerSecond,
        world.variant.scenario.durationUs,
        stream(),
      );
  }
}

function addTrace(world: World, out: Workloads, entry: TraceWorkload): void {
  const { workloads, specs } = world.cluster;
  const trace = world.inputs.traces[traceKey(entry)]!;
  const rows = trace.specs.map((spec) => specs.rowOf(spec));
  const row = workloads.add(entry.name, 'trace', clusterOf(world, entry.name), rows[0] ?? 0);
  remember(out, entry.name, row);
  out.sources.push(new TraceSource(row, trace, rows));
}

function noteControllers(controlled: Controlled, row: number, entry: ServiceWorkload): void {
  const { deployment, statefulSet, disruptionBudget, ecs } = entry;
  controlled.ecsServices.set(row, ecs.deployment);
  controlled.ecsPlacements.set(row, ecs.placement);
  if (ecs.autoScaling !== undefined) controlled.ecsScalings.set(row, ecs.autoScaling);
  if (deployment !== undefined) controlled.deployments.set(row, deployment);
  if (statefulSet !== undefined) controlled.statefulSets.set(row, statefulSet);
  if (disruptionBudget !== undefined) {
    controlled.budgets.push({ rule: disruptionBudget, workloads: [row] });
  }
}

/** A daemon has a row in every cluster that runs it. */
function addDaemon(world: World, out: Workloads, entry: DaemonWorkload): void {
  const { workloads, specs } = world.cluster;
  const spec = {
    ...plainTaskSpec(entry.name, 'daemon', entry.cpuTicks, entry.memoryBytes),
    image: entry.image,
    priority: entry.priority,
    // Daemons run on every host, whatever its taints (the DaemonSet controller adds the tolerations).
    tolerations: [{ key: '', operator: 'Exists', value: '', effect: '' }] as const,
  };
  for (const [cluster, { orchestrator }] of world.variant.clusters.entries()) {
    if (orchestrator === 'batch' || !entry.orchestrators.includes(orchestrator)) continue;
    const row = workloads.add(entry.name, 'daemon', cluster, specs.rowOf(spec));
    remember(out, entry.name, row);
    if (entry.daemonSet !== undefined) out.controlled.daemonSets.set(row, entry.daemonSet);
  }
}
