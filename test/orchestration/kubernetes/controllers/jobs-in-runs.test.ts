/** Jobs, CronJobs and updates in whole runs: what they take, and that a run that is stopped and taken up again goes on the same. */

import { describe, expect, it } from 'vitest';
import { NO_INPUTS, experimentOf, runText, runVariant } from '../../../support/run-scenario.ts';
import { assemble } from '../../../../src/scenario/assemble.ts';
import { resultOf } from '../../../../src/experiment/run-cell.ts';
import type { TaskRow } from '../../../../src/metrics/rows.ts';

const SECOND_US = 1_000_000;

/** Jobs of 60 s on four hosts. */
function scenario(jobs: string): string {
  return `
name: jobs
seed: 1
duration: 1h
workload:
  - jobs: { name: work, cpu: 1, memory: 1GiB, duration: 60s, ${jobs} }
variants:
  eks:
    orchestrator: kubernetes
    pools: { hosts: { external: { hosts: 4, cpu: 16, memory: 64GiB, costPerHour: 0 } } }
`;
}

function mostAtOnce(tasks: readonly TaskRow[]): number {
  const inside = (atUs: number) =>
    tasks.filter((task) => task.submittedUs <= atUs && (task.finishedUs ?? Infinity) > atUs);
  return Math.max(...tasks.map(({ submittedUs }) => inside(submittedUs).length));
}

describe('a Job in a run (kubernetes.md 3.5)', () => {
  it('runs as many pods at once as its parallelism until all have completed', () => {
    const job = 'arrivals: { at: [10s] }, job: { parallelism: 3, completions: 7 }';
    const { tasks, summary } = runText(scenario(job));
    expect(summary.tasksCompleted).toBe(7);
    expect(mostAtOnce(tasks)).toBe(3);
  });

  it('starts by a clock', () => {
    const { tasks } = runText(scenario("arrivals: { cron: '*/10 * * * *' }"));
    const atS = tasks.map(({ submittedUs }) => submittedUs / SECOND_US);
    expect(atS).toEqual([600.1, 1200.1, 1800.1, 2400.1, 3000.1]);
  });

  it('draws the run time of each pod, and the same ones whatever the parallelism', () => {
    const durations = (parallelism: number) => {
      const run = 'duration: { uniform: { low: 30s, high: 90s } }';
      const text = scenario(
        `arrivals: { at: [10s] }, job: { parallelism: ${parallelism}, completions: 4 }`,
      );
      const { tasks } = runText(text.replace('duration: 60s', run));
      return tasks.map((task) => task.finishedUs! - task.startedUs!).sort((a, b) => a - b);
    };
    expect(new Set(durations(1)).size).toBe(4);
    expect(durations(4)).toEqual(durations(1));
  });
});

describe('a Job that is suspended', () => {
  it('has no pods then, and starts them anew when it is resumed', () => {
    const { tasks, summary } = runText(
      scenario(
        'arrivals: { at: [10s] }, job: { parallelism: 2, completions: 2, backoffLimit: 0, suspended: [{ from: 30s, until: 10m }] }',
      ),
    );
    const ends = tasks.map(({ state, submittedUs }) => [
      state,
      Math.round(submittedUs / SECOND_US),
    ]);
    // Pods that the controller takes away itself are no failures of the Job.
    expect(ends).toEqual([
      ['cancelled', 10],
      ['cancelled', 10],
      ['completed', 600],
      ['completed', 600],
    ]);
    expect(summary.tasksCompleted).toBe(2);
  });

  it('counts its deadline from then on', () => {
    const suspended = 'suspended: [{ from: 0s, until: 10m }]';
    const { tasks } = runText(
      scenario(`arrivals: { at: [10s] }, job: { activeDeadline: 2m, ${suspended} }`),
    );
    expect(tasks.map(({ state }) => state)).toEqual(['completed']);
  });

  it('is not started by its clock; of what was missed the last is, when it is resumed', () => {
    const suspended = 'job: { suspended: [{ from: 15m, until: 45m }] }';
    const { tasks } = runText(scenario(`arrivals: { cron: '*/10 * * * *' }, ${suspended}`));
    const atS = tasks.map(({ submittedUs }) => submittedUs / SECOND_US);
    expect(atS).toEqual([600.1, 2700, 3000.1]);
  });
});

describe('an indexed Job with a limit for each index', () => {
  it('gives up an index that failed too often and goes on with the others', () => {
    const failing = 'restartPolicy: Never, crash: { after: { constant: 1s }, share: 100% }';
    const { tasks } = runText(
      scenario(
        `arrivals: { at: [10s] }, ${failing}, job: { completions: 2, completionMode: Indexed, backoffLimitPerIndex: 1 }`,
      ),
    );
    // Two pods of each index: the second failure is one more than its limit.
    expect(tasks.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed', 'failed']);
  });
});

describe('a run with every kind of controller', () => {
  const TEXT = `
name: everything
seed: 5
duration: 2h
images: { one: { size: 50MB }, two: { size: 80MB } }
workload:
  - daemon: { name: agent, cpu: 100m, memory: 100MiB, image: one }
  - service:
      name: web
      image: one
      cpu: 500m
      memory: 1GiB
      replicas: 9
      startup: 30s
      disruptionBudget: { maxUnavailable: 2 }
      deployment: { minReady: 10s }
  - service: { name: store, image: one, cpu: 500m, memory: 1GiB, replicas: 3, startup: 20s, statefulSet: {} }
  - jobs: { name: batch, cpu: 1, memory: 1GiB, duration: 5m, arrivals: { every: 11m }, job: { parallelism: 2, completions: 5 } }
  - jobs: { name: nightly, cpu: 1, memory: 1GiB, duration: 7m, arrivals: { cron: '*/7 * * * *' } }
  - jobs: { name: stream, cpu: 1, memory: 1GiB, duration: 20m, arrivals: { poisson: 20/h } }
rollouts:
  - { workload: web, at: 40m, image: two }
  - { workload: store, at: 45m, image: two }
  - { workload: agent, at: 50m, image: two }
variants:
  eks:
    orchestrator: kubernetes
    pools: { nodes: { karpenter: { expireAfter: 30m } } }
`;
  const [variant] = experimentOf(TEXT).variants;
  const whole = runVariant(variant!, 5, true);

  it('shows each of them at work', () => {
    const running = (workload: string) =>
      whole.tasks.filter((task) => task.workload === workload && task.state === 'running').length;
    expect([running('web'), running('store')]).toEqual([9, 3]);
    const replaced = whole.tasks.filter(({ reason }) => reason === 'replaced');
    expect(new Set(replaced.map(({ workload }) => workload))).toEqual(
      new Set(['web', 'store', 'agent']),
    );
    const again = whole.tasks.filter(
      (task) => task.workload === 'stream' && task.origin !== task.task,
    );
    expect(again.length).toBeGreaterThan(0);
  });

  it('goes on the same after it was stopped and taken up again', () => {
    const fresh = () =>
      assemble(variant!, 5, NO_INPUTS, { recordDecisions: true, ownPolicies: [] });
    let assembly = fresh();
    assembly.simulation.begin();
    for (let part = 1; part <= 6; part++) {
      const step = Math.floor((whole.stepCount * part) / 7);
      while (assembly.simulation.kernel.stepCount < step) assembly.simulation.step();
      const saved = structuredClone(assembly.simulation.save());
      assembly = fresh();
      assembly.simulation.restore(saved);
    }
    const again = resultOf(assembly, variant!, 5, assembly.simulation.run());
    expect(again.summary).toEqual(whole.summary);
    expect(again.decisions).toEqual(whole.decisions);
  });
});
