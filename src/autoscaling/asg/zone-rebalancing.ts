/**
 * Moves hosts when the zones of a group differ by two or more: after scale-in that others chose, after a zone was short or out
 * (aws.md 2.4). Begins when the group has had all it wants for `asg.zone-rebalance-after-s`; launches before it terminates.
 *
 * Source   aws.md 2.4 says that it happens, not how soon: an assumption.
 */

import { HOST_STATE } from '../../cluster/hosts.ts';
import { NEVER } from '../../base/units.ts';
import { ZoneBalance } from './zone-balance.ts';
import { chooseVictims } from './termination-policy.ts';
import { isSpotHost } from './purchase-options.ts';
import type { AutoScalingGroup } from './group.ts';
import type { AvoidedZones } from './avoided-zones.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Replacements } from './replacements.ts';
import type { Roster } from './roster.ts';

export class ZoneRebalancing {
  private readonly view: ClusterView;
  private readonly afterUs: number;
  /** Group -> time since which its zones differ. */
  private since = new Map<number, number>();

  constructor(view: ClusterView, afterUs: number) {
    this.view = view;
    this.afterUs = afterUs;
  }

  /** Of a group that lacks nothing: marks what moves; the time at which to look again. */
  look(
    group: AutoScalingGroup,
    roster: Roster,
    hosts: readonly number[],
    avoided: AvoidedZones,
    replacements: Replacements,
    nowUs: number,
  ): number {
    const { pool } = group;
    const victim = this.surplusHost(group, roster, hosts, avoided, replacements, nowUs);
    if (victim === undefined) {
      this.since.delete(pool);
      return NEVER;
    }
    const sinceUs = this.since.get(pool) ?? nowUs;
    this.since.set(pool, sinceUs);
    if (sinceUs + this.afterUs > nowUs) return sinceUs + this.afterUs;
    replacements.mark(victim, 'rebalanced');
    return NEVER;
  }

  save(): readonly (readonly [number, number])[] {
    return [...this.since];
  }

  restore(state: readonly (readonly [number, number])[]): void {
    this.since = new Map(state);
  }

  private surplusHost(
    group: AutoScalingGroup,
    roster: Roster,
    hosts: readonly number[],
    avoided: AvoidedZones,
    replacements: Replacements,
    nowUs: number,
  ): number | undefined {
    const { state, zone } = this.view.hosts;
    const isSettled = hosts.every(
      (host) => state[host] === HOST_STATE.ready && !replacements.has(host),
    );
    if (!isSettled || hosts.length < 2) return undefined;
    const balance = new ZoneBalance(this.view, hosts);
    const most = balance.of(balance.most(group.zones));
    const [victim] = chooseVictims(this.view, group, roster, hosts, roster.weightMax, nowUs, 0);
    if (victim === undefined || balance.of(zone[victim]!) < most) return undefined;
    const spot = isSpotHost(this.view, victim);
    const open = group.zones.filter((one) => !avoided.has(group.pool, one, spot));
    if (open.length === 0) return undefined;
    return most - balance.of(balance.fewest(open)) >= 2 ? victim : undefined;
  }
}
