/**
 * Resizes of pods in place, as their kubelets make them (KEP 1287, GA in Kubernetes 1.35; kubernetes.md 0.2, 4.2).
 *
 * At once     when the node has room for what the pod asks for in addition.
 * Deferred    otherwise, until a pod leaves the node or asks for less: pods of the highest priority first, then in the order of
 *             asking. One that would have less memory than it uses waits too, until it is asked again.
 * Infeasible  when the node is too small for it whatever leaves: nothing happens.
 * Restart     containers start again where their resize policy says so for a resource that changes, as after any exit.
 * Departs     a kubelet hears of a resize and makes it in no time. The scheduler counts what a pod has, and not yet what it
 *             waits for.
 */

import { FIRST_END_STATE, TASK_STATE } from '../cluster/tasks.ts';
import { RESIZE_RESTART } from '../cluster/workloads.ts';
import type { ContainerRuns } from './container-runs.ts';
import type { HostMemory } from './host-memory.ts';
import type { SimulationContext } from './context.ts';
import type { TaskClock } from './task-clock.ts';
import type { TaskLife } from './task-life.ts';
import type { TaskStart } from './task-start.ts';
import type { WorkHosts } from './work-hosts.ts';

/** What of the life of a task a resize may change. */
export interface ResizedLife {
  readonly clock: TaskClock;
  readonly starting: TaskStart;
  readonly runs: ContainerRuns;
  readonly work: WorkHosts;
  readonly memory: HostMemory;
  readonly tasks: () => TaskLife;
}

export class PodResizes {
  private readonly context: SimulationContext;
  private readonly life: ResizedLife;
  /** By task: the spec that it waits to have. */
  private readonly deferred = new Map<number, number>();

  constructor(context: SimulationContext, life: ResizedLife) {
    this.context = context;
    this.life = life;
  }

  /** A pod is asked to have the sizes of `spec` from now on. */
  ask(task: number, spec: number): void {
    const { tasks } = this.context.setup.cluster;
    const state = tasks.state[task]!;
    if (state === TASK_STATE.pending || state >= FIRST_END_STATE) return;
    this.deferred.delete(task);
    if (tasks.stopping[task] === 1 || tasks.spec[task] === spec) return;
    if (this.try(task, spec)) this.roomCame(tasks.host[task]!);
    else this.deferred.set(task, spec);
  }

  /** A task has left its host. */
  left(task: number, host: number): void {
    if (this.deferred.size === 0) return;
    this.deferred.delete(task);
    this.roomCame(host);
  }

  save(): (readonly [number, number])[] {
    return [...this.deferred];
  }

  restore(state: readonly (readonly [number, number])[]): void {
    this.deferred.clear();
    for (const [task, spec] of state) this.deferred.set(task, spec);
  }

  private roomCame(host: number): void {
    const { tasks, specs } = this.context.setup.cluster;
    const waiting = [...this.deferred]
      .filter(([task]) => tasks.host[task] === host)
      .sort(([, a], [, b]) => specs.priorityOf(b) - specs.priorityOf(a));
    for (const [task, spec] of waiting) {
      if (tasks.stopping[task] === 1 || this.try(task, spec)) this.deferred.delete(task);
    }
  }

  private try(task: number, spec: number): boolean {
    const { setup, ledger, kernel, observers } = this.context;
    const { tasks, specs, workloads } = setup.cluster;
    const { runs, work, memory, clock, starting } = this.life;
    const before = tasks.spec[task]!;
    if (runs.isBeyond(task, spec)) return false;
    if (ledger.resize(task, spec, kernel.nowUs) !== undefined) return false;
    const name = `task-${tasks.number[task]}`;
    for (const observer of observers) {
      observer.decided?.(kernel.nowUs, 'kubelet', name, 'resize', '');
    }
    const changesCpu = specs.cpuTicks[before] !== specs.cpuTicks[spec];
    const changesMemory = specs.memoryBytes[before] !== specs.memoryBytes[spec];
    const changes =
      (changesCpu ? RESIZE_RESTART.cpu : 0) | (changesMemory ? RESIZE_RESTART.memory : 0);
    const restarts = workloads.resizeRestarts[tasks.workload[task]!]! & changes;
    if (restarts !== 0 && tasks.state[task] === TASK_STATE.running) {
      this.life.tasks().containersExited(task, 'resized');
      return true;
    }
    if (runs.resized(task)) {
      clock.cancel(task);
      starting.goOn(task);
    }
    work.changed(tasks.host[task]!);
    memory.changed(tasks.host[task]!);
    return true;
  }
}
