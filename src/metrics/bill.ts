/**
 * The bill of a run: every line is a quantity at a price, rounded once to micro-USD; the cost of a host is the sum of
 * its lines, the cost of a run the sum of all.
 *
 * Hosts      an EC2 or external host's time is split between the workloads it served (host-shares), what nobody asked for
 *            is the line `idle`. A micro-VM serves one workload: a line for vCPU and one for memory.
 * Clusters   the EKS control plane; ECS Anywhere and EKS hybrid nodes for external hosts of such clusters.
 * Spot       at the mean price of its pool over the billed time.
 * Volumes    those that were made for claims, from then on until they are deleted: EBS by the GiB (volume-charges.ts).
 * Window     the same prices over the part of the billed time after the warm-up.
 * Unknown    a price that no source states leaves the line's cost null, never zero.
 * Agreed     reserved instances, savings plans and discounts: commitment-lines.ts. They are lines of their own, shared with nobody.
 * Root disk  a fee of the pool for as long as its host is billed: an hour of spot that is free has a free disk too.
 * Source     aws.md 2.1, 4.4, 7.1, 7.2, 7.5. Departs: no load balancers, data transfer, taxes.
 */

import { GIB, TICKS_PER_CORE, US_PER_HOUR, US_PER_MS } from '../base/units.ts';
import { LAUNCH_TYPE, NOT_YET } from '../cluster/hosts.ts';
import { WHOLE_HOST } from './host-shares.ts';
import { billingStartUs, hostBilledUs } from './billing-time.ts';
import { hostNanoUsdPerHour } from './host-price.ts';
import { commitmentLines } from './commitment-lines.ts';
import { FARGATE_STORAGE_FREE_BYTES, PLAIN_FARGATE } from '../cluster/fargate-settings.ts';
import type { Agreement, CommitmentLine } from './commitment-lines.ts';
import { ratioMicroUsd, splitUs } from '../cloud/billing.ts';
import { volumeCharges } from './volume-charges.ts';
import type { BillItem } from '../base/reasons.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { CostRow, RunKey } from './rows.ts';
import type { Supply } from '../cloud/supply/supply.ts';
import type { HostShares } from './host-shares.ts';

/** A price that a scenario's cluster or pool adds to the hosts of a pool, nano-USD an hour for each host. */
export interface PoolFee {
  readonly item: BillItem;
  readonly nanoUsdPerHour: number;
  /** True when the fee is for each core of the host. */
  readonly isPerCore: boolean;
  /** Where the fee hangs on the instance type: in place of `nanoUsdPerHour`. */
  readonly ofType?: (instanceType: string) => number;
}

/** What a fee is for a host. */
export function feeNanoUsdPerHour(fee: PoolFee, view: ClusterView, host: number): number {
  return fee.ofType === undefined ? fee.nanoUsdPerHour : fee.ofType(view.hostTypes[host]!);
}

/** What the bill needs to know beside the columns. */
export interface PriceList {
  /** By pool row: fees on top of the price of the host. */
  readonly poolFees: readonly (readonly PoolFee[])[];
  /** By pool row of Fargate pools: prices of a vCPU and of a GiB for an hour; null when unknown. */
  readonly fargate: readonly (
    | {
        readonly vcpu: number | null;
        readonly gib: number | null;
        /** Of a GiB of the storage that is billed. */
        readonly storage: number | null;
      }
    | undefined
  )[];
  /** By cluster row: price of its control plane an hour, 0 for none. */
  readonly controlPlane: readonly number[];
  /** Of a GiB of EBS for an hour, by type of volume; null where it is not known. */
  readonly volumeGib: (type: string) => number | null;
  /** Where spot prices move; absent for the price that the host came with. */
  readonly supply?: Supply;
  /** Promises and discounts; absent for none. */
  readonly agreement?: Agreement;
}

export interface Bill {
  /** The lines: made anew each time they are read, since a large run has hundreds of thousands. */
  readonly rows: Iterable<CostRow>;
  /** By host row; null when a price is unknown. */
  readonly hostMicroUsd: readonly (number | null)[];
  readonly totalMicroUsd: number | null;
  readonly windowMicroUsd: number | null;
  /** Nano-USD an hour that a host was billed at; NaN when unknown. */
  readonly hostNanoUsd: (host: number) => number;
  /** Items with a line whose price is unknown. */
  readonly unpriced: ReadonlySet<BillItem>;
}

/** What the bill is made from. */
interface Billed {
  readonly view: ClusterView;
  readonly shares: HostShares;
  readonly prices: PriceList;
  readonly clusterNames: readonly string[];
  readonly endUs: number;
}

/** A line before its cost: what is counted, and the fraction of its time that lies after the warm-up. */
export interface Charge {
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
  /** When its time began, for what is charged without a host; absent for the start of the run. */
  readonly startUs?: number;
}

export function billOf(
  view: ClusterView,
  shares: HostShares,
  prices: PriceList,
  clusterNames: readonly string[],
  warmupUs: number,
  endUs: number,
  key: RunKey,
): Bill {
  const billed: Billed = { view, shares, prices, clusterNames, endUs };
  const hostMicroUsd: (number | null)[] = Array.from({ length: view.hosts.count }, () => 0);
  const unpriced = new Set<BillItem>();
  let totalMicroUsd: number | null = 0;
  let windowMicroUsd: number | null = 0;
  let awsMicroUsd: number | null = 0;
  let awsWindowMicroUsd: number | null = 0;
  for (const charge of chargesOf(billed)) {
    const { host, item } = charge;
    const costMicroUsd = costOf(charge, charge.timeUs);
    const windowUs = timeInWindow(view, charge, warmupUs, endUs);
    if (costMicroUsd === null) unpriced.add(item);
    if (host >= 0) hostMicroUsd[host] = plus(hostMicroUsd[host]!, costMicroUsd);
    totalMicroUsd = plus(totalMicroUsd, costMicroUsd);
    windowMicroUsd = plus(windowMicroUsd, costOf(charge, windowUs));
    if (item !== 'external-host') {
      awsMicroUsd = plus(awsMicroUsd, costMicroUsd);
      awsWindowMicroUsd = plus(awsWindowMicroUsd, costOf(charge, windowUs));
    }
  }
  const agreed = agreedLines(billed, 0, awsMicroUsd);
  totalMicroUsd = plus(totalMicroUsd, sumOf(agreed));
  const agreedInWindow = agreedLines(billed, Math.min(warmupUs, endUs), awsWindowMicroUsd);
  windowMicroUsd = plus(windowMicroUsd, sumOf(agreedInWindow));
  const rows = { [Symbol.iterator]: () => rowsOf(billed, agreed, key) };
  const hostNanoUsd = (host: number) =>
    hostNanoUsdPerHour(view, prices.supply, host, hostBilledUs(view, host, endUs));
  return { rows, hostMicroUsd, hostNanoUsd, totalMicroUsd, windowMicroUsd, unpriced };
}

function agreedLines(
  { view, prices, endUs }: Billed,
  fromUs: number,
  awsMicroUsd: number | null,
): CommitmentLine[] {
  const { agreement } = prices;
  if (agreement === undefined) return [];
  return commitmentLines(view, agreement, fromUs, endUs, endUs, awsMicroUsd);
}

function sumOf(lines: readonly CommitmentLine[]): number {
  return lines.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
}

function* rowsOf(
  billed: Billed,
  agreed: readonly CommitmentLine[],
  { variant, seed }: RunKey,
): Generator<CostRow> {
  for (const charge of chargesOf(billed)) {
    const { numerator, denominator } = quantityOf(charge, charge.timeUs);
    yield {
      variant,
      seed,
      workload: charge.workload,
      item: charge.item,
      resource: charge.resource,
      quantity: numerator / denominator,
      unit: charge.unit,
      priceNanoUsd: charge.priceNanoUsd,
      costMicroUsd: costOf(charge, charge.timeUs),
    };
  }
  for (const line of agreed) yield { variant, seed, workload: '', ...line };
}

function* chargesOf(billed: Billed): Generator<Charge> {
  const { view, shares, prices, clusterNames, endUs } = billed;
  for (let host = 0; host < view.hosts.count; host++) {
    yield* hostCharges(view, shares, prices, host, endUs);
  }
  yield* volumeCharges(view, prices, endUs);
  for (const [cluster, priceNanoUsd] of prices.controlPlane.entries()) {
    if (priceNanoUsd === 0) continue;
    yield {
      workload: '',
      item: 'eks-control-plane',
      resource: clusterNames[cluster]!,
      unit: 'hour',
      timeUs: endUs,
      units: 1,
      perUnit: 1,
      priceNanoUsd,
      host: -1,
    };
  }
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
    nanoUsdPerHour: hostNanoUsdPerHour(view, prices.supply, host, timeUs),
    isPerCore: false,
  };
  return [own, ...prices.poolFees[pool]!].flatMap((fee) => {
    const feeNanoUsd = feeNanoUsdPerHour(fee, view, host);
    return splitUs(timeUs, parts).flatMap((partUs, i): Charge[] => {
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
          priceNanoUsd: Number.isNaN(feeNanoUsd) ? null : feeNanoUsd,
          host,
        },
      ];
    });
  });
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
  const { vcpu, gib, storage } = prices.fargate[hosts.pool[host]!]!;
  const { storageBytes } = view.pools.descriptions[hosts.pool[host]!]!.fargate ?? PLAIN_FARGATE;
  const billedBytes = storageBytes - FARGATE_STORAGE_FREE_BYTES;
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
    ...(billedBytes > 0
      ? [
          {
            ...base,
            item: 'fargate-storage' as const,
            unit: 'gb-hour',
            units: billedBytes,
            perUnit: GIB,
            priceNanoUsd: storage,
          },
        ]
      : []),
  ];
}

/** The quantity of a line as integers: units = numerator / denominator, reduced so that both stay exact. */
function quantityOf({ units, perUnit }: Charge, timeUs: number) {
  const divisor = gcd(units, perUnit);
  return {
    numerator: timeUs * (units / divisor),
    denominator: US_PER_HOUR * (perUnit / divisor),
  };
}

function costOf(charge: Charge, timeUs: number): number | null {
  if (charge.priceNanoUsd === null) return null;
  const { numerator, denominator } = quantityOf(charge, timeUs);
  return ratioMicroUsd(numerator, denominator, charge.priceNanoUsd);
}

/** The part of a charge's time that lies after the warm-up, in proportion for hosts that are split. */
function timeInWindow(view: ClusterView, charge: Charge, warmupUs: number, endUs: number): number {
  if (charge.host < 0) {
    const { startUs: fromUs = 0, timeUs } = charge;
    return Math.max(0, fromUs + timeUs - Math.max(fromUs, warmupUs));
  }
  const startUs = billingStartUs(view, charge.host);
  if (startUs === NOT_YET) return 0;
  const wholeUs = hostBilledUs(view, charge.host, endUs);
  const insideUs = Math.max(0, startUs + wholeUs - Math.max(startUs, warmupUs));
  if (insideUs === wholeUs) return charge.timeUs;
  return Number((BigInt(charge.timeUs) * BigInt(insideUs)) / BigInt(wholeUs));
}

/** Unknown when either is. */
function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
