/** From what manifests ask for to workload rows, task sources and what their controllers are told. */

import { FixedSupply } from '../../orchestration/kubernetes/controllers/fixed-supply.ts';
import { NEVER } from '../../base/units.ts';
import { cronJobWorkload, noteBudgets, noteOwner, withDaemonTolerations } from './controlled.ts';
import type { Controlled } from './controlled.ts';
import { TraceSource } from '../../simulation/task-source.ts';
import { addStorage, keptToVolumes, noteManifestClaims } from './storage.ts';
import { scaleByManifests } from './manifest-scaling.ts';
import { schedulerOfInputs } from './scheduler-profiles.ts';
import type { ContainerBehaviour } from '../../runtime/container-behaviour.ts';
import type {
  ManifestJob,
  ServiceOwner,
  ManifestProbes,
  ManifestWorkloads,
} from '../../workload/manifests/manifest-workloads.ts';
import { withServiceSelectors } from './service-spreading.ts';
import { unreadGroups } from '../../workload/manifests/unread-fields.ts';
import type { ManifestsWorkload } from '../schema-workload.ts';
import type { ResizedService, ScaledService } from './workloads.ts';
import type { TaskSource } from '../../simulation/task-source.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import type { World } from './world.ts';
import { manifestsKey } from '../inputs.ts';

interface Taking {
  readonly sources: TaskSource[];
  readonly scaled: ScaledService[];
  readonly resized: ResizedService[];
  readonly containers: (ContainerBehaviour | undefined)[];
  readonly controlled: Controlled;
  readonly remember: (row: number) => void;
}

export function addManifests(
  world: World,
  entry: ManifestsWorkload,
  cluster: number,
  taking: Taking,
): void {
  const found = withServiceSelectors(chosenOf(world, entry));
  const { workloads, specs } = world.cluster;
  const rows: number[] = [];
  const isKubernetes = world.cluster.orchestrators[cluster] === 'kubernetes';
  if (isKubernetes) addStorage(world, found.storage);
  const add = (
    name: string,
    kind: 'service' | 'job' | 'daemon',
    written: TaskSpec,
    owner?: ServiceOwner,
  ): number => {
    const spec = isKubernetes ? written : keptToVolumes(written, found.storage);
    const row = workloads.add(`${entry.name}/${name}`, kind, cluster, specs.rowOf(spec));
    taking.remember(row);
    rows.push(row);
    tellScheduler(world, cluster, `${entry.name}/${name}`, spec);
    if (isKubernetes) noteManifestClaims(world, row, spec, owner);
    return row;
  };
  for (const service of found.services) {
    const row = add(service.name, 'service', knownImage(world, service.spec), service.owner);
    const { replicas } = service;
    workloads.desired[row] = workloads.minimum[row] = workloads.maximum[row] = replicas;
    noteOwner(taking.controlled, row, service.owner);
    scaleByManifests(world, `${entry.name}/${service.name}`, found, service, row, taking);
    noteProbes(taking, row, service);
  }
  for (const one of found.jobs) {
    const spec = knownImage(world, one.spec);
    const row = add(one.name, 'job', spec);
    noteProbes(taking, row, one);
    if (isKubernetes && one.job !== undefined) {
      if (one.job.isSuspended) continue;
      const supply = new FixedSupply(specs.rowOf(spec), one.durationUs, one.atUs);
      taking.controlled.jobs.push({ workload: row, options: one.job, supply });
      continue;
    }
    taking.sources.push(new TraceSource(row, jobTrace(spec, one), [specs.rowOf(spec)]));
    if (one.parallelism < one.completions) {
      world.notes.push(
        `${entry.name}/${one.name}: all ${one.completions} pods are submitted at once, as only Kubernetes knows parallelism`,
      );
    }
  }
  for (const one of found.cronJobs) {
    const spec = knownImage(world, one.spec);
    const row = add(one.name, 'job', spec);
    noteProbes(taking, row, one);
    const supply = new FixedSupply(specs.rowOf(spec), one.durationUs, NEVER);
    const work = cronJobWorkload(world, row, one.cronJob, supply);
    if (typeof work === 'string') world.notes.push(`${entry.name}/${one.name}: ${work}`);
    else taking.controlled.jobs.push(work);
  }
  for (const one of found.daemons) {
    const row = add(one.name, 'daemon', withDaemonTolerations(knownImage(world, one.spec)));
    noteProbes(taking, row, one);
    taking.controlled.daemonSets.set(row, one.daemonSet);
  }
  noteBudgets(world, taking.controlled, found.budgets, rows);
  tellNotes(world, found);
}

function noteProbes({ containers }: Taking, row: number, { probes }: ManifestProbes): void {
  if (probes !== undefined) containers[row] = { probes };
}

/** The whole, or the workloads that `only` names. */
function chosenOf({ inputs }: World, entry: ManifestsWorkload): ManifestWorkloads {
  const found = inputs.manifests[manifestsKey(entry)]!;
  const { only } = entry;
  if (only.length === 0) return found;
  const named = <T extends { readonly name: string }>(list: readonly T[]) =>
    list.filter(({ name }) => only.includes(name));
  return {
    ...found,
    services: named(found.services),
    jobs: named(found.jobs),
    cronJobs: named(found.cronJobs),
    daemons: named(found.daemons),
  };
}

/** A pod may ask for a scheduler that the cluster does not have. */
function tellScheduler(world: World, cluster: number, name: string, { pod }: TaskSpec): void {
  const asked = pod?.schedulerName;
  const settings = world.variant.clusters[cluster]!;
  if (asked === undefined || settings.orchestrator !== 'kubernetes') return;
  const configuration = schedulerOfInputs(world, settings);
  if (configuration === undefined) {
    world.notes.push(
      `${name}: asks for the scheduler ${asked}, and is placed by the default profile`,
    );
  } else if (configuration.profiles.every(({ schedulerName }) => schedulerName !== asked)) {
    world.notes.push(`${name}: waits for the scheduler ${asked}, of which there is no profile`);
  }
}

function tellNotes({ notes }: World, { skipped, notes: found, unread }: ManifestWorkloads): void {
  for (const { kind, name, file, line, reason } of skipped) {
    notes.push(`${file}:${line}: ${kind} ${name} skipped: ${reason}`);
  }
  for (const { file, line, message } of found) {
    notes.push(line === 0 ? message : `${file}:${line}: ${message}`);
  }
  for (const { kind, path, count, first } of unreadGroups(unread)) {
    const times = count === 1 ? '' : ` (${count} times, first here)`;
    notes.push(
      `${first.file}:${first.line}:${first.column}: ${path} of ${kind} is not read${times}`,
    );
  }
}

/** An image without an entry in `images` has no known size: nothing is pulled, and the notes say so. */
function knownImage(world: World, spec: TaskSpec): TaskSpec {
  const { images } = world.variant.scenario;
  const { containers = [], initContainers = [] } = spec.pod ?? {};
  for (const image of [spec.image, ...[...initContainers, ...containers].map((one) => one.image)]) {
    if (image === '' || images[image] !== undefined) continue;
    const note = `image ${image} is not in \`images\`: it is taken as already there`;
    if (!world.notes.includes(note)) world.notes.push(note);
  }
  return images[spec.image] === undefined ? { ...spec, image: '' } : spec;
}

function jobTrace(spec: TaskSpec, { completions, atUs, durationUs }: ManifestJob) {
  return {
    specs: [spec],
    specOf: new Int32Array(completions),
    submittedUs: new Float64Array(completions).fill(atUs),
    durationUs: new Float64Array(completions).fill(durationUs),
    names: [],
  };
}
