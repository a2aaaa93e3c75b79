/**
 * Keeps the StatefulSets of one cluster (kubernetes.md 3.3): one step a wake, and awake at once again until a step does nothing.
 *
 * Identity    the ordinal of a pod is its task's ordinal; its replacement has the same, and the same origin.
 * Revisions   `update` is the workload's spec; `current` is the one before, until every pod has the new one and is ready. New
 *             pods below the partition get the current one.
 */

import { CHANGE, changeBits } from '../../../cluster/journal.ts';
import { LiveTasks } from '../../live-tasks.ts';
import { NEVER } from '../../../base/units.ts';
import { NO_ROW } from '../../../cluster/hosts.ts';
import { WORKLOAD_KINDS } from '../../../cluster/workloads.ts';
import { statefulStep } from './stateful-set-step.ts';
import type { ActionBuffer } from '../../actions.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Controller } from '../../controller.ts';
import type { StatefulPod } from './stateful-set-step.ts';
import type { StatefulSetSpec } from '../../../cluster/controller-specs.ts';

export type StatefulSetOptions = Pick<
  StatefulSetSpec,
  'podManagement' | 'update' | 'partition' | 'firstOrdinal' | 'minReadyUs'
>;

interface Pod extends StatefulPod {
  readonly task: number;
}

interface SetState {
  /** Row of the spec of the current revision. */
  currentSpec: number;
  /** Number of the first task of each ordinal. */
  readonly origins: Record<number, number>;
}

interface State {
  readonly wakeAtUs: number | null;
  readonly sets: readonly (readonly [workload: number, state: SetState])[];
}

export class StatefulSetController implements Controller {
  readonly actor = 'workload-controller';
  readonly phase = 'workload';
  readonly wakesOn = changeBits(
    CHANGE.serviceDesired,
    CHANGE.workloadSpec,
    CHANGE.taskReady,
    CHANGE.taskStopping,
    CHANGE.taskReleased,
    CHANGE.taskWithdrawn,
  );
  wakeAtUs = NEVER;

  private readonly view: ClusterView;
  /** By workload row. */
  private readonly options: ReadonlyMap<number, StatefulSetOptions>;
  private readonly live: LiveTasks;
  private readonly sets = new Map<number, SetState>();

  constructor(view: ClusterView, options: ReadonlyMap<number, StatefulSetOptions>) {
    this.view = view;
    this.options = options;
    this.live = new LiveTasks(view, WORKLOAD_KINDS.indexOf('service'));
    for (const workload of options.keys()) {
      this.sets.set(workload, { currentSpec: view.workloads.spec[workload]!, origins: {} });
    }
  }

  get background(): boolean {
    return this.wakeAtUs === NEVER;
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.live.advance();
    this.wakeAtUs = NEVER;
    const before = out.actions.length;
    for (const [workload, options] of this.options) this.sync(workload, options, nowUs, out);
    if (out.actions.length > before) this.wakeAtUs = nowUs;
  }

  save(): State {
    const sets = [...this.sets].map(
      ([workload, { currentSpec, origins }]) =>
        [workload, { currentSpec, origins: { ...origins } }] as const,
    );
    return { wakeAtUs: this.wakeAtUs === NEVER ? null : this.wakeAtUs, sets };
  }

  restore({ wakeAtUs, sets }: State): void {
    this.wakeAtUs = wakeAtUs ?? NEVER;
    this.sets.clear();
    for (const [workload, { currentSpec, origins }] of sets) {
      this.sets.set(workload, { currentSpec, origins: { ...origins } });
    }
    this.live.rebuild();
  }

  private sync(
    workload: number,
    options: StatefulSetOptions,
    nowUs: number,
    out: ActionBuffer,
  ): void {
    const { firstOrdinal, podManagement, update } = options;
    const { desired, spec } = this.view.workloads;
    const partition = update === 'RollingUpdate' ? options.partition : 0;
    const set = this.sets.get(workload)!;
    const pods = this.podsOf(workload, set, options.minReadyUs, nowUs);
    const replicas = desired[workload]!;
    this.noteUpdated(workload, set, pods, replicas);
    const step = statefulStep(pods, {
      replicas,
      firstOrdinal,
      isOrdered: podManagement === 'OrderedReady',
      updates: update === 'RollingUpdate',
      partition,
    });
    for (const ordinal of step.create) {
      const isOld = ordinal < firstOrdinal + partition;
      const place = { ordinal, origin: set.origins[ordinal] ?? NO_ROW };
      const run = { spec: isOld ? set.currentSpec : spec[workload]!, place };
      out.push({ kind: 'create-task', workload, run });
    }
    for (const { task } of step.remove) {
      out.push({ kind: 'stop-task', task, reason: 'scaled-in' });
    }
    if (step.update !== undefined) {
      out.push({ kind: 'stop-task', task: step.update.task, reason: 'replaced' });
    }
  }

  private podsOf(workload: number, set: SetState, minReadyUs: number, nowUs: number): Pod[] {
    const { tasks, specs, workloads } = this.view;
    const updated = specs.writtenOf(workloads.spec[workload]!);
    return [...this.live.of(workload)].map((task) => {
      const ordinal = tasks.ordinal[task]!;
      set.origins[ordinal] = tasks.origin[task]!;
      const availableUs = tasks.isReady[task] === 1 ? tasks.readyUs[task]! + minReadyUs : NEVER;
      if (availableUs > nowUs) this.wakeAtUs = Math.min(this.wakeAtUs, availableUs);
      return {
        task,
        ordinal,
        isTerminating: tasks.stopping[task] === 1,
        isAvailable: availableUs <= nowUs,
        isCurrent: specs.writtenOf(tasks.spec[task]!) === updated,
      };
    });
  }

  /** When every pod has the newest revision and is ready, it is the current one. */
  private noteUpdated(
    workload: number,
    set: SetState,
    pods: readonly Pod[],
    replicas: number,
  ): void {
    const { tasks, workloads } = this.view;
    const isDone = (pod: Pod) =>
      pod.isCurrent && !pod.isTerminating && tasks.isReady[pod.task] === 1;
    if (pods.length === replicas && pods.every(isDone)) {
      set.currentSpec = workloads.spec[workload]!;
    }
  }
}
