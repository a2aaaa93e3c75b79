/**
 * Bill lines of what an account has promised or negotiated: reserved instances, savings plans, a discount on everything.
 *
 *   promise     count or commitment x the hours of the run, used or not
 *   covered     the on-demand use that it pays for, as a negative line (the bill's SavingsPlanNegation)
 *   discount    a negative share of all that AWS charges, after the others
 *
 * On-demand use is that of EC2 hosts bought on demand whose price is known, from `running`, as billed.
 */

import { CAPACITY_TYPE, LAUNCH_TYPE, NOT_YET } from '../cluster/hosts.ts';
import { NANO_USD_PER_USD, US_PER_HOUR } from '../base/units.ts';
import { coverHour, valueMicroUsd } from '../cloud/commitments.ts';
import { findInstanceType } from '../cloud/catalogue.ts';
import { hostBilledUs } from './billing-time.ts';
import type { BillItem } from '../base/reasons.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Commitments, Covered, TypeUse } from '../cloud/commitments.ts';

/** What is agreed with AWS. */
export interface Agreement extends Commitments {
  /** Off all that AWS charges, per cent; 0 for none. */
  readonly discountPercent: number;
}

export interface CommitmentLine {
  readonly item: BillItem;
  readonly resource: string;
  readonly quantity: number;
  readonly unit: string;
  readonly priceNanoUsd: number;
  readonly costMicroUsd: number;
}

/** Lines over [fromUs, untilUs); `awsMicroUsd` is what AWS charges without them, null when unknown. */
export function commitmentLines(
  view: ClusterView,
  agreement: Agreement,
  fromUs: number,
  untilUs: number,
  endUs: number,
  awsMicroUsd: number | null,
): CommitmentLine[] {
  const { reserved, plans, discountPercent } = agreement;
  const hours = (untilUs - fromUs) / US_PER_HOUR;
  const covered = coveredOver(view, agreement, fromUs, untilUs, endUs);
  const lines = [
    ...reserved.flatMap(({ instanceType, count, nanoUsdPerHour }, i) => [
      promise('reserved-instance', instanceType, count * hours, 'hour', nanoUsdPerHour),
      negation('reserved-instance', instanceType, valueMicroUsd(covered.reserved[i]!)),
    ]),
    ...plans.flatMap(({ family = 'all families', commitmentNanoUsdPerHour }, i) => [
      promise('savings-plan', family, hours, 'hour', commitmentNanoUsdPerHour),
      negation('savings-plan', family, valueMicroUsd(covered.plans[i]!)),
    ]),
  ];
  if (discountPercent === 0 || awsMicroUsd === null) return lines;
  const charged = lines.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, awsMicroUsd);
  return [...lines, negation('discount', '', Math.round((charged * discountPercent) / 100))];
}

function coveredOver(
  view: ClusterView,
  agreement: Agreement,
  fromUs: number,
  untilUs: number,
  endUs: number,
): Covered {
  const { reserved, plans } = agreement;
  const sum = { reserved: reserved.map(() => 0n), plans: plans.map(() => 0n) };
  if (reserved.length + plans.length === 0) return sum;
  for (let atUs = fromUs; atUs < untilUs;) {
    const nextUs = Math.min(untilUs, (Math.floor(atUs / US_PER_HOUR) + 1) * US_PER_HOUR);
    const hour = coverHour(agreement, usesOf(view, atUs, nextUs, endUs), nextUs - atUs);
    for (const [i, value] of hour.reserved.entries()) sum.reserved[i]! += value;
    for (const [i, value] of hour.plans.entries()) sum.plans[i]! += value;
    atUs = nextUs;
  }
  return sum;
}

/** By instance type, in order of their names. */
function usesOf(view: ClusterView, fromUs: number, untilUs: number, endUs: number): TypeUse[] {
  const { hosts, hostTypes } = view;
  const byType = new Map<string, TypeUse>();
  for (let host = 0; host < hosts.count; host++) {
    const price = hosts.priceNanoUsdPerHour[host]!;
    const counts =
      hosts.launchType[host] === LAUNCH_TYPE.ec2 &&
      hosts.capacityType[host] === CAPACITY_TYPE.onDemand &&
      hosts.runningUs[host] !== NOT_YET &&
      !Number.isNaN(price);
    if (!counts) continue;
    const startUs = hosts.runningUs[host]!;
    const stopUs = startUs + hostBilledUs(view, host, endUs);
    const timeUs = Math.min(stopUs, untilUs) - Math.max(startUs, fromUs);
    if (timeUs <= 0) continue;
    const name = hostTypes[host]!;
    const before = byType.get(name)?.timeUs ?? 0;
    const { family } = findInstanceType(name)!;
    const use = { instanceType: name, family, nanoUsdPerHour: price, timeUs: before + timeUs };
    byType.set(name, use);
  }
  return [...byType.values()].sort((a, b) => (a.instanceType < b.instanceType ? -1 : 1));
}

function promise(
  item: BillItem,
  resource: string,
  quantity: number,
  unit: string,
  priceNanoUsd: number,
): CommitmentLine {
  const costMicroUsd = Math.round((quantity * priceNanoUsd) / 1_000);
  return { item, resource, quantity, unit, priceNanoUsd, costMicroUsd };
}

/** A negative line: so many USD less. */
function negation(item: BillItem, resource: string, microUsd: number): CommitmentLine {
  const quantity = microUsd / 1_000_000;
  const priceNanoUsd = -NANO_USD_PER_USD;
  return { item, resource, quantity, unit: 'usd', priceNanoUsd, costMicroUsd: -microUsd };
}
