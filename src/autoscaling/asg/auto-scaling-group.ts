/**
 * EC2 Auto Scaling: keeps each group at its desired number of hosts.
 *
 * Counts      launching, running and ready hosts; one that drains or terminates has left the group.
 * Launch      the first of the group's types, into the zone with the fewest of its hosts, ties to the lowest zone.
 * Terminate   default termination policy; with managed termination protection only hosts without tasks other than
 *             daemons may go, and what stays too much is looked at again every `retryUs` (aws.md 2.5, 3.12).
 * Failure     a zone in which a launch failed is avoided for `retryUs`, the others are tried at once (aws.md 2.4).
 *             A launch that was refused is ordered again after `retryUs`.
 * Bounds      min <= desired <= max.
 * Departs     no health replacement beyond "it left, so it is missing"; no lifecycle hooks, warm pools, rebalancing between
 *             zones, mixed types or scaling policies (aws.md 2.6-2.9): whoever scales sets the pool's desired count.
 * Source      aws.md 2.4, 2.5.
 */

import { CHANGE, changeBit } from '../../cluster/journal.ts';
import { NEVER } from '../../base/units.ts';
import { NOT_YET } from '../../cluster/hosts.ts';
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
}

export class AutoScalingGroups implements Controller {
  readonly actor = 'auto-scaling-group';
  readonly phase = 'autoscaling';
  readonly wakesOn =
    changeBit(CHANGE.poolDesired) |
    changeBit(CHANGE.hostState) |
    changeBit(CHANGE.hostRemoved) |
    changeBit(CHANGE.hostAdded);
  readonly background = true;
  wakeAtUs = 0;

  private readonly view: ClusterView;
  private readonly groups: readonly AutoScalingGroup[];
  private readonly retryUs: number;
  private readonly hosts: PoolHosts;
  private avoided: readonly Avoided[] = [];

  constructor(
    view: ClusterView,
    groups: readonly AutoScalingGroup[],
    parameters: AssumedParameters,
  ) {
    this.view = view;
    this.groups = groups;
    this.retryUs = parameters.us('asg.launch-retry-s');
    this.hosts = new PoolHosts(view);
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.avoided = this.avoided.filter(([, , untilUs]) => untilUs > nowUs);
    this.hosts.advance((host) => this.avoidAfterFailure(host, nowUs));
    this.wakeAtUs = NEVER;
    const { pools } = this.view;
    for (const group of this.groups) {
      const { pool } = group;
      const inBounds = Math.min(pools.desired[pool]!, pools.maximum[pool]!);
      const missing = Math.max(inBounds, pools.minimum[pool]!) - this.hosts.of(pool).length;
      if (missing > 0) this.launch(group, missing, out);
      if (missing < 0) this.terminate(group, -missing, out);
      // What is done by then finds nothing; what was refused, failed or protected is tried again.
      if (missing !== 0) this.wakeAtUs = nowUs + this.retryUs;
    }
  }

  save(): AutoScalingState {
    return { wakeAtUs: this.wakeAtUs, avoided: this.avoided };
  }

  restore(state: AutoScalingState): void {
    this.wakeAtUs = state.wakeAtUs;
    this.avoided = state.avoided;
    this.hosts.rebuild();
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
