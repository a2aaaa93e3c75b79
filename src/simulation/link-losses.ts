/**
 * Own hosts that the region does not hear of for a while (disruption/link-loss.ts).
 *
 * Meanwhile   what runs goes on, containers that exit are started again in place, and what the host has heard of starts. Nothing
 *             new is placed: ECS and batch see a silent agent, Kubernetes finds out by itself (node-lifecycle.ts).
 *             What is told to stop is not told: it runs on. A task that ends keeps its room: nobody has heard.
 * Back        the host tells what has ended, is told what to stop, which takes the usual time, and pods that run count as ready
 *             again.
 * Restart     a machine that fails during the loss loses what ran, and its pods start again only when the link is back: the
 *             kubelet asks the region what to run (aws.md 7.2).
 * ECS         nothing is replaced. Credentials of tasks last `ecs-anywhere.credentials-s`; when they end the log of
 *             decisions says so, and tasks run on: what they do without is theirs to know (aws.md 7.1).
 * Departs     images are pulled over the cut, and kubelets evict for memory and disk only when the link is back.
 * Cost        nothing where no link is lost; else a look at each pod that ends.
 */

import { DOWN, HOST_STATE } from '../cluster/hosts.ts';
import { EVENT } from './events.ts';
import { PHASE } from './phases.ts';
import { TASK_STATE } from '../cluster/tasks.ts';
import { SILENT } from './host-failures.ts';
import { tasksOn } from './tasks-on.ts';
import type { EndReason } from '../base/reasons.ts';
import type { LinkLoss } from '../disruption/link-loss.ts';
import type { SimulationContext } from './context.ts';
import type { TaskLife } from './task-life.ts';

interface UnheardEnd {
  readonly task: number;
  readonly state: number;
  readonly reason: EndReason;
}

export interface LinkLossesState {
  readonly ends: readonly UnheardEnd[];
  readonly ready: readonly number[];
  readonly restarted: readonly number[];
}

export class LinkLosses {
  private readonly context: SimulationContext;
  private readonly losses: readonly LinkLoss[];
  private readonly life: () => TaskLife;
  /** Tasks that ended while nobody heard. */
  private readonly ends = new Map<number, UnheardEnd>();
  /** Tasks that were ready when their host was cut off. */
  private readonly ready = new Set<number>();
  /** Hosts whose machine failed during the loss. */
  private readonly restarted = new Set<number>();

  constructor(context: SimulationContext, losses: readonly LinkLoss[], life: () => TaskLife) {
    this.context = context;
    this.losses = losses;
    this.life = life;
  }

  /** At time 0. */
  begin(): void {
    const { setup, kernel } = this.context;
    for (const [row, { fromUs }] of this.losses.entries()) {
      if (fromUs > setup.durationUs) continue;
      kernel.scheduleBackground(fromUs, PHASE.disruption, EVENT.linkLost, row);
    }
  }

  lost(row: number): void {
    const { setup, kernel, ledger } = this.context;
    const { cluster, market } = setup;
    const loss = this.losses[row]!;
    kernel.schedule(loss.untilUs, PHASE.disruption, EVENT.linkBack, row);
    const credentialsUs = kernel.nowUs + market.parameters.us('ecs-anywhere.credentials-s');
    let hasInstances = false;
    for (const host of this.hostsOf(loss)) {
      const before = cluster.hosts.down[host]!;
      if ((before & DOWN.cutOff) !== 0) continue;
      ledger.setDown(host, before | DOWN.cutOff, kernel.nowUs);
      this.decided(host, 'link-lost');
      if (before !== 0) continue;
      if (!this.isNode(host)) ledger.changeTaints(host, [], [SILENT], kernel.nowUs);
      hasInstances ||= cluster.orchestrators[cluster.hosts.cluster[host]!] === 'ecs';
      for (const task of tasksOn(cluster, host)) {
        if (cluster.tasks.isReady[task] === 1) this.ready.add(task);
      }
    }
    if (!hasInstances || credentialsUs >= loss.untilUs) return;
    kernel.scheduleBackground(credentialsUs, PHASE.disruption, EVENT.credentialsEnd, row);
  }

  /** Of every task of ECS on hosts that the loss still cuts off. */
  credentialsEnd(row: number): void {
    const { hosts, orchestrators } = this.context.setup.cluster;
    for (const host of this.hostsOf(this.losses[row]!)) {
      if (orchestrators[hosts.cluster[host]!] !== 'ecs') continue;
      if ((hosts.down[host]! & DOWN.cutOff) !== 0) this.decided(host, 'credentials-expired');
    }
  }

  back(row: number): void {
    const { setup, kernel, ledger } = this.context;
    const { hosts } = setup.cluster;
    for (const host of this.hostsOf(this.losses[row]!)) {
      const before = hosts.down[host]!;
      if ((before & DOWN.cutOff) === 0 || this.isCut(host)) continue;
      ledger.setDown(host, before & ~DOWN.cutOff, kernel.nowUs);
      const hasRestarted = this.restarted.delete(host);
      // A machine that is down as well is heard of when it is well.
      if (hosts.down[host] !== 0) continue;
      if (!this.isNode(host)) ledger.changeTaints(host, [SILENT], [], kernel.nowUs);
      for (const task of tasksOn(setup.cluster, host)) {
        if (hasRestarted) this.life().found(task);
        else this.hear(task);
      }
    }
  }

  /** The machine of a host failed; true when it was cut off, so that nobody heard of that either. */
  failed(host: number): void {
    const { hosts } = this.context.setup.cluster;
    if ((hosts.down[host]! & DOWN.cutOff) === 0) return;
    this.restarted.add(host);
    for (const task of tasksOn(this.context.setup.cluster, host)) this.forget(task);
  }

  /** Keeps the end of a task to itself while its host is cut off. */
  holds(task: number, state: number, reason: EndReason): boolean {
    const { tasks, hosts } = this.context.setup.cluster;
    const host = tasks.host[task]!;
    if (host < 0 || (hosts.down[host]! & DOWN.cutOff) === 0) return false;
    this.ends.set(task, { task, state, reason });
    return true;
  }

  /** The task has ended, or what ran of it is lost. */
  forget(task: number): void {
    this.ends.delete(task);
    this.ready.delete(task);
  }

  save(): LinkLossesState {
    return {
      ends: [...this.ends.values()],
      ready: [...this.ready],
      restarted: [...this.restarted],
    };
  }

  restore({ ends, ready, restarted }: LinkLossesState): void {
    for (const kept of [this.ends, this.ready, this.restarted]) kept.clear();
    for (const end of ends) this.ends.set(end.task, end);
    for (const task of ready) this.ready.add(task);
    for (const host of restarted) this.restarted.add(host);
  }

  /** What the host says of the task, and is told. */
  private hear(task: number): void {
    const { setup, ledger, kernel } = this.context;
    const { tasks } = setup.cluster;
    const end = this.ends.get(task);
    if (end !== undefined) {
      if (tasks.stopping[task] === 1) this.life().stopped(task);
      else this.life().end(task, end.state, end.reason);
    } else if (tasks.stopping[task] === 1) this.life().hearsOfStop(task);
    else if (tasks.state[task] === TASK_STATE.placed && !this.life().isAwaited(task)) {
      this.life().found(task);
    } else if (this.ready.has(task) && tasks.isReady[task] === 0) {
      ledger.setReady(task, kernel.nowUs);
    }
    this.ready.delete(task);
  }

  /** By any loss, now. */
  private isCut(host: number): boolean {
    const { nowUs } = this.context.kernel;
    return this.losses.some(
      (loss) => loss.fromUs <= nowUs && nowUs < loss.untilUs && this.isOf(loss, host),
    );
  }

  private hostsOf(loss: LinkLoss): number[] {
    const { hosts } = this.context.setup.cluster;
    const rows: number[] = [];
    for (let host = 0; host < hosts.count; host++) {
      const state = hosts.state[host]!;
      const isThere = state >= HOST_STATE.running && state <= HOST_STATE.draining;
      if (isThere && this.isOf(loss, host)) rows.push(host);
    }
    return rows;
  }

  private isOf(loss: LinkLoss, host: number): boolean {
    const { hosts } = this.context.setup.cluster;
    const isInZone = loss.zone === undefined || hosts.zone[host] === loss.zone;
    return isInZone && loss.pools.includes(hosts.pool[host]!);
  }

  private isNode(host: number): boolean {
    const { hosts, orchestrators } = this.context.setup.cluster;
    return orchestrators[hosts.cluster[host]!] === 'kubernetes';
  }

  private decided(host: number, reason: 'link-lost' | 'credentials-expired'): void {
    const { observers, kernel, setup } = this.context;
    const name = setup.cluster.hostNames[host]!;
    for (const observer of observers) {
      observer.decided?.(kernel.nowUs, 'disruption', name, 'fail', reason);
    }
  }
}
