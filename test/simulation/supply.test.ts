/** What EC2 refuses or takes back, seen from a scenario. */

import { describe, expect, it } from 'vitest';
import { NO_INPUTS, experimentOf, runText } from '../support/run-scenario.ts';
import { US_PER_MINUTE, US_PER_SECOND } from '../../src/base/units.ts';
import { runCell } from '../../src/experiment/run-cell.ts';

function scenario(supply: string, variant: string, workload: string, duration = '1h'): string {
  return `
name: supply
seed: 1
duration: ${duration}
sampling: 10m
supply: ${supply}
workload: [${workload}]
variants: { it: { ${variant} } }
`;
}

const WEB = '{ service: { name: web, cpu: 100m, memory: 128MiB, replicas: 2 } }';
const HEAVY = '{ service: { name: heavy, cpu: 1500m, memory: 1GiB, replicas: 4, startup: 1s } }';

describe('a launch that EC2 refuses', () => {
  const dryInA = '{ capacity: [{ zones: [a], instances: 0 }] }';

  it('pitfall 14.8: leaves without having run, costs nothing, and its group goes to another zone at once (aws.md 2.4)', () => {
    const group =
      'orchestrator: ecs, pools: { base: { asg: { instanceTypes: [m6i.large], min: 2, max: 2 } } }';
    const { hosts, summary } = runText(scenario(dryInA, group, WEB), true);
    const refused = hosts.filter((host) => host.terminationReason === 'insufficient-capacity');
    // The first host of two goes to zone a, in vain; zone b has the other, so c is next.
    expect(refused.map(({ zone }) => zone)[0]).toBe('a');
    for (const host of refused) {
      expect(host).toMatchObject({ runningUs: null, billedUs: 0, costMicroUsd: 0 });
    }
    const [first] = refused;
    const replacement = hosts.find(
      ({ requestedUs, zone }) => zone === 'c' && requestedUs === first!.terminatedUs,
    );
    expect(replacement).toMatchObject({ terminationReason: 'end-of-run' });
    expect(summary.hostsLaunched).toBe(2);
  });

  it('backs the Cluster Autoscaler off from its group, which then takes another (kubernetes.md 5.7)', () => {
    const two = `orchestrator: kubernetes, pools: {
      first: { asg: { instanceTypes: [m6i.large], min: 0, max: 9 } },
      second: { asg: { instanceTypes: [m5.large], min: 0, max: 9 } } },
      clusterAutoscaler: { expander: least-waste }`;
    const dry = '{ capacity: [{ instanceTypes: [m6i.large], instances: 0 }] }';
    const { hosts, tasks } = runText(scenario(dry, two, HEAVY), true);
    const up = hosts.filter(({ readyUs }) => readyUs !== null);
    expect(up.length).toBeGreaterThan(0);
    expect(new Set(up.map(({ instanceType }) => instanceType))).toEqual(new Set(['m5.large']));
    expect(tasks.filter(({ state }) => state === 'running')).toHaveLength(4);
  });

  it('pitfall 14.8: is not asked for again by Karpenter for three minutes', () => {
    const karpenter = `orchestrator: kubernetes, pools: {
      work: { karpenter: { instanceTypes: [m6i.large, m5.large] } } }`;
    const dry = '{ capacity: [{ instanceTypes: [m5.large], instances: 0 }] }';
    const { hosts, tasks } = runText(scenario(dry, karpenter, HEAVY), true);
    const asked = hosts.filter(({ instanceType }) => instanceType === 'm5.large');
    const byZone = new Map(asked.map(({ zone, requestedUs }) => [zone, requestedUs]));
    for (const { zone, requestedUs } of asked) {
      const last = byZone.get(zone)!;
      expect(last === requestedUs || last - requestedUs >= 3 * US_PER_MINUTE).toBe(true);
    }
    expect(tasks.filter(({ state }) => state === 'running')).toHaveLength(4);
  });

  it('of a quota is refused in every zone, and tried again after a while', () => {
    const group =
      'orchestrator: ecs, pools: { base: { asg: { instanceTypes: [m6i.large], min: 3, max: 3 } } }';
    const quota = '{ vcpuQuotas: [{ vcpus: 5 }] }';
    const { hosts, summary } = runText(scenario(quota, group, WEB), true);
    // 2 x 2 vCPUs fit into 5; the third is asked for again each minute.
    expect(summary.hostsPeak).toBe(2);
    const refused = hosts.filter((host) => host.terminationReason === 'quota-reached');
    const gaps = refused.slice(1).map((host, i) => host.requestedUs - refused[i]!.requestedUs);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(60 * US_PER_SECOND);
    expect(refused.length).toBeGreaterThan(10);
  });

  it('of a subnet without addresses is refused: a node takes two interfaces full of them', () => {
    const nodes =
      'orchestrator: kubernetes, pools: { base: { asg: { instanceTypes: [m6i.large], min: 2, max: 2 } } }, zones: [a]';
    const { hosts, summary } = runText(scenario('{ addresses: { a: 39 } }', nodes, WEB), true);
    expect(summary.hostsPeak).toBe(1);
    expect(hosts[1]!.terminationReason).toBe('no-address');
  });
});

describe('spot capacity', () => {
  const spot = `orchestrator: ecs, zones: [a], pools: {
    base: { asg: { instanceTypes: [m6i.large], min: 10, max: 10, capacityType: spot } } }`;

  it('is lost by many machines of a pool at one instant, and the pool is short for a while', () => {
    const text = `${scenario('{}', spot, WEB, '400h')}\nassumptions: { spot.band-3-monthly-probability: 0.9, spot.band-4-monthly-probability: 0.9, spot.band-2-monthly-probability: 0.9, spot.band-1-monthly-probability: 0.9, spot.band-0-monthly-probability: 0.9 }`;
    const { hosts, decisions } = runText(text, true);
    const notices = decisions.filter(({ decision }) => decision === 'interrupt');
    const byTime = new Map<number, number>();
    for (const { timeUs } of notices) byTime.set(timeUs, (byTime.get(timeUs) ?? 0) + 1);
    expect(notices.length).toBeGreaterThan(5);
    // 60 % of ten machines go together.
    expect(notices.length / byTime.size).toBeGreaterThan(3);
    const [firstUs] = [...byTime.keys()];
    const refused = hosts.filter((host) => host.terminationReason === 'insufficient-capacity');
    expect(refused.some(({ requestedUs }) => requestedUs >= firstUs!)).toBe(true);
  });

  it('follows a trace of availability: what is too many is taken back, and comes again when there is room', () => {
    const traced = '{ capacity: [{ capacityType: spot, trace: spot.json }] }';
    const { variants, seed } = experimentOf(scenario(traced, spot, WEB, '170m'));
    const availability = {
      'spot.json': { stepUs: 60 * US_PER_MINUTE, counts: [10, 4, 8] },
    };
    const result = runCell(
      variants[0]!,
      seed,
      { ...NO_INPUTS, availability },
      {
        recordDecisions: true,
        policies: [],
      },
    );
    const notices = result.decisions.filter(({ decision }) => decision === 'interrupt');
    // At 1 h ten machines are six too many; at 2 h there is room for four more.
    expect(notices.map(({ timeUs }) => timeUs)).toEqual(
      Array.from({ length: 6 }, () => 60 * US_PER_MINUTE),
    );
    const up = [...result.hosts].filter(
      ({ terminationReason }) => terminationReason === 'end-of-run',
    );
    expect(up).toHaveLength(8);
  });
});

describe('capacity rebalancing (aws.md 2.8)', () => {
  const group = (rebalance: boolean) => `orchestrator: ecs, zones: [a, b], pools: {
    base: { asg: { instanceTypes: [m6i.large], min: 6, max: 6, capacityType: spot, capacityRebalance: ${rebalance} } } }`;
  const always = `assumptions: { spot.recommendation-share: 1, spot.recommendation-lead-s: 7200, ${[0, 1, 2, 3, 4].map((band) => `spot.band-${band}-monthly-probability: 0.9`).join(', ')} }`;

  it('replaces hosts before their notice: launched first, terminated when others are in service', () => {
    const text = (rebalance: boolean) =>
      `${scenario('{}', group(rebalance), WEB, '200h')}\n${always}`;
    const { hosts, summary } = runText(text(true), true);
    const moved = hosts.filter(({ terminationReason }) => terminationReason === 'at-risk');
    expect(moved.length).toBeGreaterThan(0);
    for (const { terminatedUs } of moved) {
      const others = hosts.filter(
        ({ readyUs, terminatedUs: endUs }) =>
          readyUs !== null && readyUs <= terminatedUs! && (endUs === null || endUs > terminatedUs!),
      );
      expect(others.length).toBeGreaterThanOrEqual(5);
    }
    const without = runText(text(false), true);
    expect(summary.interruptions).toBeLessThan(without.summary.interruptions);
    expect(without.hosts.some((host) => host.terminationReason === 'at-risk')).toBe(false);
  });
});
