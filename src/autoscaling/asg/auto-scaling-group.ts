/**
 * EC2 Auto Scaling: keeps each group at its desired number of hosts.
 *
 * Counts      launching, running and ready hosts; one that drains or terminates has left the group.
 * Launch      the first of the group's types, into the zone with the fewest of its hosts, ties to the lowest zone.
 * Terminate   default termination policy; with managed termination protection only hosts without tasks other than
 *             daemons may go, and what stays too much is looked at again every `retryUs` (aws.md 2.5, 3.12).
 * Failure     a zone in which a launch failed is avoided for `retryUs`, the others are tried at once (aws.md 2.4).
 *             A launch that was refused is ordered again after `retryUs`.
 * Health      a host that does not answer for `asg.unhealthy-after-s` is terminated, and is then missing (aws.md 2.4).
 * Bounds      min <= desired <= max.
 * Departs     no health checks of load balancers; no lifecycle hooks, warm pools, rebalancing between
 *             zones, mixed types or scaling policies (aws.md 2.6-2.9): whoever scales sets the pool's desired count.
 * Source      aws.md 2.4, 2.5.
 */

import { CHANGE, JournalCursor, changeBit } from '../../cluster/journal.ts';
import { NEVER } from '../../base/units.ts';
import { HOST_STATE, NOT_YET } from '../../cluster/hosts.ts';
import { PoolHosts } from './pool-hosts.ts';
import { ZoneBalance } from './zone-balance.ts';
import { chooseVictims } from './termination-policy.ts';
import { terminationReasons } from '../../base/reason-code.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { AssumedParameters } from '../../cloud/assumptions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';

const LAUNCH_FAILED = terminationReasons.codeOf('launch-failed');

export interface AutoScalingGroup {
  readonly pool: number;
  /** Zones it may launch in; at least one. */
  readonly zones: readonly number[];
  /** Managed termination protection of its capacity provider: hosts with tasks stay. */
  readonly protectBusyHosts: boolean;
}

/** A zone that a group avoids: pool, zone, until when. */
type Avoided = readonly [number, number, number];

interface AutoScalingState {
  readonly wakeAtUs: number;
  readonly avoided: readonly Avoided[];
  readonly silent: readonly (readonly [number, number])[];
  readonly version: number;
}

export class AutoScalingGroups implements Controller {
  readonly actor = 'auto-scaling-group';
  readonly phase = 'autoscaling';
  readonly wakesOn =
    changeBit(CHANGE.poolDesired) |
    changeBit(CHANGE.hostState) |
    changeBit(CHANGE.hostRemoved) |
    changeBit(CHANGE.hostAdded) |
    changeBit(CHANGE.hostHealth);
  readonly background = true;
  wakeAtUs = 0;

  private readonly view: ClusterView;
  private readonly groups: readonly AutoScalingGroup[];
  private readonly retryUs: number;
  private readonly hosts: PoolHosts;
  private avoided: readonly Avoided[] = [];
  private readonly unhealthyUs: number;
  private readonly health: JournalCursor;
  /** Hosts that do not answer, with the time at which they will be given up. */
  private readonly silent = new Map<number, number>();

  constructor(
    view: ClusterView,
    groups: readonly AutoScalingGroup[],
    parameters: AssumedParameters,
  ) {
    this.view = view;
    this.groups = groups;
    this.retryUs = parameters.us('asg.launch-retry-s');
    this.hosts = new PoolHosts(view);
    this.unhealthyUs = parameters.us('asg.unhealthy-after-s');
    this.health = new JournalCursor(view.journal, changeBit(CHANGE.hostHealth));
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.avoided = this.avoided.filter(([, , untilUs]) => untilUs > nowUs);
    this.hosts.advance((host) => this.avoidAfterFailure(host, nowUs));
    this.wakeAtUs = this.giveUp(nowUs, out);
    const { pools } = this.view;
    for (const group of this.groups) {
      const { pool } = group;
      const inBounds = Math.min(pools.desired[pool]!, pools.maximum[pool]!);
      const missing = Math.max(inBounds, pools.minimum[pool]!) - this.hosts.of(pool).length;
      if (missing > 0) this.launch(group, missing, out);
      if (missing < 0) this.terminate(group, -missing, out);
      // What is done by then finds nothing; what was refused, failed or protected is tried again.
      if (missing !== 0) this.wakeAtUs = Math.min(this.wakeAtUs, nowUs + this.retryUs);
    }
  }

  save(): AutoScalingState {
    return {
      wakeAtUs: this.wakeAtUs,
      avoided: this.avoided,
      silent: [...this.silent],
      version: this.health.version,
    };
  }

  restore(state: AutoScalingState): void {
    this.wakeAtUs = state.wakeAtUs;
    this.avoided = state.avoided;
    this.silent.clear();
    for (const [host, untilUs] of state.silent) this.silent.set(host, untilUs);
    this.health.version = state.version;
    this.hosts.rebuild();
  }

  /** Terminates hosts that did not answer for too long; the time at which the next one is given up. */
  private giveUp(nowUs: number, out: ActionBuffer): number {
    const { hosts } = this.view;
    for (let change = this.health.next(); change !== undefined; change = this.health.next()) {
      const { row: host, value: down } = change;
      if (down === 0) this.silent.delete(host);
      else if (!this.silent.has(host) && this.isOurs(host)) {
        this.silent.set(host, nowUs + this.unhealthyUs);
      }
    }
    let nextUs = NEVER;
    for (const [host, untilUs] of this.silent) {
      if (hosts.state[host]! > HOST_STATE.ready) this.silent.delete(host);
      else if (untilUs > nowUs) nextUs = Math.min(nextUs, untilUs);
      else {
        this.silent.delete(host);
        out.push({ kind: 'terminate', host, reason: 'unhealthy' });
      }
    }
    return nextUs;
  }

  private isOurs(host: number): boolean {
    return this.groups.some(({ pool }) => pool === this.view.hosts.pool[host]);
  }

  private launch({ pool, zones }: AutoScalingGroup, count: number, out: ActionBuffer): void {
    const { instanceTypes, spot } = this.view.pools.descriptions[pool]!;
    const open = zones.filter((zone) => !this.avoids(pool, zone));
    if (open.length === 0) return;
    const balance = new ZoneBalance(this.view, this.hosts.of(pool));
    for (let launched = 0; launched < count; launched++) {
      const zone = balance.fewest(open);
      balance.add(zone, 1);
      out.push({ kind: 'launch', pool, instanceType: instanceTypes[0]!, zone, spot });
    }
  }

  private terminate(group: AutoScalingGroup, count: number, out: ActionBuffer): void {
    const { taskCount } = this.view.hosts;
    const isProtected = (host: number): boolean => group.protectBusyHosts && taskCount[host]! > 0;
    const victims = chooseVictims(this.view, this.hosts.of(group.pool), count, isProtected);
    for (const host of victims) out.push({ kind: 'terminate', host, reason: 'scale-in' });
  }

  private avoids(pool: number, zone: number): boolean {
    return this.avoided.some(([ofPool, inZone]) => ofPool === pool && inZone === zone);
  }

  private avoidAfterFailure(host: number, nowUs: number): void {
    const { hosts } = this.view;
    const failed =
      hosts.runningUs[host] === NOT_YET && hosts.terminationReason[host] === LAUNCH_FAILED;
    if (!failed) return;
    const entry: Avoided = [hosts.pool[host]!, hosts.zone[host]!, nowUs + this.retryUs];
    this.avoided = [...this.avoided, entry];
  }
}
