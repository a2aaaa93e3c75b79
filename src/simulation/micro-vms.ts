/**
 * What the micro-VMs of Fargate pools have in common: the zones that they are spread over, and the rate at which the account may
 * launch them.
 *
 * Zone      the one with the fewest of the pool, each pool for itself, best effort (aws.md 4.3); one that is out is the last choice.
 * Rate      a token bucket for each capacity type of the account: `burst` launches at once, so many more each second (aws.md 3.1).
 *           Whoever comes when it is empty is accepted when the next token is there.
 * Departs   pools of one capacity type that state different rates are each held to their own.
 */

import { HOST_STATE, LAUNCH_TYPE } from '../cluster/hosts.ts';
import { PLAIN_FARGATE } from '../cluster/fargate-settings.ts';
import { US_PER_SECOND } from '../base/units.ts';
import type { SimulationContext } from './context.ts';

export class MicroVms {
  private readonly context: SimulationContext;
  private readonly isZoneOut: (zone: number) => boolean;
  /** By pool row, then by zone: micro-VMs that are not gone. Counted when first asked for. */
  private counts: number[][] = [];
  /** By pool row: when its bucket would be full again. */
  private fullUs: number[] = [];

  constructor(context: SimulationContext, isZoneOut: (zone: number) => boolean) {
    this.context = context;
    this.isZoneOut = isZoneOut;
  }

  /** For one more of the pool. */
  zoneFor(pool: number): number {
    const counts = this.countsOf(pool);
    // More than any count: a zone that is out is the last choice.
    const penalty = counts.reduce((sum, count) => sum + count, 1);
    let best = 0;
    let fewest = Infinity;
    for (const [zone, count] of counts.entries()) {
      const weighed = count + (this.isZoneOut(zone) ? penalty : 0);
      if (weighed < fewest) [best, fewest] = [zone, weighed];
    }
    return best;
  }

  /** One was launched: when the account's rate lets it be. */
  launched(host: number): number {
    const { hosts, pools } = this.context.setup.cluster;
    const { nowUs } = this.context.kernel;
    const pool = hosts.pool[host]!;
    this.countsOf(pool)[hosts.zone[host]!]!++;
    const { launchBurst, launchesPerSecond } = pools.descriptions[pool]!.fargate ?? PLAIN_FARGATE;
    const bucket = this.bucketOf(pool);
    const tokenUs = US_PER_SECOND / launchesPerSecond;
    const fullUs = Math.max(this.fullUs[bucket] ?? 0, nowUs) + tokenUs;
    this.fullUs[bucket] = fullUs;
    return Math.max(nowUs, Math.ceil(fullUs - launchBurst * tokenUs));
  }

  gone(host: number): void {
    const { hosts } = this.context.setup.cluster;
    if (hosts.launchType[host] !== LAUNCH_TYPE.fargate) return;
    this.countsOf(hosts.pool[host]!)[hosts.zone[host]!]!--;
  }

  save(): number[] {
    return Array.from(this.fullUs, (fullUs) => fullUs ?? 0);
  }

  restore(fullUs: readonly number[]): void {
    this.fullUs = [...fullUs];
    this.counts = [];
  }

  /** The account has one bucket for all pools of a capacity type: that of the first. */
  private bucketOf(pool: number): number {
    const { descriptions } = this.context.setup.cluster.pools;
    const { kind, fargate } = descriptions[pool]!;
    return descriptions.findIndex(
      (one) =>
        one.kind === kind &&
        one.fargate?.launchBurst === fargate?.launchBurst &&
        one.fargate?.launchesPerSecond === fargate?.launchesPerSecond,
    );
  }

  private countsOf(pool: number): number[] {
    return (this.counts[pool] ??= this.recounted(pool));
  }

  private recounted(pool: number): number[] {
    const { cluster, regionZones } = this.context.setup;
    const { hosts } = cluster;
    const counts = Array.from({ length: regionZones }, () => 0);
    for (let host = 0; host < hosts.count; host++) {
      if (hosts.pool[host] !== pool || hosts.state[host] === HOST_STATE.terminated) continue;
      counts[hosts.zone[host]!]!++;
    }
    return counts;
  }
}
