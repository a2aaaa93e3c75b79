import { expect, it } from 'vitest';
import { runText } from '../support/run-scenario.ts';

/** From started to ready of the pods on one host of 4 cores, in seconds. */
function startsS(replicas: number, startupCpu: string): number[] {
  const { tasks } = runText(`
name: starts
seed: 1
duration: 10m
workload:
  - service:
      { name: web, cpu: 200m, memory: 64MiB, replicas: ${replicas}, startup: 10s, startupCpu: ${startupCpu}, limit: 1, baseline: 0 }
variants:
  own:
    orchestrator: kubernetes
    distribution: self-managed
    pools: { base: { external: { hosts: 1, cpu: 4, memory: 16GiB, costPerHour: 0 } } }
`);
  return tasks.map(({ startedUs, readyUs }) => Math.round((readyUs! - startedUs!) / 1e6));
}

it('a start takes its time where the host has the CPU for it, or where it takes none', () => {
  expect(startsS(4, '1')).toEqual([10, 10, 10, 10]);
  expect(new Set(startsS(16, '0'))).toEqual(new Set([10]));
});

it('on a crowded host a start takes as much longer as the host has too little CPU', () => {
  const slowest = Math.max(...startsS(16, '1'));
  // The last of 16 to start finds 15 others that ask for a core each: 16 / 4 = 4 times 10 s, or fewer that are ready already.
  expect(slowest).toBeGreaterThan(20);
  expect(slowest).toBeLessThanOrEqual(40);
});
