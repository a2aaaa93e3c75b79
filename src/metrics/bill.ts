/**
 * The bill of a run: every line is a quantity at a price, rounded once to micro-USD; the cost of a host is the sum of
 * its lines, the cost of a run the sum of all.
 *
 * Hosts      an EC2 or external host's time is split between the workloads it served (host-shares), what nobody asked for
 *            is the line `idle`. A micro-VM serves one workload: a line for vCPU and one for memory.
 * Clusters   the EKS control plane; ECS Anywhere and EKS hybrid nodes for external hosts of such clusters.
 * Window     the same prices over the part of the billed time after the warm-up.
 * Unknown    a price that no source states leaves the line's cost null, never zero.
 * Source     aws.md 2.1, 4.4, 7.1, 7.2, 7.5. Departs: no EBS volumes, load balancers, data transfer, taxes.
 */

import { GIB, TICKS_PER_CORE, US_PER_HOUR, US_PER_MS } from '../base/units.ts';
import { LAUNCH_TYPE, NOT_YET } from '../cluster/hosts.ts';
import { WHOLE_HOST } from './host-shares.ts';
import { billingStartUs, hostBilledUs } from './billing-time.ts';
import { ratioMicroUsd, splitUs } from '../cloud/billing.ts';
import type { BillItem } from '../base/reasons.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { HostShares } from './host-shares.ts';

/** A price that a scenario's cluster or pool adds to the hosts of a pool, nano-USD an hour for each host. */
export interface PoolFee {
  readonly item: BillItem;
  readonly nanoUsdPerHour: number;
  /** True when the fee is for each core of the host. */
  readonly isPerCore: boolean;
}

/** What the bill needs to know beside the columns. */
export interface PriceList {
  /** By pool row: fees on top of the price of the host. */
  readonly poolFees: readonly (readonly PoolFee[])[];
  /** By pool row of Fargate pools: prices of a vCPU and of a GiB for an hour; null when unknown. */
  readonly fargate: readonly (
    { readonly vcpu: number | null; readonly gib: number | null } | undefined
  )[];
  /** By cluster row: price of its control plane an hour, 0 for none. */
  readonly controlPlane: readonly number[];
}

/** One line. The quantity is `numerator / denominator` units, kept as integers. */
export interface BillLine {
  readonly workload: string;
  readonly item: BillItem;
  readonly resource: string;
  readonly numerator: number;
  readonly denominator: number;
  readonly unit: string;
  readonly priceNanoUsd: number | null;
  readonly costMicroUsd: number | null;
  /** NO_ROW for lines of a cluster. */
  readonly host: number;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  /** By host row; null when a price is unknown. */
  readonly hostMicroUsd: readonly (number | null)[];
  readonly totalMicroUsd: number | null;
  readonly windowMicroUsd: number | null;
}

/** A line before its cost: what is counted, and the fraction of its time that lies after the warm-up. */
interface Charge {
  readonly workload: string;
  readonly item: BillItem;
  readonly resource: string;
  readonly unit: string;
  readonly timeUs: number;
  /** Units for each hour: 1, cores, vCPU ticks / core, ... as an integer over `perUnit`. */
  readonly units: number;
  readonly perUnit: number;
  readonly priceNanoUsd: number | null;
  readonly host: number;
}

export function billOf(
  view: ClusterView,
  shares: HostShares,
  prices: PriceList,
  clusterNames: readonly string[],
  warmupUs: number,
  endUs: number,
): Bill {
  const charges: Charge[] = [];
  for (let host = 0; host < view.hosts.count; host++) {
    charges.push(...hostCharges(view, shares, prices, host, endUs));
  }
  for (const [cluster, priceNanoUsd] of prices.controlPlane.entries()) {
    if (priceNanoUsd === 0) continue;
    charges.push({
      workload: '',
      item: 'eks-control-plane',
      resource: clusterNames[cluster]!,
      unit: 'hour',
      timeUs: endUs,
      units: 1,
      perUnit: 1,
      priceNanoUsd,
      host: -1,
    });
  }
  const lines = charges.map((charge) => lineOf(charge, charge.timeUs));
  const windowUs = charges.map((charge) => timeInWindow(view, charge, warmupUs, endUs));
  return {
    lines,
    hostMicroUsd: hostSums(lines, view.hosts.count),
    totalMicroUsd: sum(lines.map((line) => line.costMicroUsd)),
    windowMicroUsd: sum(charges.map((charge, i) => lineOf(charge, windowUs[i]!).costMicroUsd)),
  };
}

function hostCharges(
  view: ClusterView,
  shares: HostShares,
  prices: PriceList,
  host: number,
  endUs: number,
): Charge[] {
  const { hosts, workloads } = view;
  const timeUs = hostBilledUs(view, host, endUs);
  const pool = hosts.pool[host]!;
  const weights = shares.of(host);
  if (hosts.launchType[host] === LAUNCH_TYPE.fargate) {
    const workload = weights[0] === undefined ? '' : workloads.names[weights[0][0]]!;
    return microVmCharges(view, prices, host, workload, timeUs);
  }
  const used = weights.reduce((total, [, weight]) => total + weight, 0);
  const idle = Math.max(0, Math.round(timeUs / US_PER_MS) * WHOLE_HOST - used);
  const parts = [...weights.map(([, weight]) => weight), used + idle === 0 ? 1 : idle];
  const names = [...weights.map(([workload]) => workloads.names[workload]!), 'idle'];
  const isExternal = hosts.launchType[host] === LAUNCH_TYPE.external;
  const own: PoolFee = {
    item: isExternal ? 'external-host' : 'ec2',
    nanoUsdPerHour: hosts.priceNanoUsdPerHour[host]!,
    isPerCore: false,
  };
  return [own, ...prices.poolFees[pool]!].flatMap((fee) =>
    splitUs(timeUs, parts).flatMap((partUs, i): Charge[] => {
      if (partUs === 0) return [];
      return [
        {
          workload: names[i]!,
          item: fee.item,
          resource: view.hostNames[host]!,
          unit: fee.isPerCore ? 'core-hour' : 'hour',
          timeUs: partUs,
          units: fee.isPerCore ? hosts.cpuCapacity[host]! : 1,
          perUnit: fee.isPerCore ? TICKS_PER_CORE : 1,
          priceNanoUsd: Number.isNaN(fee.nanoUsdPerHour) ? null : fee.nanoUsdPerHour,
          host,
        },
      ];
    }),
  );
}

function microVmCharges(
  view: ClusterView,
  prices: PriceList,
  host: number,
  workload: string,
  timeUs: number,
): Charge[] {
  if (timeUs === 0) return [];
  const { hosts } = view;
  const { vcpu, gib } = prices.fargate[hosts.pool[host]!]!;
  const base = { workload, resource: view.hostNames[host]!, timeUs, host };
  return [
    {
      ...base,
      item: 'fargate-vcpu',
      unit: 'vcpu-hour',
      units: hosts.cpuCapacity[host]!,
      perUnit: TICKS_PER_CORE,
      priceNanoUsd: vcpu,
    },
    {
      ...base,
      item: 'fargate-memory',
      unit: 'gb-hour',
      units: hosts.memoryCapacity[host]!,
      perUnit: GIB,
      priceNanoUsd: gib,
    },
  ];
}

function lineOf(charge: Charge, timeUs: number): BillLine {
  const { priceNanoUsd } = charge;
  // BigInt in the rounding; the quantity itself is reduced so that both parts stay exact doubles.
  const divisor = gcd(charge.units, charge.perUnit);
  const numerator = timeUs * (charge.units / divisor);
  const denominator = US_PER_HOUR * (charge.perUnit / divisor);
  return {
    workload: charge.workload,
    item: charge.item,
    resource: charge.resource,
    numerator,
    denominator,
    unit: charge.unit,
    priceNanoUsd,
    costMicroUsd:
      priceNanoUsd === null ? null : ratioMicroUsd(numerator, denominator, priceNanoUsd),
    host: charge.host,
  };
}

/** The part of a charge's time that lies after the warm-up, in proportion for hosts that are split. */
function timeInWindow(view: ClusterView, charge: Charge, warmupUs: number, endUs: number): number {
  if (charge.host < 0) return Math.max(0, charge.timeUs - warmupUs);
  const startUs = billingStartUs(view, charge.host);
  if (startUs === NOT_YET) return 0;
  const wholeUs = hostBilledUs(view, charge.host, endUs);
  const insideUs = Math.max(0, startUs + wholeUs - Math.max(startUs, warmupUs));
  if (insideUs === wholeUs) return charge.timeUs;
  return Number((BigInt(charge.timeUs) * BigInt(insideUs)) / BigInt(wholeUs));
}

function hostSums(lines: readonly BillLine[], hostCount: number): (number | null)[] {
  const sums: (number | null)[] = Array.from({ length: hostCount }, () => 0);
  for (const { host, costMicroUsd } of lines) {
    if (host < 0) continue;
    const before = sums[host]!;
    sums[host] = before === null || costMicroUsd === null ? null : before + costMicroUsd;
  }
  return sums;
}

function sum(costs: readonly (number | null)[]): number | null {
  let total = 0;
  for (const cost of costs) {
    if (cost === null) return null;
    total += cost;
  }
  return total;
}

function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
