/** What the parts of a task's life share: its one calendar entry, its draws, and the fold of its events into the digest. */

import { counterUniform } from '../random/counter-hash.ts';
import { quantile } from '../random/sampler.ts';
import { NO_EVENT } from '../kernel/calendar.ts';
import type { Distribution } from '../random/distribution.ts';
import type { SimulationContext } from './context.ts';

export class TaskClock {
  private readonly context: SimulationContext;

  constructor(context: SimulationContext) {
    this.context = context;
  }

  /** Schedules the next event of the task's life in place of the one it had. */
  next(task: number, timeUs: number, phase: number, event: number): void {
    const { kernel, setup } = this.context;
    const { tasks } = setup.cluster;
    kernel.cancel(tasks.nextEvent[task]!);
    tasks.nextEvent[task] = kernel.schedule(timeUs, phase, event, task);
  }

  cancel(task: number): void {
    const { kernel, setup } = this.context;
    kernel.cancel(setup.cluster.tasks.nextEvent[task]!);
    setup.cluster.tasks.nextEvent[task] = NO_EVENT;
  }

  /** Drawn for the task from one of its workload's laws: the same for the same work under every policy. */
  drawnUs(task: number, what: string, from: Distribution): number {
    const { seed, cluster } = this.context.setup;
    const { tasks, workloads } = cluster;
    const purpose = `${what}/${workloads.names[tasks.workload[task]!]}`;
    const draw = counterUniform(seed, purpose, tasks.ordinal[task]!);
    return Math.max(0, Math.round(quantile(from, draw)));
  }

  fold(kind: number, task: number): void {
    const { digest, kernel, setup } = this.context;
    const { tasks } = setup.cluster;
    digest.fold(kernel.nowUs, kind, tasks.number[task]!, tasks.host[task]!);
  }

  isPod(task: number): boolean {
    const { tasks, orchestrators } = this.context.setup.cluster;
    return orchestrators[tasks.cluster[task]!] === 'kubernetes';
  }
}
