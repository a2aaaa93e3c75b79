/** Whoever orders nodes for pods with claims orders them where the claims' volumes are, and what the volumes cost. */

import { describe, expect, it } from 'vitest';
import { ROUND } from './round-latencies.ts';
import { runText } from '../support/run-scenario.ts';

const GROUPS = ['a', 'b', 'c'].map(
  (zone) =>
    `g${zone}: { asg: { instanceTypes: [m6i.large], min: 0, max: 4, initial: 0, zones: [${zone}] } }`,
);

function run(pools: string, service: string, more = '', duration = '1h') {
  return runText(
    `
name: volume-capacity
seed: 1
duration: ${duration}
sampling: 10m
${ROUND}
${more}
workload: [{ service: { name: db, cpu: 1, memory: 1GiB, ${service} } }]
variants: { it: { orchestrator: kubernetes, ${pools} } }
`,
    true,
  );
}

const SET = 'replicas: 1, statefulSet: {}, volumes: [{ name: data, size: 1GiB }]';
/** Given up a minute after it failed. */
const FAILS = (pools: string) =>
  `disruptions: [{ hostFailure: { after: 10m, pools: [${pools}], outOfService: 60s } }]`;

describe('a pod whose node fails for good, while its volume is in a zone', () => {
  it('gets a node of the group of that zone from the Cluster Autoscaler', () => {
    const { tasks, hosts } = run(
      `clusterAutoscaler: {}, pools: { ${GROUPS.join(', ')} }`,
      SET,
      FAILS('ga, gb, gc'),
    );
    expect(tasks.length).toBeGreaterThan(1);
    expect(new Set(hosts.map(({ zone }) => zone)).size).toBe(1);
    expect(new Set(tasks.map(({ zone }) => zone).filter((zone) => zone !== '')).size).toBe(1);
  });
});

describe('a pod whose claim may be made in one zone alone', () => {
  it('gets a node there from Karpenter (aws.md 1.6)', () => {
    const zones = ['b', 'c'].map((zone) => {
      const classes = `storageClasses: { here: { zones: [${zone}] } }`;
      const service =
        'replicas: 1, statefulSet: {}, volumes: [{ name: d, size: 1GiB, class: here }]';
      const { tasks, hosts } = run('pools: { all: { karpenter: {} } }', service, classes);
      expect(tasks.map(({ state }) => state)).toEqual(['running']);
      return hosts.map((host) => host.zone);
    });
    expect(zones).toEqual([['b'], ['c']]);
  });
});

describe('the bill', () => {
  const SET_OF_10 = 'replicas: 2, statefulSet: {}, volumes: [{ name: data, size: 73GiB }]';

  it('has a line for each volume from when it was made: 0.08 USD a GiB and month of 730 hours', () => {
    const { costs } = run(
      'pools: { all: { asg: { instanceTypes: [m6i.large], min: 2, max: 2 } } }',
      SET_OF_10,
      '',
      '10h',
    );
    const lines = [...costs].filter(
      ({ item, resource }) => item === 'ebs' && resource.startsWith('pvc-'),
    );
    expect(lines).toHaveLength(2);
    for (const { workload, unit, costMicroUsd, quantity } of lines) {
      expect([workload, unit]).toEqual(['db', 'gb-hour']);
      // Made within the first two minutes: 73 GiB for nearly 10 h of 730 cost 73 x 0.08 / 73 = 0.08 USD.
      expect(quantity).toBeGreaterThan(73 * (10 - 2 / 60));
      expect(costMicroUsd! / 1e6).toBeCloseTo(0.08, 2);
    }
  });

  it('has none for the volumes of own hosts', () => {
    const pool =
      'pools: { own: { external: { hosts: 2, cpu: 8, memory: 16GiB, costPerHour: 1 } } }';
    const { costs, tasks } = run(pool, SET_OF_10);
    expect(tasks.map(({ state }) => state)).toEqual(['running', 'running']);
    expect(
      [...costs].filter(({ item, resource }) => item === 'ebs' && resource.startsWith('pvc-')),
    ).toEqual([]);
  });
});
