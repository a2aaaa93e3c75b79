/** What a scenario says about Karpenter, from its text to what happens. */

import { describe, expect, it } from 'vitest';
import { runText } from '../support/run-scenario.ts';

const scenario = (karpenter: string, more = '', hours = 2): string => `
name: own
seed: 1
duration: ${hours}h
zones: [a]
workload:
  - service: { name: web, cpu: 1500m, memory: 1GiB, replicas: 2 }
variants:
  eks:
    orchestrator: kubernetes
    ${more}
    pools: { work: { karpenter: ${karpenter} } }
`;

describe('hosts of a NodePool', () => {
  it('drift to the image that was released, one after the other as the budget allows', () => {
    const { hosts } = runText(
      scenario('{ instanceTypes: [m5.large], amiReleases: { first: 1h } }'),
    );
    const reasons = [...hosts].map(({ terminationReason }) => terminationReason);
    // 10 % of two nodes, rounded up, is one at a time: both go, both are replaced.
    expect(reasons.filter((reason) => reason === 'drifted')).toHaveLength(2);
    expect(reasons.filter((reason) => reason === 'end-of-run')).toHaveLength(2);
  });

  it('stay as they are while a budget with a schedule allows nothing', () => {
    const budgets = "[{ nodes: 0, schedule: '0 0 * * *', duration: 12h }]";
    const { hosts } = runText(
      scenario(`{ instanceTypes: [m5.large], amiReleases: { first: 1h }, budgets: ${budgets} }`),
    );
    // The run begins on a Monday at midnight.
    expect([...hosts].map(({ terminationReason }) => terminationReason)).toEqual([
      'end-of-run',
      'end-of-run',
    ]);
  });

  it('of a static pool are there before any pod asks, and as many as it says', () => {
    const { hosts } = runText(scenario('{ instanceTypes: [m5.xlarge], replicas: 3 }'));
    expect([...hosts].map(({ instanceType }) => instanceType)).toEqual([
      'm5.xlarge',
      'm5.xlarge',
      'm5.xlarge',
    ]);
  });
});

describe('EKS Auto Mode', () => {
  it('adds 12 % of the on-demand price of each host to its bill', () => {
    const { costs } = runText(scenario('{ autoMode: own, instanceTypes: [c6a.2xlarge] }'));
    const fees = [...costs].filter(({ item }) => item === 'eks-auto-mode');
    // aws.md 7.5: c6a.2xlarge 0.306 USD, fee 0.03672 USD an hour.
    expect(new Set(fees.map(({ priceNanoUsd }) => priceNanoUsd))).toEqual(new Set([36_720_000]));
  });

  it('has a pool of its own of common on-demand types from generation 5 on', () => {
    const { hosts } = runText(scenario('{ autoMode: general-purpose }'));
    for (const { instanceType, capacityType } of hosts) {
      expect(instanceType).toMatch(/^[cmr][5-9]/);
      expect(capacityType).toBe('on-demand');
    }
  });
});

it('the release decides in which order nodes are consolidated', () => {
  const run = (version: string) =>
    runText(
      scenario('{ families: [m5] }', `karpenter: { version: '${version}', nodeRepair: true }`),
    ).summary.digest;
  expect(run('1.13')).toMatch(/^[0-9a-f]+$/);
  expect(run('1.14')).toMatch(/^[0-9a-f]+$/);
});
