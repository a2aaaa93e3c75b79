/** Rows of tasks that have left are used again, so that memory follows the tasks inside, not those that came through. */

import { expect, it } from 'vitest';
import { JOURNAL_LENGTH } from '../../src/cluster/journal.ts';
import { NO_INPUTS, experimentOf } from '../support/run-scenario.ts';
import { assemble } from '../../src/scenario/assemble.ts';

const JOBS = 60_000;
const TEXT = `
name: reuse
seed: 3
duration: 30d
workload:
  - jobs: { name: short, cpu: 1, memory: 1MiB, arrivals: { every: 2s }, duration: 5s, limit: ${JOBS} }
variants:
  batch: { orchestrator: batch, pools: { own: { external: { hosts: 1, cpu: 8, memory: 1GiB, costPerHour: 1 } } } }
`;

it('keeps rows for those inside and for what the journal still speaks of', () => {
  const seen: string[] = [];
  const assembly = assemble(experimentOf(TEXT).variants[0]!, 3, NO_INPUTS, {
    recordDecisions: false,
    ownPolicies: [],
    taskSink: { write: ({ task, state }) => seen.push(`${task} ${state}`) },
  });
  assembly.simulation.begin();
  assembly.simulation.run();
  expect(seen).toEqual(Array.from({ length: JOBS }, (_, i) => `task-${i} completed`));
  expect(assembly.tally.submitted).toBe(JOBS);
  // Four entries a task (pending, bound, ready, released), three tasks inside at a time.
  expect(assembly.cluster.tasks.count).toBeLessThan(JOURNAL_LENGTH / 4 + 20);
});
