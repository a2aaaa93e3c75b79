/**
 * The row of one task in `tasks.csv`, read from the columns when a field is asked for: whoever wants three fields pays for
 * three, and nothing is allocated but the names.
 */

import { FIRST_END_STATE } from '../cluster/tasks.ts';
import { LAUNCH_TYPES, NOT_YET, NO_ROW } from '../cluster/hosts.ts';
import { TASK_STATES } from '../base/reasons.ts';
import { WORKLOAD_KINDS } from '../cluster/workloads.ts';
import { endReasons, pendingReasons } from '../base/reason-code.ts';
import { ticksToMilli } from '../base/units.ts';
import { waitUs } from './task-facts.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { RunKey, TaskRow } from './rows.ts';

export class ColumnTaskRow implements TaskRow {
  readonly variant: string;
  readonly seed: string;
  private readonly view: ClusterView;
  private row = 0;
  private endUs = 0;

  constructor(view: ClusterView, { variant, seed }: RunKey) {
    this.view = view;
    this.variant = variant;
    this.seed = seed;
  }

  /** Speaks of the task in this row from now on; one that has not ended is as it stands at `endUs`. */
  show(row: number, endUs: number): void {
    this.row = row;
    this.endUs = endUs;
  }

  get task(): string {
    return `task-${this.view.tasks.number[this.row]}`;
  }

  get workload(): string {
    return this.view.workloads.names[this.view.tasks.workload[this.row]!]!;
  }

  get kind(): TaskRow['kind'] {
    const { tasks, workloads } = this.view;
    return WORKLOAD_KINDS[workloads.kind[tasks.workload[this.row]!]!]!;
  }

  get orchestrator(): string {
    return this.view.orchestrators[this.view.tasks.cluster[this.row]!]!;
  }

  get launchType(): TaskRow['launchType'] {
    const { hostRow } = this;
    if (hostRow === NO_ROW) return '';
    return LAUNCH_TYPES[this.view.hosts.launchType[hostRow]! as 0 | 1 | 2];
  }

  get zone(): string {
    const { hostRow } = this;
    return hostRow === NO_ROW ? '' : this.view.zones[this.view.hosts.zone[hostRow]!]!;
  }

  get host(): string {
    const { hostRow } = this;
    return hostRow === NO_ROW ? '' : this.view.hostNames[hostRow]!;
  }

  get instanceType(): string {
    const { hostRow } = this;
    return hostRow === NO_ROW ? '' : this.view.hostTypes[hostRow]!;
  }

  get cpuMilli(): number {
    return ticksToMilli(this.view.specs.cpuTicks[this.spec]!);
  }

  get memoryBytes(): number {
    return this.view.specs.memoryBytes[this.spec]!;
  }

  get gpuMilli(): number {
    const { specs } = this.view;
    return specs.gpuCount[this.spec]! * specs.gpuMilli[this.spec]!;
  }

  get submittedUs(): number {
    return this.view.tasks.submittedUs[this.row]!;
  }

  get placedUs(): number | null {
    return come(this.view.tasks.placedUs[this.row]!);
  }

  get pulledUs(): number | null {
    return come(this.view.tasks.pulledUs[this.row]!);
  }

  get startedUs(): number | null {
    return come(this.view.tasks.startedUs[this.row]!);
  }

  get readyUs(): number | null {
    return come(this.view.tasks.readyUs[this.row]!);
  }

  get finishedUs(): number | null {
    return come(this.view.tasks.finishedUs[this.row]!);
  }

  get waitUs(): number | null {
    return waitUs(this.view, this.row, this.endUs);
  }

  get state(): TaskRow['state'] {
    return TASK_STATES[this.view.tasks.state[this.row]!]!.word;
  }

  get origin(): string {
    return `task-${this.view.tasks.origin[this.row]}`;
  }

  get attempts(): number {
    return this.view.tasks.attempts[this.row]!;
  }

  get reason(): TaskRow['reason'] {
    const { tasks } = this.view;
    const code = tasks.reason[this.row]!;
    if (tasks.state[this.row]! >= FIRST_END_STATE) return endReasons.wordOf(code);
    return this.hostRow === NO_ROW ? pendingReasons.wordOf(code) : '';
  }

  /** A copy that stays as it is. */
  copy(): TaskRow {
    return {
      variant: this.variant,
      seed: this.seed,
      task: this.task,
      workload: this.workload,
      kind: this.kind,
      orchestrator: this.orchestrator,
      launchType: this.launchType,
      zone: this.zone,
      host: this.host,
      instanceType: this.instanceType,
      cpuMilli: this.cpuMilli,
      memoryBytes: this.memoryBytes,
      gpuMilli: this.gpuMilli,
      submittedUs: this.submittedUs,
      placedUs: this.placedUs,
      pulledUs: this.pulledUs,
      startedUs: this.startedUs,
      readyUs: this.readyUs,
      finishedUs: this.finishedUs,
      waitUs: this.waitUs,
      state: this.state,
      origin: this.origin,
      attempts: this.attempts,
      reason: this.reason,
    };
  }

  private get hostRow(): number {
    return this.view.tasks.host[this.row]!;
  }

  private get spec(): number {
    return this.view.tasks.spec[this.row]!;
  }
}

/** A time, or null for one that has not come. */
function come(us: number): number | null {
  return us === NOT_YET ? null : us;
}
