/** Takes objects one by one and keeps what they ask for; the kinds are those of kubernetes.ts. */

import type { TaskSpec, WorkloadKind } from '../../cluster/spec.ts';
import type { StorageSpecs } from '../../cluster/storage-specs.ts';
import { disruptionBudgetSpec } from './disruption-budget.ts';
import { horizontalAutoscalerSpec } from './horizontal-autoscaler.ts';
import { cronJobSpec, jobSpec } from './job-specs.ts';
import type { ManifestOptions } from './kubernetes.ts';
import type { LimitRanges } from './limit-ranges.ts';
import { identityOf, type ManifestObject } from './manifest-object.ts';
import type { ManifestWorkloads, ServiceOwner } from './manifest-workloads.ts';
import { nodeSpec } from './node-object.ts';
import { podGroupSpec } from './pod-group.ts';
import { podTaskSpec } from './pod-task-spec.ts';
import { probesOf } from './container-probes.ts';
import type { PriorityClasses } from './priority-classes.ts';
import { daemonSetSpec, deploymentSpec, replicaSetSpec, statefulSetSpec } from './rollout-specs.ts';
import { scaledObjectSpec } from './scaled-object.ts';
import { whySkipped } from './taskless-kinds.ts';
import { UnreadFields } from './unread-fields.ts';
import { verticalAutoscalerSpec } from './vertical-autoscaler.ts';
import type { YamlCursor } from './yaml-cursor.ts';

interface Surroundings {
  readonly priorities: PriorityClasses;
  readonly limitRanges: LimitRanges;
  readonly storage: StorageSpecs;
  /** `KIND/NAMESPACE/NAME` of every object. */
  readonly present: ReadonlySet<string>;
}

type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K];
};

export class ManifestReading {
  private readonly options: ManifestOptions;
  private readonly around: Surroundings;
  private readonly unread = new UnreadFields();
  private readonly firstPlaces = new Map<string, string>();
  private readonly workloadNames = new Set<string>();
  private readonly namespaces: Record<string, Readonly<Record<string, string>>> = {};
  private readonly found: Mutable<Omit<ManifestWorkloads, 'namespaces' | 'unread' | 'harmless'>>;

  constructor(options: ManifestOptions, around: Surroundings) {
    this.options = options;
    this.around = around;
    this.found = {
      services: [],
      jobs: [],
      cronJobs: [],
      daemons: [],
      budgets: [],
      horizontalAutoscalers: [],
      verticalAutoscalers: [],
      scaledObjects: [],
      serviceSelectors: [],
      nodes: [],
      podGroups: [],
      storage: around.storage,
      read: [],
      skipped: [],
      notes: [],
    };
  }

  take(object: ManifestObject): void {
    const reason = this.whyLeftOut(object);
    if (reason !== undefined) return this.skip(object, reason);
    if (!this.takeKind(object)) return this.skip(object, whySkipped(object.type));
    const { kind, namespace, name } = object;
    this.refuseTwice(object);
    this.found.read.push({ kind, namespace, name });
    this.unread.take(object);
  }

  result(): ManifestWorkloads {
    const { found, namespaces, unread } = this;
    return {
      ...found,
      notes: [...this.generalNotes(), ...found.notes],
      namespaces,
      unread: unread.fields,
      harmless: unread.harmless(),
    };
  }

  /** False for a kind that is not read. */
  private takeKind(object: ManifestObject): boolean {
    const { type, cursor } = object;
    switch (type) {
      case 'apps/Deployment':
      case 'extensions/Deployment':
        this.takeService(object, (template) => ({
          kind: 'Deployment',
          ...deploymentSpec(object, template),
        }));
        return true;
      case 'apps/ReplicaSet':
      case 'extensions/ReplicaSet':
        this.takeService(object, (template) => ({
          kind: 'ReplicaSet',
          ...replicaSetSpec(object, template),
        }));
        return true;
      case '/ReplicationController':
        this.takeService(object, (template) => ({
          kind: 'ReplicationController',
          ...replicaSetSpec(object, template),
        }));
        return true;
      case 'apps/StatefulSet':
        this.takeService(object, (template) => ({
          kind: 'StatefulSet',
          ...statefulSetSpec(object, template),
        }));
        return true;
      case '/Pod':
        this.takePod(object);
        return true;
      case 'apps/DaemonSet':
      case 'extensions/DaemonSet':
        this.takeDaemon(object, cursor.get('spec').get('template'));
        return true;
      case 'batch/Job':
        this.takeJob(object);
        return true;
      case 'batch/CronJob':
        this.takeCronJob(object);
        return true;
      default:
        return this.takeBearing(object);
    }
  }

  /** Kinds that make no tasks and bear on those of others. */
  private takeBearing(object: ManifestObject): boolean {
    const { found } = this;
    const { type, cursor, namespace, name } = object;
    switch (type) {
      case 'policy/PodDisruptionBudget':
        found.budgets.push(disruptionBudgetSpec(object));
        return true;
      case 'autoscaling/HorizontalPodAutoscaler':
        found.horizontalAutoscalers.push(horizontalAutoscalerSpec(object));
        return true;
      case 'autoscaling.k8s.io/VerticalPodAutoscaler':
        found.verticalAutoscalers.push(verticalAutoscalerSpec(object));
        return true;
      case 'keda.sh/ScaledObject':
        found.scaledObjects.push(scaledObjectSpec(object));
        return true;
      case '/Service': {
        const labels = cursor.get('spec').get('selector').textMap();
        if (Object.keys(labels).length > 0) {
          found.serviceSelectors.push({ namespace, name, labels });
        }
        return true;
      }
      case '/Namespace':
        this.namespaces[name] = cursor.get('metadata').get('labels').textMap();
        return true;
      case '/Node':
        found.nodes.push(nodeSpec(object));
        return true;
      case 'scheduling.x-k8s.io/PodGroup':
        found.podGroups.push(podGroupSpec(object));
        return true;
      case 'scheduling.k8s.io/PriorityClass':
      case '/LimitRange':
      case '/PersistentVolumeClaim':
      case '/PersistentVolume':
      case 'storage.k8s.io/StorageClass':
        return true; // Read before the pods.
      default:
        return false;
    }
  }

  private takeService(object: ManifestObject, ownerOf: (template: TaskSpec) => ServiceOwner): void {
    const name = this.workloadName(object);
    const template = object.cursor.get('spec').get('template');
    const spec = this.taskSpec(object, template, name, 'service');
    const owner = ownerOf(spec);
    this.found.services.push({
      name,
      spec,
      replicas: owner.kind === 'Pod' ? 1 : owner.replicas,
      owner,
      ...probesOf(template),
    });
  }

  private takePod(object: ManifestObject): void {
    const { cursor, namespace } = object;
    const policy = cursor.get('spec').get('restartPolicy');
    const runsOn = policy.oneOf(['Always', 'OnFailure', 'Never'], 'Always') === 'Always';
    const name = this.workloadName(object);
    const spec = this.taskSpec(object, cursor, name, runsOn ? 'service' : 'job');
    if (runsOn) {
      const owner = { kind: 'Pod', namespace, name: object.name } as const;
      this.found.services.push({ name, spec, replicas: 1, owner, ...probesOf(cursor) });
    } else {
      const durationUs = this.options.jobDurationUs;
      this.found.jobs.push({
        name,
        spec,
        completions: 1,
        parallelism: 1,
        atUs: 0,
        durationUs,
        ...probesOf(cursor),
      });
    }
  }

  private takeDaemon(object: ManifestObject, template: YamlCursor): void {
    const name = this.workloadName(object);
    const spec = this.taskSpec(object, template, name, 'daemon');
    const daemonSet = daemonSetSpec(object, spec);
    this.found.daemons.push({ name, spec, daemonSet, ...probesOf(template) });
  }

  private takeJob(object: ManifestObject): void {
    const written = object.cursor.get('spec');
    const name = this.workloadName(object);
    const spec = this.taskSpec(object, written.get('template'), name, 'job');
    const job = jobSpec(object, written, spec);
    const { parallelism, completions = parallelism } = job;
    if (job.isSuspended) this.note(object, `${name}: suspended, so it starts no pod`);
    else if (parallelism === 0 || completions === 0) this.note(object, `${name}: starts no pod`);
    if (job.completions === undefined && parallelism > 1) {
      this.note(object, `${name}: a work queue, read as ${parallelism} completions`);
    }
    const wanted = job.isSuspended || parallelism === 0 ? 0 : completions;
    this.found.jobs.push({
      name,
      spec,
      completions: wanted,
      parallelism: Math.min(parallelism, wanted),
      atUs: 0,
      durationUs: this.options.jobDurationUs,
      job,
      ...probesOf(written.get('template')),
    });
  }

  private takeCronJob(object: ManifestObject): void {
    const name = this.workloadName(object);
    const template = object.cursor.get('spec').get('jobTemplate').get('spec').get('template');
    const spec = this.taskSpec(object, template, name, 'job');
    const { jobDurationUs: durationUs } = this.options;
    const cronJob = cronJobSpec(object, spec);
    this.found.cronJobs.push({ name, spec, durationUs, cronJob, ...probesOf(template) });
  }

  private taskSpec(
    object: ManifestObject,
    template: YamlCursor,
    name: string,
    kind: WorkloadKind,
  ): TaskSpec {
    const { priorities, limitRanges } = this.around;
    limitRanges.fill(template.get('spec'), object.namespace);
    const usageFraction = kind === 'job' ? 1 : this.options.serviceUsageFraction;
    const { spec, leftOut } = podTaskSpec(
      template,
      name,
      kind,
      usageFraction,
      priorities,
      object.namespace,
    );
    if (leftOut.length > 0) {
      this.note(object, `${name}: not modelled and left out: ${leftOut.join('; ')}`);
    }
    return spec;
  }

  /** The object's name; a second workload of that name (another kind or namespace) gets a number behind it. */
  private workloadName(object: ManifestObject): string {
    const { cursor, kind, namespace, name } = object;
    if (name === '') cursor.get('metadata').get('name').fault('a name');
    let unique = name;
    for (let number = 2; this.workloadNames.has(unique); number++) unique = `${name}-${number}`;
    this.workloadNames.add(unique);
    if (unique !== name) {
      this.note(object, `${kind} ${name} of namespace ${namespace} is called ${unique} here`);
    }
    return unique;
  }

  private refuseTwice(object: ManifestObject): void {
    const { cursor, kind, namespace, name } = object;
    const identity = identityOf(kind, object);
    const first = this.firstPlaces.get(identity);
    if (first === undefined) this.firstPlaces.set(identity, `${cursor.file}:${cursor.line}`);
    else if (name !== '') {
      cursor.faultSaying(
        `expected ${kind} ${name} of namespace ${namespace} once; found it at ${first} too`,
      );
    }
  }

  /** Of objects that come from a running cluster. */
  private whyLeftOut({ cursor, type, namespace, owner }: ManifestObject): string | undefined {
    if (owner !== undefined) {
      const { kind, name } = owner;
      if (this.around.present.has(identityOf(kind, { namespace, name }))) {
        return `made by ${kind} ${name}, which is read`;
      }
    }
    const status = cursor.get('status');
    if (type === '/Pod' && status.isMap) {
      const phase = status.get('phase').text();
      if (phase === 'Succeeded' || phase === 'Failed') return 'has ended';
    }
    if (type === 'batch/Job' && status.isMap && !status.get('completionTime').isAbsent) {
      return 'has completed';
    }
    return undefined;
  }

  private generalNotes(): { file: string; line: number; message: string }[] {
    const { jobs, cronJobs, services, daemons } = this.found;
    const { jobDurationUs, serviceUsageFraction } = this.options;
    const general: string[] = [];
    const many = jobs.length + cronJobs.length;
    if (many > 0) {
      general.push(
        `${many} jobs: a manifest states no run time; every pod of a job runs ${jobDurationUs / 1e6} s`,
      );
    }
    if (services.length + daemons.length > 0) {
      general.push(
        `${services.length + daemons.length} services and daemons: a manifest states no usage; ` +
          `each uses ${serviceUsageFraction * 100} % of its CPU request`,
      );
    }
    return general.map((message) => ({ file: '', line: 0, message }));
  }

  private skip({ cursor, kind, name }: ManifestObject, reason: string): void {
    const { file, line } = cursor;
    this.found.skipped.push({ kind, name, file, line, reason });
  }

  private note({ cursor }: ManifestObject, message: string): void {
    this.found.notes.push({ file: cursor.file, line: cursor.line, message });
  }
}
