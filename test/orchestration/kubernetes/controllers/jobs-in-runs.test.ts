/** Jobs and CronJobs in whole runs. */

import { describe, expect, it } from 'vitest';
import { runText } from '../../../support/run-scenario.ts';
import type { TaskRow } from '../../../../src/metrics/rows.ts';

const SECOND_US = 1_000_000;

/** Hosts without any latency of their own to speak of, and a stream of jobs of 60 s. */
function scenario(jobs: string, duration = '1h', pools = 'hosts: 4'): string {
  return `
name: jobs
seed: 1
duration: ${duration}
workload:
  - jobs: { name: work, cpu: 1, memory: 1GiB, duration: 60s, ${jobs} }
variants:
  eks:
    orchestrator: kubernetes
    pools: { hosts: { external: { ${pools}, cpu: 16, memory: 64GiB, costPerHour: 0 } } }
`;
}

function mostAtOnce(tasks: readonly TaskRow[]): number {
  const times = tasks.map(({ submittedUs }) => submittedUs);
  const inside = (atUs: number) =>
    tasks.filter(
      ({ submittedUs, finishedUs }) => submittedUs <= atUs && (finishedUs ?? Infinity) > atUs,
    );
  return Math.max(...times.map((atUs) => inside(atUs).length));
}

describe('a Job in a run (kubernetes.md 3.5)', () => {
  it('runs as many pods at once as its parallelism until all have completed, and the run ends', () => {
    const job = 'arrivals: { at: [10s] }, job: { parallelism: 3, completions: 7 }';
    const { tasks, summary, end } = runText(scenario(job)) as any;
    console.log(
      tasks
        .map((t: TaskRow) =>
          [t.submittedUs / 1e6, t.startedUs! / 1e6, t.finishedUs! / 1e6, t.state].join(' '),
        )
        .join('\n'),
      end,
    );
    expect(summary.tasksCompleted).toBe(7);
    expect(mostAtOnce(tasks)).toBe(3);
  });

  it('starts by a clock', () => {
    const job = "arrivals: { cron: '*/10 * * * *' }";
    const { tasks } = runText(scenario(job));
    expect(tasks.map(({ submittedUs }) => submittedUs / SECOND_US)).toEqual([
      600.1, 1200.1, 1800.1, 2400.1, 3000.1,
    ]);
  });
});
