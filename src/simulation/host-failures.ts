/**
 * Machines that fail and come back: by a process of their pool, or with their zone.
 *
 * Failure     what ran on the machine is gone at once, and nobody is told: pods stay bound (the node controller finds out,
 *             kubernetes.md 2.10), ECS tasks too until their instance is terminated or comes back; a batch system submits the
 *             jobs again. A Fargate micro-VM goes with its task.
 * Return      the machine boots and its kubelet or agent looks at what it should run: pods start anew in place or are gone
 *             when they were to be deleted, ECS tasks have ended.
 * Terminate   a machine that does not answer cannot be drained: its instance is terminated at once (host-life.ts).
 * ECS, batch  a host whose agent is silent takes no tasks: it has a taint of ours while it is down (aws.md 3.3).
 * Departs     booting takes no time of its own: it is part of the repair. Images stay on the disk.
 */

import { DOWN, HOST_STATE, LAUNCH_TYPE, NO_ROW } from '../cluster/hosts.ts';
import { EVENT } from './events.ts';
import { NEVER } from '../base/units.ts';
import { NO_EVENT } from '../kernel/calendar.ts';
import { OUT_OF_SERVICE } from '../orchestration/kubernetes/node/node-taints.ts';
import { PHASE } from './phases.ts';
import { backAfterUs, failsAfterUs } from '../disruption/host-failure.ts';
import { isZoneOut } from '../disruption/zone-outage.ts';
import { tasksOn } from './tasks-on.ts';
import type { FailingHost, HostFailureProcess } from '../disruption/host-failure.ts';
import type { HostLife } from './host-life.ts';
import type { SimulationContext } from './context.ts';
import type { Taint } from '../cluster/spec.ts';
import type { TaskLife } from './task-life.ts';

/** Of a host whose agent is not heard of, under ECS and batch. */
export const SILENT: Taint = { key: 'berth.dev/silent', value: '', effect: 'NoSchedule' };

export class HostFailures {
  private readonly context: SimulationContext;
  private readonly hosts: () => HostLife;
  private readonly tasks: () => TaskLife;

  constructor(context: SimulationContext, hosts: () => HostLife, tasks: () => TaskLife) {
    this.context = context;
    this.hosts = hosts;
    this.tasks = tasks;
  }

  /** At time 0. */
  begin(): void {
    const { setup, kernel } = this.context;
    for (const [row, { fromUs }] of setup.outages.entries()) {
      if (fromUs > setup.durationUs) continue;
      kernel.scheduleBackground(fromUs, PHASE.disruption, EVENT.outageBegins, row);
    }
  }

  isZoneOut(zone: number): boolean {
    return isZoneOut(this.context.setup.outages, zone, this.context.kernel.nowUs);
  }

  /** The machine runs from now on: its next failure is drawn. */
  watch(host: number): void {
    const { setup, kernel } = this.context;
    const process = this.processOf(host);
    if (process === undefined) return;
    const atUs = kernel.nowUs + failsAfterUs(process, setup.seed, this.named(host));
    if (atUs > setup.durationUs) return;
    const { hosts } = setup.cluster;
    hosts.failureEvent[host] = kernel.scheduleBackground(
      atUs,
      PHASE.disruption,
      EVENT.hostFails,
      host,
    );
  }

  /** The machine fails by itself. */
  fails(host: number): void {
    const { setup, kernel } = this.context;
    const { hosts } = setup.cluster;
    const process = this.processOf(host)!;
    hosts.failureEvent[host] = NO_EVENT;
    hosts.failures[host]!++;
    const backUs = backAfterUs(process, setup.seed, this.named(host));
    this.goesDown(host, DOWN.failed, 'host-failure');
    if (hosts.state[host]! >= HOST_STATE.terminating) return;
    if (backUs !== NEVER) {
      const atUs = kernel.nowUs + backUs;
      hosts.failureEvent[host] = kernel.schedule(atUs, PHASE.disruption, EVENT.hostReturns, host);
    }
    const { outOfServiceUs } = process;
    if (outOfServiceUs >= backUs || !this.isNode(host)) return;
    const atUs = kernel.nowUs + outOfServiceUs;
    kernel.schedule(atUs, PHASE.disruption, EVENT.outOfService, host);
  }

  /** The machine was repaired. */
  returns(host: number): void {
    this.context.setup.cluster.hosts.failureEvent[host] = NO_EVENT;
    this.comesBack(host, DOWN.failed);
    this.watch(host);
  }

  outageBegins(row: number): void {
    const { setup, kernel } = this.context;
    const { zone, untilUs } = setup.outages[row]!;
    kernel.schedule(untilUs, PHASE.disruption, EVENT.outageEnds, row);
    this.decided(setup.cluster.zones[zone]!, 'zone-outage');
    for (const host of this.runningIn(zone)) this.goesDown(host, DOWN.zoneOut, 'zone-outage');
  }

  outageEnds(row: number): void {
    const { zone } = this.context.setup.outages[row]!;
    // Another outage of the zone may have begun meanwhile.
    if (this.isZoneOut(zone)) return;
    for (const host of this.runningIn(zone)) this.comesBack(host, DOWN.zoneOut);
  }

  /** Somebody has found out that the node will not come back, and says so to Kubernetes (kubernetes.md 2.10). */
  outOfService(host: number): void {
    const { setup, ledger, kernel } = this.context;
    const { hosts } = setup.cluster;
    if (hosts.down[host] === 0 || hosts.state[host]! >= HOST_STATE.terminating) return;
    ledger.changeTaints(host, [], [OUT_OF_SERVICE], kernel.nowUs);
  }

  private goesDown(host: number, bit: number, reason: 'host-failure' | 'zone-outage'): void {
    const { setup, kernel, ledger } = this.context;
    const { hosts } = setup.cluster;
    const before = hosts.down[host]!;
    if ((before & bit) !== 0) return;
    if (hosts.launchType[host] === LAUNCH_TYPE.fargate) {
      this.hosts().lose(host, reason);
      return;
    }
    ledger.setDown(host, before | bit, kernel.nowUs);
    if ((before & ~DOWN.cutOff) !== 0) return;
    this.decided(setup.cluster.hostNames[host]!, reason);
    if (before === 0 && !this.isNode(host)) {
      ledger.changeTaints(host, [], [SILENT], kernel.nowUs);
    }
    this.context.links?.failed(host);
    for (const task of tasksOn(setup.cluster, host)) this.tasks().lost(task);
    // One that was being emptied cannot be waited for any longer.
    if (hosts.state[host] === HOST_STATE.draining) this.hosts().lose(host, reason);
  }

  private comesBack(host: number, bit: number): void {
    const { setup, kernel, ledger } = this.context;
    const { hosts } = setup.cluster;
    const before = hosts.down[host]!;
    if ((before & bit) === 0) return;
    ledger.setDown(host, before & ~bit, kernel.nowUs);
    if (hosts.down[host] !== 0) return;
    if (!this.isNode(host)) ledger.changeTaints(host, [SILENT], [], kernel.nowUs);
    if (hosts.state[host] === HOST_STATE.running && hosts.nextEvent[host] === NO_EVENT) {
      this.hosts().ready(host);
      return;
    }
    for (const task of tasksOn(setup.cluster, host)) this.tasks().found(task);
  }

  private isNode(host: number): boolean {
    const { hosts, orchestrators } = this.context.setup.cluster;
    return orchestrators[hosts.cluster[host]!] === 'kubernetes';
  }

  private runningIn(zone: number): number[] {
    const { hosts } = this.context.setup.cluster;
    const rows: number[] = [];
    for (let host = 0; host < hosts.count; host++) {
      const state = hosts.state[host]!;
      const isRunning = state >= HOST_STATE.running && state <= HOST_STATE.draining;
      if (isRunning && hosts.zone[host] === zone) rows.push(host);
    }
    return rows;
  }

  private processOf(host: number): HostFailureProcess | undefined {
    const { setup } = this.context;
    const pool = setup.cluster.hosts.pool[host]!;
    return pool === NO_ROW ? undefined : setup.hostFailures[pool];
  }

  private named(host: number): FailingHost {
    const { hosts, pools } = this.context.setup.cluster;
    const { name } = pools.descriptions[hosts.pool[host]!]!;
    return { pool: name, ordinal: hosts.ordinal[host]!, failures: hosts.failures[host]! };
  }

  private decided(subject: string, reason: string): void {
    const { observers, kernel } = this.context;
    for (const observer of observers) {
      observer.decided?.(kernel.nowUs, 'disruption', subject, 'fail', reason);
    }
  }
}
