/** kube-scheduler on a cache that lags: it learns of room late, and never binds what is not there. */

import { describe, expect, it } from 'vitest';
import { knownPolicies } from '../../src/scenario/registry.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { runCell } from '../../src/experiment/run-cell.ts';

const SCENARIO = `
name: lag
seed: 1
duration: 10m
workload:
  - jobs: { name: pods, cpu: 1, memory: 1GiB, arrivals: { at: [0s, 1s] }, duration: 60s }
variants:
  one-node: { orchestrator: kubernetes, distribution: self-managed, pools: { own: { external: { hosts: 1, cpu: 1, memory: 4GiB, costPerHour: 0.1 } } } }
`;

function startsAt(delay: string): number[] {
  const overrides = [
    {
      path: 'assumptions',
      value: `{ kubernetes.informer-delay-s: ${delay}, latency.noise-sigma: 0 }`,
    },
  ];
  const { variants, seed } = loadScenario(SCENARIO, 'lag.yaml', {
    knownPolicies: knownPolicies(),
    overrides,
  });
  const inputs = { traces: {}, hosts: {}, manifests: {}, nodePools: {} };
  const { tasks } = runCell(variants[0]!, seed, inputs, { recordDecisions: false, policies: [] });
  return tasks.map(({ placedUs }) => placedUs!);
}

describe('a scheduler whose cache lags', () => {
  it('hears of the first room, and of room that is freed, that much later', () => {
    const [first, second] = startsAt('0');
    // The node joined at 0 and is seen 3 s later; the first pod ends 60 s after it started, is seen 3 s later again.
    expect(startsAt('3')).toEqual([first! + 3_000_000, second! + 3_000_000 + 3_000_000]);
  });
});
