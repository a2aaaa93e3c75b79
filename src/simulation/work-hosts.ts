/**
 * Hosts on which tasks have CPU work to finish: each is a `HostCpu` machine with one calendar entry, its next
 * completion or the next step of the traffic that loads its services. Hosts without such tasks cost nothing.
 */

import { EVENT } from './events.ts';
import { HostCpu } from '../runtime/host-cpu.ts';
import { NO_EVENT } from '../kernel/calendar.ts';
import { NO_ROW } from '../cluster/hosts.ts';
import { PHASE } from './phases.ts';
import { cpuWeight } from '../runtime/cpu-weight.ts';
import { NEVER, US_PER_MINUTE } from '../base/units.ts';
import type { EventHandle } from '../kernel/calendar.ts';
import type { HostCpuState } from '../runtime/host-cpu.ts';
import type { SimulationContext } from './context.ts';

/** How often the load of services next to the work is looked at again. */
const BACKGROUND_STEP_US = 5 * US_PER_MINUTE;

interface WorkHost {
  readonly cpu: HostCpu;
  event: EventHandle;
}

export class WorkHosts {
  private readonly context: SimulationContext;
  private readonly finished: (task: number) => void;
  private readonly hosts = new Map<number, WorkHost>();

  constructor(context: SimulationContext, finished: (task: number) => void) {
    this.context = context;
    this.finished = finished;
  }

  /** A task with work begins to run. */
  start(task: number): void {
    const { setup, kernel } = this.context;
    const { tasks, hosts, specs } = setup.cluster;
    const host = tasks.host[task]!;
    const spec = specs.at(tasks.spec[task]!);
    const entry = this.entryOf(host, hosts.cpuCapacity[host]!);
    this.advance(entry);
    entry.cpu.add(
      task,
      tasks.workTickUs[task]!,
      spec.usage.limitTicks,
      cpuWeight(spec.cpuTicks),
      kernel.nowUs,
    );
    this.rearm(host, entry);
  }

  /** Something else on the host began, became ready or left. */
  changed(host: number): void {
    const entry = this.hosts.get(host);
    if (entry === undefined) return;
    this.advance(entry);
    this.rearm(host, entry);
  }

  /** A task is about to leave its host. Call `changed` once it has. */
  leave(task: number): void {
    const { setup, kernel } = this.context;
    const { tasks } = setup.cluster;
    const host = tasks.host[task]!;
    const entry = this.hosts.get(host);
    if (entry === undefined) return;
    this.advance(entry);
    if (entry.cpu.has(task)) entry.cpu.remove(task, kernel.nowUs);
  }

  /** The host's calendar entry is due. */
  due(host: number): void {
    const entry = this.hosts.get(host)!;
    entry.event = NO_EVENT;
    this.advance(entry);
    this.rearm(host, entry);
  }

  save(): { host: number; cpu: HostCpuState; event: number }[] {
    return [...this.hosts].map(([host, { cpu, event }]) => ({ host, cpu: cpu.save(), event }));
  }

  restore(state: ReturnType<WorkHosts['save']>): void {
    this.hosts.clear();
    for (const { host, cpu, event } of state) {
      const entry = this.entryOf(host, this.context.setup.cluster.hosts.cpuCapacity[host]!);
      entry.cpu.restore(cpu);
      entry.event = event;
    }
  }

  private entryOf(host: number, capacityTicks: number): WorkHost {
    let entry = this.hosts.get(host);
    if (entry === undefined) {
      entry = { cpu: new HostCpu(capacityTicks, this.context.kernel.nowUs), event: NO_EVENT };
      this.hosts.set(host, entry);
    }
    return entry;
  }

  private advance(entry: WorkHost): void {
    const done: number[] = [];
    entry.cpu.advance(this.context.kernel.nowUs, done);
    for (const task of done) this.finished(task);
  }

  private rearm(host: number, entry: WorkHost): void {
    const { kernel } = this.context;
    kernel.cancel(entry.event);
    if (entry.cpu.taskCount === 0) {
      this.hosts.delete(host);
      return;
    }
    const hasServices = this.loadBackground(host, entry.cpu);
    const stepUs = hasServices ? kernel.nowUs + BACKGROUND_STEP_US : NEVER;
    const atUs = Math.min(entry.cpu.nextEventAtUs(), stepUs);
    entry.event =
      atUs === NEVER ? NO_EVENT : kernel.schedule(atUs, PHASE.completion, EVENT.hostCpu, host);
  }

  /** Tells the machine what the tasks without work use; true when some of that follows traffic. */
  private loadBackground(host: number, cpu: HostCpu): boolean {
    const { setup, kernel } = this.context;
    const { hosts, tasks, specs } = setup.cluster;
    let demandTicks = 0;
    let weight = 0;
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      if (tasks.workTickUs[task]! > 0) continue;
      demandTicks += setup.usage.demandTicks(task, kernel.nowUs);
      weight += cpuWeight(specs.cpuTicks[tasks.spec[task]!]!);
    }
    cpu.setBackground(Math.round(demandTicks), Math.max(1, weight), kernel.nowUs);
    return demandTicks > 0;
  }
}
