/** How Fargate rounded the sizes that were asked for: one sentence a workload and size (aws.md 4.1). */

import { GIB, MIB, TICKS_PER_CORE } from '../base/units.ts';
import { LAUNCH_TYPE, NO_ROW } from '../cluster/hosts.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Observer } from '../simulation/observer.ts';
import { tasksInside } from './task-facts.ts';

/** Jobs of drawn sizes have a sentence each: the first ones stand for them. */
const SENTENCES_MAX = 50;

export class FargateRounding implements Observer {
  private readonly view: ClusterView;
  /** Rows of the specs seen on micro-VMs, with the host that showed it. */
  private readonly hostOf = new Map<number, number>();

  constructor(view: ClusterView) {
    this.view = view;
  }

  taskEnded(task: number): void {
    const { tasks, hosts } = this.view;
    const host = tasks.host[task]!;
    if (host === NO_ROW || hosts.launchType[host] !== LAUNCH_TYPE.fargate) return;
    const spec = tasks.spec[task]!;
    if (!this.hostOf.has(spec)) this.hostOf.set(spec, host);
  }

  runEnded(): void {
    for (const task of tasksInside(this.view)) this.taskEnded(task);
  }

  /** In the order in which the sizes were seen; nothing for those that fit a row of the table. */
  sentences(): string[] {
    const all = [...this.hostOf].flatMap(([spec, host]) => this.sentenceOf(spec, host) ?? []);
    if (all.length <= SENTENCES_MAX) return all;
    const more = all.length - SENTENCES_MAX;
    return [...all.slice(0, SENTENCES_MAX), `and ${more} more sizes that Fargate rounds up`];
  }

  save(): unknown {
    return [...this.hostOf];
  }

  restore(state: [number, number][]): void {
    this.hostOf.clear();
    for (const [spec, host] of state) this.hostOf.set(spec, host);
  }

  private sentenceOf(spec: number, host: number): string | undefined {
    const { hosts, specs } = this.view;
    const { workload, cpuTicks, memoryBytes } = specs.at(spec);
    const soldTicks = hosts.cpuCapacity[host]!;
    const soldBytes = hosts.memoryCapacity[host]!;
    if (soldTicks === cpuTicks && soldBytes === memoryBytes) return undefined;
    const asked = `${cpuTicks / TICKS_PER_CORE} vCPU and ${memoryBytes / MIB} MiB`;
    const sold = `${soldTicks / TICKS_PER_CORE} vCPU and ${soldBytes / GIB} GiB`;
    return `${workload} asks for ${asked}; Fargate runs it as ${sold}`;
  }
}
