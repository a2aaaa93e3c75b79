/**
 * Zones in which a group's launch failed lately: the others are tried at once, these again after a while (aws.md 2.4).
 *
 * Kept by     group and way of buying: spot may be short where on-demand is not. A quota of the account holds for all zones.
 * Probing     in a zone that failed the next try is one instance, until one of the group runs there. The real service tries as
 *             many as it lacks; one is enough to know, and a month without capacity leaves a table that can be read.
 * Source      aws.md 2.4 says that other zones are tried; when failed ones are tried again is `asg.launch-retry-s`, an assumption.
 */

import { isAccountWide, isFailedLaunch } from '../../cluster/launch-failure.ts';
import { isSpotHost } from './purchase-options.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

interface Avoided {
  readonly pool: number;
  readonly zone: number;
  readonly spot: boolean;
  readonly untilUs: number;
}

export interface AvoidedZonesState {
  readonly avoided: readonly Avoided[];
  readonly failing: readonly string[];
}

export class AvoidedZones {
  private readonly view: ClusterView;
  private readonly retryUs: number;
  private avoided: readonly Avoided[] = [];
  /** Where nothing of a group, bought in one way, has run since a launch failed. */
  private failing = new Set<string>();

  constructor(view: ClusterView, retryUs: number) {
    this.view = view;
    this.retryUs = retryUs;
  }

  forget(nowUs: number): void {
    this.avoided = this.avoided.filter(({ untilUs }) => untilUs > nowUs);
  }

  /** A host of a group has left. */
  left(host: number, zones: readonly number[], nowUs: number): void {
    if (!isFailedLaunch(this.view, host)) return;
    const { hosts } = this.view;
    const pool = hosts.pool[host]!;
    const spot = isSpotHost(this.view, host);
    const failed = isAccountWide(this.view, host) ? zones : [hosts.zone[host]!];
    const untilUs = nowUs + this.retryUs;
    this.avoided = [...this.avoided, ...failed.map((zone) => ({ pool, zone, spot, untilUs }))];
    for (const zone of failed) this.failing.add(keyOf(pool, zone, spot));
  }

  /** A host of a group runs. */
  cameUp(host: number): void {
    const { pool, zone } = this.view.hosts;
    this.failing.delete(keyOf(pool[host]!, zone[host]!, isSpotHost(this.view, host)));
  }

  has(pool: number, zone: number, spot: boolean): boolean {
    return this.avoided.some((one) => one.pool === pool && one.zone === zone && one.spot === spot);
  }

  /** Is it unknown whether the zone has anything again? If so, one instance is tried. */
  isFailing(pool: number, zone: number, spot: boolean): boolean {
    return this.failing.has(keyOf(pool, zone, spot));
  }

  save(): AvoidedZonesState {
    return { avoided: this.avoided, failing: [...this.failing] };
  }

  restore(state: AvoidedZonesState): void {
    this.avoided = state.avoided;
    this.failing = new Set(state.failing);
  }
}

function keyOf(pool: number, zone: number, spot: boolean): string {
  return `${pool}/${zone}/${spot}`;
}
