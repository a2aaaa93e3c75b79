import { expect, it } from 'vitest';
import { runText } from '../../support/run-scenario.ts';

/** Zone a is out when the pods come, and the cheapest offering is in the first zone. */
const result = runText(`
name: zone-out
seed: 1
duration: 1h
sampling: 10m
disruptions: [{ zoneOutage: { zone: a, at: 0s, duration: 30m } }]
workload: [{ jobs: { name: work, cpu: 1, memory: 2GiB, arrivals: { at: [10s] }, duration: 5m } }]
variants:
  it: { orchestrator: kubernetes, pools: { work: { karpenter: { instanceTypes: [m6i.large, c6i.large] } } } }
`);

it('a launch that failed is made in another zone: its offering is avoided for 3 minutes (aws.md 1.12)', () => {
  const [first, second] = result.hosts;
  expect(first).toMatchObject({ zone: 'a', terminationReason: 'launch-failed', billedUs: 0 });
  expect(second!.zone).not.toBe('a');
  expect(result.tasks[0]).toMatchObject({ state: 'completed' });
  expect(result.hosts).toHaveLength(2);
});
