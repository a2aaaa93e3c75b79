/**
 * Keeps the Deployments of one cluster: starts what is missing, deletes what is too many, and rolls new revisions out.
 *
 * Counts     pending and bound pods that are not leaving, against the replicas wanted (kubernetes.md 3.2).
 * Deletes    in the order of `rankForDeletion`.
 * Updates    from the moment on when a workload gets another spec: its ReplicaSets by `Rollout`, one step a wake, and awake at
 *            once again until a step changes nothing; then when a pod becomes available, or goes.
 * Plain      a Deployment that was never updated is one set: no record, no step.
 * Departs    the controller manager's own limit of 20 requests a second is left out; at most 500 pods a sync made or deleted
 *            makes no difference where syncs take no time.
 */

import { CHANGE, JournalCursor, changeBit, changeBits } from '../../../cluster/journal.ts';
import { LiveTasks } from '../../live-tasks.ts';
import { NEVER } from '../../../base/units.ts';
import { PLAIN_DEPLOYMENT, Rollout } from './rollout.ts';
import { TaskPods } from './task-pod.ts';
import { WORKLOAD_KINDS } from '../../../cluster/workloads.ts';
import { rankForDeletion } from './pod-ranking.ts';
import type { ActionBuffer } from '../../actions.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Controller } from '../../controller.ts';
import type { DeploymentOptions, RevisionPods, RolloutState } from './rollout.ts';
import type { EndReason } from '../../../base/reasons.ts';

const SERVICE = WORKLOAD_KINDS.indexOf('service');
const REVISED = changeBit(CHANGE.workloadSpec);
const COUNTS_CHANGED = changeBits(
  CHANGE.serviceDesired,
  CHANGE.taskReleased,
  CHANGE.taskStopping,
  CHANGE.taskWithdrawn,
  CHANGE.hostState,
);

const ALWAYS = COUNTS_CHANGED | REVISED;
const WHILE_UPDATING = ALWAYS | changeBit(CHANGE.taskReady);

export interface DeploymentControllerOptions {
  readonly cluster: number;
  /** By workload row; those that are not there have the API's defaults. */
  readonly deployments: ReadonlyMap<number, DeploymentOptions>;
  /** Services that another controller keeps. */
  readonly others: ReadonlySet<number>;
  readonly seed: string | number;
}

interface State {
  readonly version: number;
  readonly wakeAtUs: number | null;
  readonly rollouts: readonly (readonly [workload: number, state: RolloutState])[];
}

export class DeploymentController implements Controller {
  readonly actor = 'workload-controller';
  readonly phase = 'workload';
  wakeAtUs = NEVER;

  private readonly view: ClusterView;
  private readonly options: DeploymentControllerOptions;
  private readonly own: readonly number[];
  private readonly live: LiveTasks;
  private readonly pods: TaskPods;
  private readonly cursor: JournalCursor;
  private readonly rollouts = new Map<number, Rollout>();

  constructor(view: ClusterView, options: DeploymentControllerOptions) {
    this.view = view;
    this.options = options;
    this.live = new LiveTasks(view, SERVICE);
    this.pods = new TaskPods(view, options.seed);
    this.cursor = new JournalCursor(view.journal, REVISED);
    const { workloads } = view;
    // Workloads do not change while a run goes on.
    this.own = Array.from({ length: workloads.count }, (_, row) => row).filter(
      (row) =>
        workloads.kind[row] === SERVICE &&
        workloads.cluster[row] === options.cluster &&
        !options.others.has(row),
    );
  }

  /** Readiness is news only to an update. */
  get wakesOn(): number {
    if (this.own.length === 0) return 0;
    return this.rollouts.size > 0 ? WHILE_UPDATING : ALWAYS;
  }

  /** An update waits for a pod to become available. */
  get background(): boolean {
    return this.wakeAtUs === NEVER;
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.live.advance();
    this.wakeAtUs = NEVER;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      if (this.own.includes(change.row)) this.revise(change.row, change.value);
    }
    for (const workload of this.own) {
      const rollout = this.rollouts.get(workload);
      if (rollout === undefined) this.keep(workload, nowUs, out);
      else this.roll(workload, rollout, nowUs, out);
    }
  }

  save(): State {
    return {
      version: this.cursor.version,
      // JSON has no Infinity.
      wakeAtUs: this.wakeAtUs === NEVER ? null : this.wakeAtUs,
      rollouts: [...this.rollouts].map(([workload, rollout]) => [workload, rollout.save()]),
    };
  }

  restore(state: State): void {
    this.cursor.version = state.version;
    this.wakeAtUs = state.wakeAtUs ?? NEVER;
    this.rollouts.clear();
    for (const [workload, saved] of state.rollouts) this.newRollout(workload).restore(saved);
    this.live.rebuild();
  }

  private keep(workload: number, nowUs: number, out: ActionBuffer): void {
    const { workloads } = this.view;
    const present = workloads.pending[workload]! + workloads.bound[workload]!;
    const missing = workloads.desired[workload]! - present;
    for (let i = 0; i < missing; i++) out.push({ kind: 'create-task', workload });
    if (missing >= 0) return;
    this.stop(this.activeOf(workload), -missing, 'scaled-in', nowUs, out);
  }

  private revise(workload: number, specBefore: number): void {
    const { specs, workloads } = this.view;
    const replicas = workloads.desired[workload]!;
    let rollout = this.rollouts.get(workload);
    if (rollout === undefined) {
      rollout = this.newRollout(workload);
      rollout.begin(specs.writtenOf(specBefore), specBefore, replicas);
    }
    const spec = workloads.spec[workload]!;
    rollout.turnTo(specs.writtenOf(spec), spec, replicas);
  }

  private roll(workload: number, rollout: Rollout, nowUs: number, out: ActionBuffer): void {
    const { desired } = this.view.workloads;
    const { minReadyUs } = this.optionsOf(workload);
    const pods = rollout.sets.map(({ written }) =>
      this.podsOf(workload, written, nowUs, minReadyUs),
    );
    const before = out.actions.length;
    const isStepped = rollout.step(desired[workload]!, pods);
    for (const [i, set] of rollout.sets.entries()) {
      const { active } = pods[i]!;
      const missing = set.replicas - active.length;
      const run = { spec: set.spec };
      for (let k = 0; k < missing; k++) out.push({ kind: 'create-task', workload, run });
      const reason = rollout.isCurrent(set) ? 'scaled-in' : 'replaced';
      if (missing < 0) this.stop(active, -missing, reason, nowUs, out);
    }
    // What was done now is seen by the next sync, which is at once.
    if (isStepped || out.actions.length > before) this.wakeAtUs = nowUs;
  }

  private podsOf(
    workload: number,
    written: number,
    nowUs: number,
    minReadyUs: number,
  ): RevisionPods {
    const { tasks, specs } = this.view;
    const active: number[] = [];
    let available = 0;
    let existing = 0;
    for (const task of this.live.of(workload)) {
      if (specs.writtenOf(tasks.spec[task]!) !== written) continue;
      existing++;
      if (tasks.stopping[task] === 1) continue;
      active.push(task);
      const availableUs = this.pods.availableUs(task, minReadyUs);
      if (availableUs <= nowUs) available++;
      else this.wakeAtUs = Math.min(this.wakeAtUs, availableUs);
    }
    return { active, available, existing };
  }

  private activeOf(workload: number): number[] {
    const { stopping } = this.view.tasks;
    return [...this.live.of(workload)].filter((task) => stopping[task] === 0);
  }

  private stop(
    tasks: readonly number[],
    count: number,
    reason: EndReason,
    nowUs: number,
    out: ActionBuffer,
  ): void {
    const ranked = rankForDeletion(
      tasks.map((task) => this.pods.podOf(task)),
      nowUs,
    );
    for (const { task } of ranked.slice(0, count)) out.push({ kind: 'stop-task', task, reason });
  }

  private newRollout(workload: number): Rollout {
    const rollout = new Rollout(this.optionsOf(workload));
    this.rollouts.set(workload, rollout);
    return rollout;
  }

  private optionsOf(workload: number): DeploymentOptions {
    return this.options.deployments.get(workload) ?? PLAIN_DEPLOYMENT;
  }
}
