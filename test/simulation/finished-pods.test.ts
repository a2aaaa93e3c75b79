/** Finished pods of Jobs on EKS Fargate are billed until they are deleted (aws.md 4.2). */

import { describe, expect, it } from 'vitest';
import { PULL_S, ROUND, START_S, seconds } from './round-latencies.ts';
import { runText } from '../support/run-scenario.ts';

/** A Job's pods run 100 s each. From the start of the pull to the end of a pod. */
const POD_S = PULL_S + START_S + 100;
/** The Job controller looks 1 s after the news of a pod. */
const SYNC_S = 1;

function run(jobs: string, duration = '1h') {
  const { hosts, tasks, summary } = runText(`
name: finished
seed: 1
duration: ${duration}
${ROUND}
workload: [{ jobs: { name: work, image: app, cpu: 250m, memory: 256MiB, duration: 100s, ${jobs} } }]
variants: { it: { orchestrator: kubernetes, pools: { vms: { fargate: {} } } } }
`);
  const bound = [...hosts].map((host) => ({
    ...host,
    task: tasks.find((t) => t.host === host.host)!,
  }));
  const ended = bound.filter(({ task }) => task.finishedUs !== null);
  /** How long each micro-VM outlived its pod. */
  const keptS = ended.map((host) =>
    host.terminationReason === 'end-of-run'
      ? 'for good'
      : Math.round(seconds(host.terminatedUs! - host.task.finishedUs!)!),
  );
  return { billedS: bound.map(({ billedUs }) => seconds(billedUs)), keptS, summary };
}

describe('a pod of a Job that has ended on EKS Fargate', () => {
  it('pitfall 14.15: is billed until its Job is deleted, a time after that has ended', () => {
    const { keptS, billedS } = run('arrivals: { at: [0s] }, job: { ttlAfterFinished: 10m }');
    expect(keptS).toEqual([SYNC_S + 600]);
    expect(billedS).toEqual([POD_S + SYNC_S + 600]);
  });

  it('is billed for good when nobody deletes it, as with the defaults of the API', () => {
    const { keptS } = run('arrivals: { at: [0s, 10m] }, job: { ttlAfterFinished: Never }');
    expect(keptS).toEqual(['for good', 'for good']);
  });

  it('waits for the other pods of its Job: the first of two in a row goes with the last', () => {
    const { keptS } = run('arrivals: { at: [0s] }, job: { completions: 2 }');
    expect(keptS[1]).toBe(SYNC_S);
    expect(keptS[0]).toBeGreaterThan(SYNC_S + POD_S);
  });

  it('of a plain stream is deleted by whoever submitted it', () => {
    expect(run('arrivals: { at: [0s, 10m] }').keptS).toEqual([0, 0]);
  });

  it('of a CronJob goes when its Job is not among the last three any more (kubernetes.md 3.6)', () => {
    const { keptS } = run(
      "arrivals: { cron: '*/10 * * * *' }, job: { ttlAfterFinished: Never }",
      '61m',
    );
    // Jobs of minutes 10 to 50 have ended; the first goes when the fourth has, 30 min later, the second with the fifth.
    expect(keptS).toEqual([1_801, 1_801, 'for good', 'for good', 'for good']);
  });
});
