/**
 * EC2 Auto Scaling: keeps each group at its desired capacity.
 *
 * Counts      launching, running and ready hosts, by the weights of their types; one that drains or terminates has left the group.
 * Launch      launches.ts: on demand or spot, zone, and what is left to EC2. A zone in which a launch failed is avoided for a while,
 *             the others are tried at once (avoided-zones.ts).
 * Terminate   termination-policy.ts; with managed termination protection only hosts without tasks other than daemons may go, and
 *             what stays too much is looked at again every `retryUs` (aws.md 2.5, 3.12).
 * Replace     zones that differ, machines at risk, age, campaigns: replacements.ts.
 * Health      a host that does not answer for `asg.unhealthy-after-s` is terminated, and is then missing (aws.md 2.4).
 * Bounds      min <= desired <= max.
 * Departs     no health checks of load balancers, no lifecycle hooks, no warm pools. Who sizes the group sets the pool's desired
 *             count: scaling policies, managed scaling, the Cluster Autoscaler.
 * Source      aws.md 2.4, 2.5, 2.7 to 2.9.
 */

import { AvoidedZones } from './avoided-zones.ts';
import { CHANGE, JournalCursor, changeBits } from '../../cluster/journal.ts';
import { HOST_STATE } from '../../cluster/hosts.ts';
import { NEVER } from '../../base/units.ts';
import { PoolHosts } from './pool-hosts.ts';
import { Replacements } from './replacements.ts';
import { Roster } from './roster.ts';
import { SilentHosts } from './silent-hosts.ts';
import { ZoneRebalancing } from './zone-rebalancing.ts';
import { chooseVictims } from './termination-policy.ts';
import { markTheOld, outdatedBeforeUs } from './ageing.ts';
import { orderMissing } from './launches.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { AssumedParameters } from '../../cloud/assumptions.ts';
import type { AutoScalingGroup } from './group.ts';
import type { AvoidedZonesState } from './avoided-zones.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { ReplacementsState } from './replacements.ts';
import type { SilentHostsState } from './silent-hosts.ts';

interface AutoScalingState {
  readonly wakeAtUs: number;
  readonly avoided: AvoidedZonesState;
  readonly silent: SilentHostsState;
  readonly replacements: ReplacementsState;
  readonly risksRead: number;
  readonly rebalancing: ReturnType<ZoneRebalancing['save']>;
}

export class AutoScalingGroups implements Controller {
  readonly actor = 'auto-scaling-group';
  readonly phase = 'autoscaling';
  readonly wakesOn = changeBits(
    CHANGE.poolDesired,
    CHANGE.hostState,
    CHANGE.hostRemoved,
    CHANGE.hostAdded,
    CHANGE.hostHealth,
    CHANGE.hostAtRisk,
  );
  readonly background = true;
  wakeAtUs = 0;

  private readonly view: ClusterView;
  private readonly groups: readonly AutoScalingGroup[];
  private readonly rosters: readonly Roster[];
  private readonly retryUs: number;
  private readonly hosts: PoolHosts;
  private readonly avoided: AvoidedZones;
  private readonly silent: SilentHosts;
  private readonly replacements: Replacements;
  private readonly risks: JournalCursor;
  private readonly rebalancing: ZoneRebalancing;

  constructor(
    view: ClusterView,
    groups: readonly AutoScalingGroup[],
    parameters: AssumedParameters,
  ) {
    this.view = view;
    this.groups = groups;
    this.rosters = groups.map((group) => new Roster(view, group));
    this.retryUs = parameters.us('asg.launch-retry-s');
    this.hosts = new PoolHosts(view);
    this.avoided = new AvoidedZones(view, this.retryUs);
    const pools = new Set(groups.map(({ pool }) => pool));
    this.silent = new SilentHosts(view, pools, parameters.us('asg.unhealthy-after-s'));
    this.replacements = new Replacements(view);
    this.risks = new JournalCursor(view.journal, changeBits(CHANGE.hostAtRisk));
    this.rebalancing = new ZoneRebalancing(view, parameters.us('asg.zone-rebalance-after-s'));
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.avoided.forget(nowUs);
    this.hosts.advance(
      (host) => this.left(host, nowUs),
      (host) => this.avoided.cameUp(host),
    );
    this.replaceRisky();
    this.wakeAtUs = this.silent.giveUp(nowUs, out);
    for (const [index, group] of this.groups.entries()) {
      this.wakeAtUs = Math.min(this.wakeAtUs, this.keep(group, this.rosters[index]!, nowUs, out));
    }
  }

  save(): AutoScalingState {
    return {
      wakeAtUs: this.wakeAtUs,
      avoided: this.avoided.save(),
      silent: this.silent.save(),
      replacements: this.replacements.save(),
      risksRead: this.risks.version,
      rebalancing: this.rebalancing.save(),
    };
  }

  restore(state: AutoScalingState): void {
    this.wakeAtUs = state.wakeAtUs;
    this.avoided.restore(state.avoided);
    this.silent.restore(state.silent);
    this.replacements.restore(state.replacements);
    this.risks.version = state.risksRead;
    this.rebalancing.restore(state.rebalancing);
    this.hosts.rebuild();
  }

  /** Brings one group to what it should have; the time at which to look again without a change. */
  private keep(group: AutoScalingGroup, roster: Roster, nowUs: number, out: ActionBuffer): number {
    const { replacements, view } = this;
    const hosts = this.hosts.of(group.pool);
    const desired = this.desiredOf(group);
    let lookUs = markTheOld(view, group, hosts, replacements, nowUs);
    const staying = hosts.filter((host) => !replacements.has(host));
    const missing = desired - roster.capacity(staying);
    if (missing > 0) {
      // What is replaced still counts as far as nothing may be too much.
      const room = desired + replacements.surplus(group, hosts, desired) - roster.capacity(hosts);
      const order = Math.min(missing, room);
      if (order > 0) orderMissing(view, group, roster, staying, order, this.avoided, out);
    } else if (missing < 0) {
      const since = outdatedBeforeUs(group, nowUs);
      for (const host of chooseVictims(view, group, roster, staying, -missing, nowUs, since)) {
        out.push({ kind: 'terminate', host, reason: 'scale-in' });
      }
    } else if (group.rebalanceZones === true) {
      const parts = [group, roster, hosts, this.avoided, replacements, nowUs] as const;
      lookUs = Math.min(lookUs, this.rebalancing.look(...parts));
    }
    const due = replacements.due(group, roster, hosts, desired, nowUs);
    for (const [host, reason] of due.go) out.push({ kind: 'terminate', host, reason });
    // What is done by then finds nothing; what was refused, failed or protected is tried again.
    const retryUs = missing === 0 ? NEVER : nowUs + this.retryUs;
    return Math.min(lookUs, due.lookUs, retryUs);
  }

  private replaceRisky(): void {
    const { hosts } = this.view;
    for (let change = this.risks.next(); change !== undefined; change = this.risks.next()) {
      const { row: host } = change;
      const group = this.groups.find(({ pool }) => pool === hosts.pool[host]);
      const isOurs = group?.capacityRebalance === true && hosts.state[host]! <= HOST_STATE.ready;
      if (isOurs) this.replacements.mark(host, 'at-risk');
    }
  }

  private desiredOf({ pool }: AutoScalingGroup): number {
    const { desired, minimum, maximum } = this.view.pools;
    return Math.max(Math.min(desired[pool]!, maximum[pool]!), minimum[pool]!);
  }

  private left(host: number, nowUs: number): void {
    this.replacements.left(host);
    const group = this.groups.find(({ pool }) => pool === this.view.hosts.pool[host]);
    if (group !== undefined) this.avoided.left(host, group.zones, nowUs);
  }
}
