/** The bill, made again by hand from the rows of hosts and costs: nothing of `cloud/billing` or `metrics/bill` is used. */

import { describe, expect, it } from 'vitest';
import { END_US, SEVEN_RESULTS, WARMUP_US } from '../support/seven-results.ts';
import { runText } from '../support/run-scenario.ts';
import type { CostRow, HostRow } from '../../src/metrics/rows.ts';

const US_PER_SECOND = 1_000_000;
const US_PER_HOUR = 3_600_000_000;
const GIB = 1_073_741_824;

/** Start, and the whole time that is billed from there. */
function billedTime(host: HostRow): { startUs: number; billedUs: number } {
  const stopUs = host.terminatedUs ?? END_US;
  if (host.launchType === 'external') {
    return { startUs: host.requestedUs, billedUs: stopUs - host.requestedUs };
  }
  // EC2 from running; Fargate from the start of the pull, when the micro-VM is ready.
  const startUs = host.launchType === 'fargate' ? host.readyUs : host.runningUs;
  if (startUs === null) return { startUs: 0, billedUs: 0 };
  const livedUs = stopUs - startUs;
  const isFree =
    host.launchType === 'ec2' &&
    host.capacityType === 'spot' &&
    host.terminationReason === 'spot-interruption' &&
    livedUs < US_PER_HOUR;
  const seconds = isFree ? 0 : Math.max(60, Math.ceil(livedUs / US_PER_SECOND));
  return { startUs, billedUs: seconds * US_PER_SECOND };
}

/** Half up, in micro-USD, of `numerator / denominator` units at nano-USD a unit. */
function costMicroUsd(numerator: bigint, denominator: bigint, priceNanoUsd: number): number {
  const thousandths = (numerator * BigInt(priceNanoUsd) * 10n) / (denominator * 1_000n);
  return Number((thousandths + 5n) / 10n);
}

/** Time of a line that counts hours of a host, in whole microseconds. */
function hoursUs({ quantity }: CostRow): number {
  return Math.round(quantity * US_PER_HOUR);
}

function expectedCost(line: CostRow, host: HostRow | undefined): number {
  const hour = BigInt(US_PER_HOUR);
  const price = line.priceNanoUsd!;
  switch (line.unit) {
    case 'hour':
      return costMicroUsd(BigInt(hoursUs(line)), hour, price);
    case 'vcpu-hour':
      return costMicroUsd(BigInt(host!.cpuMilli * host!.billedUs), 1_000n * hour, price);
    case 'gb-hour':
      return costMicroUsd(
        BigInt(host!.memoryBytes) * BigInt(host!.billedUs),
        BigInt(GIB) * hour,
        price,
      );
    default:
      throw new Error(`no test knows the unit ${line.unit}`);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe.each(SEVEN_RESULTS)('%s', (_name, { hosts, costs: rows, summary }) => {
  const costs = [...rows];
  const hostOf = new Map(hosts.map((host) => [host.host, host]));
  const linesOf = (host: HostRow) => costs.filter(({ resource }) => resource === host.host);

  it('bills each host whole seconds, a minute at least, and no spot host taken back in its first hour', () => {
    for (const host of hosts)
      expect([host.host, host.billedUs]).toEqual([host.host, billedTime(host).billedUs]);
  });

  it('makes each line of a quantity and a price, and each sum of its lines to the last digit', () => {
    for (const line of costs) {
      expect([line, line.costMicroUsd]).toEqual([
        line,
        expectedCost(line, hostOf.get(line.resource)),
      ]);
    }
    for (const host of hosts) {
      expect(host.costMicroUsd).toBe(sum(linesOf(host).map((line) => line.costMicroUsd!)));
    }
    expect(summary.costMicroUsd).toBe(sum(costs.map((line) => line.costMicroUsd!)));
  });

  it('splits the time of a host between those it served without losing any', () => {
    for (const host of hosts.filter(({ launchType }) => launchType !== 'fargate')) {
      const own = linesOf(host).filter(({ item }) => item === 'ec2' || item === 'external-host');
      expect(sum(own.map(hoursUs))).toBe(host.billedUs);
      for (const line of own) expect(line.priceNanoUsd).toBe(host.priceNanoUsdPerHour);
    }
  });

  it('bills control planes for the whole run and nothing that no host or cluster stands for', () => {
    const others = costs.filter(({ resource }) => !hostOf.has(resource));
    for (const line of others) {
      // 6 h x 0.10 USD
      expect([line.item, line.quantity, line.costMicroUsd]).toEqual([
        'eks-control-plane',
        6,
        600_000,
      ]);
    }
    expect(others.length).toBe(_name.startsWith('eks') ? 1 : 0);
  });

  it('counts in the window what is billed after the warm-up', () => {
    let expectedUsd = 0;
    for (const line of costs) {
      const host = hostOf.get(line.resource);
      const { startUs, billedUs } =
        host === undefined ? { startUs: 0, billedUs: END_US } : billedTime(host);
      const insideUs = Math.max(0, startUs + billedUs - Math.max(startUs, WARMUP_US));
      expectedUsd += billedUs === 0 ? 0 : (line.costMicroUsd! * insideUs) / billedUs;
    }
    // Each line is rounded once to a micro-USD, here and there.
    expect(Math.abs(summary.costWindowMicroUsd! - expectedUsd)).toBeLessThanOrEqual(costs.length);
    expect(summary.costWindowMicroUsd!).toBeLessThan(summary.costMicroUsd!);
  });
});

it('a host one owns costs its price for the run, in the window for what is left after the warm-up', () => {
  const { summary, costs } = runText(`
name: own
seed: 1
duration: 6h
warmup: 90m
workload: [{ service: { name: web, cpu: 1, memory: 1GiB } }]
variants: { own: { orchestrator: kubernetes, distribution: self-managed, pools: { racks: { external: { hosts: 2, cpu: 4, memory: 8GiB, costPerHour: 0.4 } } } } }
`);
  expect(summary.costMicroUsd).toBe(2 * 6 * 400_000);
  expect(summary.costWindowMicroUsd).toBe(2 * 4.5 * 400_000);
  expect([...costs].every(({ item }) => item === 'external-host')).toBe(true);
});

it('a workload pays for the share of the host that it asked for, by the larger of CPU and memory', () => {
  const { costs } = runText(`
name: shares
seed: 1
duration: 1h
workload:
  - service: { name: web, cpu: 1, memory: 1GiB }
  - service: { name: cache, cpu: 100m, memory: 4GiB }
variants: { own: { orchestrator: ecs, pools: { racks: { external: { hosts: 1, cpu: 4, memory: 8GiB, costPerHour: 1 } } } } }
`);
  const own = [...costs].filter(({ item }) => item === 'external-host');
  const cost = Object.fromEntries(own.map((line) => [line.workload, line.costMicroUsd]));
  // web max(1/4, 1/8), cache max(0.1/4, 4/8), idle the rest: of 1 USD.
  expect(cost).toEqual({ web: 250_000, cache: 500_000, idle: 250_000 });
});

it('an instance whose price no source states leaves the cost empty, never zero', () => {
  // Spot savings are published for three regions; this is none of them.
  const { summary, hosts, costs, notes } = runText(UNKNOWN_PRICE);
  expect(hosts.length).toBeGreaterThan(0);
  expect(hosts.map(({ priceNanoUsdPerHour }) => priceNanoUsdPerHour)).toEqual(
    hosts.map(() => null),
  );
  const instances = [...costs].filter(({ item }) => item === 'ec2');
  expect(instances.every(({ costMicroUsd: cost }) => cost === null)).toBe(true);
  expect([summary.costMicroUsd, summary.costWindowMicroUsd]).toEqual([null, null]);
  expect(notes).toContain('no source states a price for ec2: its cost is left empty');
});

const UNKNOWN_PRICE = `
name: unknown
seed: 1
region: eu-central-1
duration: 1h
workload: [{ service: { name: web, cpu: 1, memory: 1GiB } }]
variants: { spot: { orchestrator: ecs, pools: { base: { asg: { instanceTypes: [m6i.large], min: 1, max: 1, capacityType: spot } } } } }
`;
