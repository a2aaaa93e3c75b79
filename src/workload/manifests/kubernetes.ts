/**
 * Kubernetes manifests as workloads. A pure function of the files' texts; files are read in the order given and
 * documents in the order of the file.
 *
 *   Deployment, StatefulSet, ReplicaSet, ReplicationController     service of `replicas` (1 when absent) pods
 *   Pod                                                            service of 1; with restartPolicy Never or OnFailure a job
 *   DaemonSet                                                      daemon: one on every host that it may run on
 *   Job                                                            job at time 0 (kubernetes.md 3.5): completions and parallelism
 *                                                                  1 by default; completions absent but parallelism stated:
 *                                                                  a work queue, here as many completions as workers
 *   List                                                           its items
 *   PriorityClass                                                  priorities of the pods above, wherever it stands
 *   anything else                                                  skipped, listed with its place
 *
 * A manifest says neither how long a job's pod runs nor how much CPU it uses: both come from the options, and a note
 * says so. Notes also name what bears on placement and is not modelled. Wrong types, quantities that do not parse,
 * objects without a name and objects defined twice are faults.
 */

import { ScenarioError, faultToText, type Fault } from '../../base/scenario-error.ts';
import { US_PER_MINUTE } from '../../base/units.ts';
import type { TaskSpec, WorkloadKind } from '../../cluster/spec.ts';
import { podTaskSpec } from './pod-task-spec.ts';
import { PriorityClasses } from './priority-classes.ts';
import { readYaml, type YamlCursor } from './yaml-cursor.ts';

export interface ManifestFile {
  readonly file: string;
  readonly text: string;
}

export interface ManifestOptions {
  /** Run time of every pod of a job. */
  readonly jobDurationUs: number;
  /** CPU in use as a fraction of the request, for services and daemons; jobs use all of theirs. */
  readonly serviceUsageFraction: number;
}

export const PLAIN_MANIFEST_OPTIONS: ManifestOptions = {
  jobDurationUs: US_PER_MINUTE,
  serviceUsageFraction: 0.5,
};

export interface ManifestService {
  readonly name: string;
  readonly spec: TaskSpec;
  readonly replicas: number;
}

export interface ManifestJob {
  readonly name: string;
  readonly spec: TaskSpec;
  readonly completions: number;
  /** At most `completions`. */
  readonly parallelism: number;
  readonly atUs: number;
  readonly durationUs: number;
}

export interface ManifestDaemon {
  readonly name: string;
  readonly spec: TaskSpec;
}

/** An object that brings no tasks, and why. */
export interface SkippedObject {
  readonly kind: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** Something that was read otherwise than a cluster would; line 0 when it concerns no single object. */
export interface ManifestNote {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export interface ManifestWorkloads {
  readonly services: readonly ManifestService[];
  readonly jobs: readonly ManifestJob[];
  readonly daemons: readonly ManifestDaemon[];
  readonly skipped: readonly SkippedObject[];
  readonly notes: readonly ManifestNote[];
}

/** Throws ScenarioError with all faults of all files. */
export function readKubernetesManifests(
  files: readonly ManifestFile[],
  options: ManifestOptions = PLAIN_MANIFEST_OPTIONS,
): ManifestWorkloads {
  const faults: Fault[] = [];
  const objects = files
    .flatMap(({ file, text }) => readYaml(file, text, faults))
    .flatMap(objectsOf);

  const priorities = new PriorityClasses();
  for (const object of objects) {
    if (object.type === 'scheduling.k8s.io/PriorityClass') {
      priorities.define(object.name, object.cursor);
    }
  }
  const reading = new Reading(options, priorities);
  for (const object of objects) reading.take(object);
  if (faults.length > 0) throw new ScenarioError(eachOnce(faults));
  return reading.result();
}

interface KubernetesObject {
  readonly cursor: YamlCursor;
  /** API group and kind, without the version: `apps/Deployment`, `/Pod`. */
  readonly type: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A `List` as its items, anything else as itself; what is no Kubernetes object is a fault and left out. */
function objectsOf(cursor: YamlCursor): KubernetesObject[] {
  const kind = cursor.isMap ? cursor.get('kind').text() : '';
  const apiVersion = cursor.isMap ? cursor.get('apiVersion').text() : '';
  if (kind === '' || apiVersion === '') {
    cursor.faultSaying('expected a Kubernetes object with apiVersion and kind');
    return [];
  }
  if (kind === 'List') return cursor.get('items').items().flatMap(objectsOf);
  const slash = apiVersion.indexOf('/');
  const group = slash === -1 ? '' : apiVersion.slice(0, slash);
  const metadata = cursor.get('metadata');
  const namespace = metadata.get('namespace').text('default');
  const name = metadata.get('name').text();
  return [{ cursor, type: `${group}/${kind}`, kind, namespace, name }];
}

/** One value may be looked at several times and found wrong each time. */
function eachOnce(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [faultToText(fault), fault])).values()];
}

class Reading {
  private readonly options: ManifestOptions;
  private readonly priorities: PriorityClasses;
  private readonly services: ManifestService[] = [];
  private readonly jobs: ManifestJob[] = [];
  private readonly daemons: ManifestDaemon[] = [];
  private readonly skipped: SkippedObject[] = [];
  private readonly notes: ManifestNote[] = [];
  private readonly firstPlaces = new Map<string, string>();
  private readonly workloadNames = new Set<string>();

  constructor(options: ManifestOptions, priorities: PriorityClasses) {
    this.options = options;
    this.priorities = priorities;
  }

  take(object: KubernetesObject): void {
    const spec = object.cursor.get('spec');
    switch (object.type) {
      case 'apps/Deployment':
      case 'extensions/Deployment':
      case 'apps/ReplicaSet':
      case 'extensions/ReplicaSet':
      case '/ReplicationController':
        return this.takeService(object, spec.get('template'), spec.get('replicas').whole(1));
      case 'apps/StatefulSet':
        return this.takeService(object, spec.get('template'), spec.get('replicas').whole(1));
      case '/Pod':
        return this.takePod(object);
      case 'apps/DaemonSet':
      case 'extensions/DaemonSet':
        return this.takeDaemon(object, spec.get('template'));
      case 'batch/Job':
        return this.takeJob(object, spec);
      case 'batch/CronJob':
        return this.skip(object, 'cron schedules are not replayed yet');
      case 'scheduling.k8s.io/PriorityClass':
        return;
      default:
        return this.skip(object, 'not a kind that brings pods here');
    }
  }

  result(): ManifestWorkloads {
    const { services, jobs, daemons, skipped, notes } = this;
    const { jobDurationUs, serviceUsageFraction } = this.options;
    const general: string[] = [];
    if (jobs.length > 0) {
      general.push(
        `${jobs.length} jobs: a manifest states no run time; every pod of a job runs ${jobDurationUs / 1e6} s`,
      );
    }
    if (services.length + daemons.length > 0) {
      general.push(
        `${services.length + daemons.length} services and daemons: a manifest states no usage; ` +
          `each uses ${serviceUsageFraction * 100} % of its CPU request`,
      );
    }
    const generalNotes = general.map((message) => ({ file: '', line: 0, message }));
    return { services, jobs, daemons, skipped, notes: [...generalNotes, ...notes] };
  }

  private takeService(object: KubernetesObject, template: YamlCursor, replicas: number): void {
    const name = this.workloadName(object);
    const spec = this.taskSpec(object, template, name, 'service');
    if (object.cursor.get('spec').get('volumeClaimTemplates').items().length > 0) {
      this.note(object, `${name}: not modelled and left out: volume claim templates`);
    }
    this.services.push({ name, spec, replicas });
  }

  private takePod(object: KubernetesObject): void {
    const policy = object.cursor.get('spec').get('restartPolicy');
    if (policy.oneOf(['Always', 'OnFailure', 'Never'], 'Always') === 'Always') {
      this.takeService(object, object.cursor, 1);
    } else {
      this.addJob(object, object.cursor, 1, 1);
    }
  }

  private takeDaemon(object: KubernetesObject, template: YamlCursor): void {
    const name = this.workloadName(object);
    this.daemons.push({ name, spec: this.taskSpec(object, template, name, 'daemon') });
  }

  private takeJob(object: KubernetesObject, spec: YamlCursor): void {
    const parallelism = spec.get('parallelism').whole(1);
    const isWorkQueue = spec.get('completions').isAbsent && parallelism > 1;
    const completions = spec.get('completions').whole(parallelism);
    if (spec.get('suspend').flag()) return this.skip(object, 'the job is suspended');
    if (parallelism === 0 || completions === 0) return this.skip(object, 'the job starts no pod');
    if (isWorkQueue) {
      this.note(object, `${object.name}: a work queue, read as ${parallelism} completions`);
    }
    this.addJob(object, spec.get('template'), completions, Math.min(parallelism, completions));
  }

  private addJob(
    object: KubernetesObject,
    template: YamlCursor,
    completions: number,
    parallelism: number,
  ): void {
    const name = this.workloadName(object);
    const spec = this.taskSpec(object, template, name, 'job');
    const durationUs = this.options.jobDurationUs;
    this.jobs.push({ name, spec, completions, parallelism, atUs: 0, durationUs });
  }

  private taskSpec(
    object: KubernetesObject,
    template: YamlCursor,
    name: string,
    kind: WorkloadKind,
  ): TaskSpec {
    const usageFraction = kind === 'job' ? 1 : this.options.serviceUsageFraction;
    const { spec, leftOut } = podTaskSpec(template, name, kind, usageFraction, this.priorities);
    if (leftOut.length > 0) {
      this.note(object, `${name}: not modelled and left out: ${leftOut.join('; ')}`);
    }
    return spec;
  }

  /** The object's name; a second workload of that name (another kind or namespace) gets a number behind it. */
  private workloadName(object: KubernetesObject): string {
    const { cursor, kind, namespace, name } = object;
    if (name === '') cursor.get('metadata').get('name').fault('a name');
    const place = `${cursor.file}:${cursor.line}`;
    const identity = `${kind}/${namespace}/${name}`;
    const first = this.firstPlaces.get(identity);
    if (first !== undefined && name !== '') {
      cursor.faultSaying(
        `expected ${kind} ${name} of namespace ${namespace} once; found it at ${first} too`,
      );
    }
    this.firstPlaces.set(identity, place);

    let unique = name;
    for (let number = 2; this.workloadNames.has(unique); number++) unique = `${name}-${number}`;
    this.workloadNames.add(unique);
    if (unique !== name) {
      this.note(object, `${kind} ${name} of namespace ${namespace} is called ${unique} here`);
    }
    return unique;
  }

  private skip(object: KubernetesObject, reason: string): void {
    const { cursor, kind, name } = object;
    this.skipped.push({ kind, name, file: cursor.file, line: cursor.line, reason });
  }

  private note(object: KubernetesObject, message: string): void {
    this.notes.push({ file: object.cursor.file, line: object.cursor.line, message });
  }
}
