/**
 * Between hosts and what EC2 has: which pool a launch takes, whether it is refused, and what is in use.
 *
 * Refused    decided when the call is made, answered when EC2 would have accepted it: the host leaves without having run.
 * In use     EC2 hosts that were not refused, from the call until they shut down. Counted only where something is limited.
 * Falls      when a series of depths falls, the machines that are too many get their two minutes' notice: those with the
 *            lowest draws by (seed, pool, time, host), so that it depends on no order.
 */

import { CAPACITY_TYPE, HOST_STATE, LAUNCH_TYPE } from '../cluster/hosts.ts';
import { CounterDraws } from '../random/counter-hash.ts';
import { EVENT } from './events.ts';
import { PHASE } from './phases.ts';
import { allocate } from '../cloud/supply/allocation.ts';
import { findInstanceType } from '../cloud/catalogue.ts';
import { isRefusedLaunch } from '../cluster/launch-failure.ts';
import { recommendationUs } from '../cloud/supply/rebalance-recommendation.ts';
import { subnetAddressesOf } from '../cloud/supply/subnet-addresses.ts';
import type { Action } from '../orchestration/actions.ts';
import type { CapacityPool, LaunchRefusal } from '../cloud/supply/supply.ts';
import type { SimulationContext } from './context.ts';

type Launch = Extract<Action, { kind: 'launch' }>;

export class HostSupply {
  private readonly context: SimulationContext;

  constructor(context: SimulationContext) {
    this.context = context;
  }

  /** At time 0. */
  begin(): void {
    this.expectFall();
  }

  /** From the hosts that are there, after a restore. */
  rebuild(): void {
    const { supply, cluster } = this.context.setup;
    supply.forgetCounts();
    if (!supply.isLimited) return;
    for (let host = 0; host < cluster.hosts.count; host++) {
      if (cluster.hosts.state[host]! < HOST_STATE.terminating) this.count(host, 1);
    }
  }

  /** Type and zone that EC2 picks for a launch that leaves it a choice. */
  chosen(launch: Launch): Pick<Launch, 'instanceType' | 'zone'> {
    const { fleet, spot } = launch;
    if (fleet === undefined) return launch;
    const { supply, cluster, market } = this.context.setup;
    const offers = fleet.offers.map(({ instanceType, zone, weight, held }) => ({
      type: findInstanceType(instanceType)!,
      zone: cluster.zones[zone]!,
      spot,
      weight,
      held,
    }));
    const threshold = market.parameters.get('spot.pool-score-threshold');
    const { nowUs } = this.context.kernel;
    const index = allocate(fleet.strategy, offers, fleet.pools, threshold, supply, nowUs);
    // Without room anywhere the first is asked for, and refused.
    return index === undefined ? launch : fleet.offers[index]!;
  }

  /** Why the launch of a host that was just added is refused; undefined when EC2 takes it, which is counted. */
  refusal(host: number): LaunchRefusal | undefined {
    const { supply } = this.context.setup;
    const pool = this.poolOf(host);
    const refusal = supply.refusal(pool, this.addresses(host, pool), this.context.kernel.nowUs);
    if (refusal === undefined) this.count(host, 1);
    return refusal;
  }

  strikeUs(host: number): number {
    const { supply } = this.context.setup;
    const { type, zone } = this.poolOf(host);
    return supply.strikeUs(type, zone, this.context.kernel.nowUs, this.machine(host));
  }

  /** When EC2 says that a host which gets its notice at `noticeUs` is at risk. */
  recommendationUs(host: number, noticeUs: number): number {
    const { setup, kernel } = this.context;
    const { parameters } = setup.market;
    return recommendationUs(noticeUs, kernel.nowUs, parameters, setup.seed, this.machine(host));
  }

  /** The machine shuts down. */
  left(host: number): void {
    if (this.context.setup.supply.isLimited) this.count(host, -1);
  }

  /** A series of depths falls: the hosts that EC2 wants back. */
  fallen(): number[] {
    const { supply, cluster } = this.context.setup;
    const { hosts } = cluster;
    const byPool = new Map<string, number[]>();
    for (let host = 0; host < hosts.count; host++) {
      const state = hosts.state[host]!;
      const isUp = state === HOST_STATE.running || state === HOST_STATE.ready;
      if (!isUp || hosts.capacityType[host] !== CAPACITY_TYPE.spot || !this.isInstance(host))
        continue;
      const key = `${cluster.hostTypes[host]}/${hosts.zone[host]}`;
      byPool.set(key, [...(byPool.get(key) ?? []), host]);
    }
    this.expectFall();
    const { nowUs } = this.context.kernel;
    return [...byPool].flatMap(([key, rows]) => {
      const excess = supply.excess(this.poolOf(rows[0]!), nowUs) - this.onTheirWay(rows[0]!);
      if (excess <= 0) return [];
      const draws = new CounterDraws(this.context.setup.seed, `spot-fall/${key}/${nowUs}`);
      return [...rows].sort((a, b) => draws.uniform(a) - draws.uniform(b)).slice(0, excess);
    });
  }

  /** Hosts of the same pool that have their notice, or drain, and still count as in use. */
  private onTheirWay(like: number): number {
    const { hosts, hostTypes } = this.context.setup.cluster;
    let count = 0;
    for (let host = 0; host < hosts.count; host++) {
      const isSame =
        hosts.state[host] === HOST_STATE.draining &&
        hosts.zone[host] === hosts.zone[like] &&
        hosts.capacityType[host] === hosts.capacityType[like] &&
        hostTypes[host] === hostTypes[like];
      if (isSame) count++;
    }
    return count;
  }

  private expectFall(): void {
    const { setup, kernel } = this.context;
    if (!setup.supply.isLimited) return;
    const atUs = setup.supply.nextFallUs(kernel.nowUs);
    if (atUs > setup.durationUs) return;
    kernel.scheduleBackground(atUs, PHASE.disruption, EVENT.capacityFalls, 0);
  }

  private count(host: number, by: 1 | -1): void {
    const { supply, cluster } = this.context.setup;
    if (!supply.isLimited || !this.isInstance(host) || isRefusedLaunch(cluster, host)) return;
    const pool = this.poolOf(host);
    supply.count(pool, this.addresses(host, pool), by);
  }

  /** What its draws are named by. */
  private machine(host: number): string {
    const { hosts, pools } = this.context.setup.cluster;
    return `${pools.descriptions[hosts.pool[host]!]!.name}/${hosts.ordinal[host]}`;
  }

  private isInstance(host: number): boolean {
    return this.context.setup.cluster.hosts.launchType[host] === LAUNCH_TYPE.ec2;
  }

  private addresses(host: number, { type }: CapacityPool): number {
    const { hosts, orchestrators } = this.context.setup.cluster;
    return subnetAddressesOf(type, orchestrators[hosts.cluster[host]!] === 'kubernetes');
  }

  private poolOf(host: number): CapacityPool {
    const { hosts, hostTypes, zones } = this.context.setup.cluster;
    return {
      type: findInstanceType(hostTypes[host]!)!,
      zone: zones[hosts.zone[host]!]!,
      spot: hosts.capacityType[host] === CAPACITY_TYPE.spot,
    };
  }
}
