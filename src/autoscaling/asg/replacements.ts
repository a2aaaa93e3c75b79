/**
 * Hosts that a group replaces while it keeps its size: for balance between zones, because EC2 says that they are at risk, for age,
 * or in a campaign. They count as hosts until they go, but no longer towards what is desired, so that the group orders others.
 *
 *   why          may be away                    may be too many                     source
 *   rebalanced   none                           10 % of the maximum, at least 1     aws.md 2.4
 *   at-risk      none                           the same                            2.8
 *   expired      100 % - minimum of the group's maintenance policy, up to its maximum (90 % to 100 % without one)   2.9
 *   refreshed    the same of the refresh                                            2.9
 *
 *     one goes     when healthy hosts - it >= ceil(desired x minimum / 100); where none may be too many at least one goes at a time
 *     healthy      ready for as long as the warm-up says
 *
 * With a maximum above 100 % others are launched before it goes, else after.
 */

import { HOST_STATE } from '../../cluster/hosts.ts';
import { NEVER } from '../../base/units.ts';
import type { AutoScalingGroup, HealthyRange } from './group.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Roster } from './roster.ts';

export type ReplacementReason = 'rebalanced' | 'at-risk' | 'expired' | 'refreshed';

/** Why a host goes, and how carefully. */
interface Leaving {
  readonly reason: ReplacementReason;
  readonly range: HealthyRange | undefined;
  readonly warmupUs: number;
}

export type ReplacementsState = readonly (readonly [host: number, leaving: Leaving])[];

const LAUNCH_FIRST: HealthyRange = { minimum: 100, maximum: 100 };
const BY_AGE: HealthyRange = { minimum: 90, maximum: 100 };

export class Replacements {
  private readonly view: ClusterView;
  private leaving = new Map<number, Leaving>();

  constructor(view: ClusterView) {
    this.view = view;
  }

  /** From now on the host is replaced. The first reason counts. */
  mark(host: number, reason: ReplacementReason, range?: HealthyRange, warmupUs = 0): void {
    if (!this.leaving.has(host)) this.leaving.set(host, { reason, range, warmupUs });
  }

  has(host: number): boolean {
    return this.leaving.has(host);
  }

  left(host: number): void {
    this.leaving.delete(host);
  }

  /** Capacity that a group may have beyond what is desired. */
  surplus(group: AutoScalingGroup, hosts: readonly number[], desired: number): number {
    let most = 0;
    for (const host of hosts) {
      const leaving = this.leaving.get(host);
      if (leaving !== undefined) most = Math.max(most, this.surplusOf(leaving, group, desired));
    }
    return most;
  }

  /** Those of `hosts` that go now, with the reason, and when to look again for one that warms up. */
  due(
    group: AutoScalingGroup,
    roster: Roster,
    hosts: readonly number[],
    desired: number,
    nowUs: number,
  ): { readonly go: [host: number, reason: ReplacementReason][]; readonly lookUs: number } {
    const { state, readyUs } = this.view.hosts;
    const go: [number, ReplacementReason][] = [];
    let lookUs = NEVER;
    let gone = 0;
    for (const host of hosts) {
      const leaving = this.leaving.get(host);
      if (leaving === undefined) continue;
      const { warmupUs } = leaving;
      const isHealthy = (one: number) =>
        state[one] === HOST_STATE.ready && (this.has(one) || readyUs[one]! + warmupUs <= nowUs);
      const healthy = roster.capacity(hosts.filter(isHealthy)) - gone;
      const weight = isHealthy(host) ? roster.weightOf(host) : 0;
      if (healthy - weight >= this.needed(leaving, group, desired) || weight === 0) {
        go.push([host, leaving.reason]);
        gone += weight;
        continue;
      }
      for (const one of hosts) {
        const warmUs = readyUs[one]! + warmupUs;
        if (state[one] === HOST_STATE.ready && warmUs > nowUs) lookUs = Math.min(lookUs, warmUs);
      }
    }
    return { go, lookUs };
  }

  save(): ReplacementsState {
    return [...this.leaving];
  }

  restore(state: ReplacementsState): void {
    this.leaving = new Map(state);
  }

  private surplusOf(leaving: Leaving, group: AutoScalingGroup, desired: number): number {
    const range = this.rangeOf(leaving, group);
    if (range === LAUNCH_FIRST) {
      return Math.max(Math.floor(this.view.pools.maximum[group.pool]! / 10), 1);
    }
    if (range.maximum <= 100) return 0;
    return Math.max(1, Math.floor((desired * (range.maximum - 100)) / 100));
  }

  private needed(leaving: Leaving, group: AutoScalingGroup, desired: number): number {
    const needed = Math.ceil((desired * this.rangeOf(leaving, group).minimum) / 100);
    return this.surplusOf(leaving, group, desired) > 0 ? needed : Math.min(needed, desired - 1);
  }

  private rangeOf({ reason, range }: Leaving, group: AutoScalingGroup): HealthyRange {
    if (reason === 'rebalanced' || reason === 'at-risk') return LAUNCH_FIRST;
    return range ?? group.maintenance ?? BY_AGE;
  }
}
