/** What happens first inside one instant: the phases of the simulation, seen from outside. */

import { expect, it } from 'vitest';
import { ROUND, seconds } from './round-latencies.ts';
import { runText } from '../support/run-scenario.ts';

const OWN = 'pools: { racks: { external: { hosts: 1, cpu: 1, memory: 8GiB, costPerHour: 1 } } }';

function run(variant: string, workload: string) {
  return runText(`
name: instant
seed: 1
duration: 1h
sampling: 10s
${ROUND}
workload: [${workload}]
variants: { it: { ${variant} } }
`);
}

function job(name: string, at: string, more: string) {
  return `{ jobs: { name: ${name}, cpu: 1, memory: 1GiB, arrivals: { at: [${at}] }, ${more} } }`;
}

it('a task that finishes frees its room for one that arrives in the same instant', () => {
  const { tasks, summary } = run(
    `orchestrator: batch, ${OWN}`,
    job('work', '0s, 10s', 'duration: 10s'),
  );
  expect(tasks.map(({ startedUs }) => seconds(startedUs))).toEqual([0, 10]);
  expect(summary.waitSecondsMax).toBe(0);
});

it('all arrivals of an instant are there before the scheduler chooses among them', () => {
  const { tasks } = run(
    `orchestrator: kubernetes, ${OWN}`,
    `${job('low', '5s', 'duration: 10s')}, ${job('high', '5s', 'duration: 10s, priority: 7')}`,
  );
  const placed = Object.fromEntries(tasks.map((task) => [task.workload, seconds(task.placedUs)]));
  expect(placed['high']).toBe(5);
  expect(placed['low']!).toBeGreaterThanOrEqual(5 + 10);
});

it('a host that becomes ready takes a task that arrives in the same instant', () => {
  // Ready at 5 + 15 + 40 s.
  const { tasks } = run(
    'orchestrator: ecs, pools: { base: { asg: { instanceTypes: [m6i.large], min: 1, max: 1 } } }',
    job('work', '60s', 'duration: 10s'),
  );
  expect(seconds(tasks[0]!.placedUs)).toBe(60);
});

it('a sample shows an instant when all of it is over', () => {
  const { timeseries } = run(
    `orchestrator: batch, ${OWN}`,
    job('work', '10s, 10s', 'duration: 10s'),
  );
  const seen = timeseries
    .slice(0, 3)
    .map(({ timeUs, pending, running }) => [seconds(timeUs), pending, running]);
  // At 10 s both arrive and one is placed; at 20 s it is over and the other takes its place.
  expect(seen).toEqual([
    [0, 0, 0],
    [10, 1, 1],
    [20, 0, 1],
  ]);
});
