import { describe, expect, it } from 'vitest';
import { NO_INPUTS, experimentOf, runText } from '../support/run-scenario.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import { runCell } from '../../src/experiment/run-cell.ts';
import { traceKey } from '../../src/scenario/inputs.ts';
import { GIB, TICKS_PER_CORE, US_PER_SECOND } from '../../src/base/units.ts';
import type { TraceWorkload } from '../../src/scenario/schema-workload.ts';

const OWN =
  'orchestrator: batch, pools: { racks: { external: { hosts: 2, cpu: 4, memory: 8GiB, costPerHour: 1 } } }';

function scenario(workload: string, variant = OWN) {
  return `
name: ending
seed: 1
duration: 10h
workload: [${workload}]
variants: { it: { ${variant} } }
`;
}

describe('a run ends', () => {
  it('finished when its last task is done and none is to come', () => {
    const jobs =
      '{ jobs: { name: work, cpu: 1, memory: 1GiB, arrivals: { every: 1m }, limit: 3, duration: 90s } }';
    const { ending, summary, timeseries } = runText(scenario(jobs));
    expect(ending).toBe('finished');
    expect(summary.tasksCompleted).toBe(3);
    const lastUs = timeseries.at(-1)!.timeUs;
    expect(lastUs).toBeLessThanOrEqual((3 * 60 + 90) * US_PER_SECOND);
  });

  it('finished when a trace is replayed to its end', () => {
    const text = scenario('{ trace: { name: log, format: csv, file: log.csv } }');
    const { variants } = experimentOf(text);
    const entry = variants[0]!.scenario.workload[0] as TraceWorkload;
    const trace = {
      specs: [plainTaskSpec('log', 'trace', 2 * TICKS_PER_CORE, GIB)],
      specOf: new Int32Array(2),
      submittedUs: Float64Array.of(5 * US_PER_SECOND, 7 * US_PER_SECOND),
      durationUs: Float64Array.of(10 * US_PER_SECOND, 20 * US_PER_SECOND),
      names: [],
    };
    const inputs = { ...NO_INPUTS, traces: { [traceKey(entry)]: trace } };
    const { ending, tasks, summary } = runCell(variants[0]!, 1, inputs, {
      recordDecisions: false,
      policies: [],
    });
    expect(ending).toBe('finished');
    expect(tasks.map(({ finishedUs }) => finishedUs! / US_PER_SECOND)).toEqual([5 + 10, 7 + 20]);
    // Two hosts for 27 s.
    expect(summary.hostHours).toBe((2 * 27) / 3_600);
  });

  it('at its duration, not before, when arrivals went on that it cuts off', () => {
    const jobs =
      '{ jobs: { name: work, cpu: 1, memory: 1GiB, arrivals: { every: 7h }, duration: 1m } }';
    const { ending, summary } = runText(scenario(jobs));
    expect(ending).toBe('duration');
    expect(summary.hostHours).toBe(2 * 10);
  });

  it('at its duration when a service runs', () => {
    const { ending } = runText(
      scenario('{ service: { name: web, cpu: 1, memory: 1GiB } }', OWN.replace('batch', 'ecs')),
    );
    expect(ending).toBe('duration');
  });

  it('stuck when pending tasks wait in vain, naming the first and why', () => {
    const jobs =
      '{ jobs: { name: fits, cpu: 1, memory: 1GiB, arrivals: { at: [0s] }, duration: 1m } }, ' +
      '{ jobs: { name: big, cpu: 1, memory: 9GiB, arrivals: { at: [10s, 20s] }, duration: 1m } }';
    const { ending, explanation, summary } = runText(scenario(jobs));
    expect(ending).toBe('stuck');
    expect(explanation).toBe('task 1 of big, pending since 10 s: insufficient-memory');
    // The last that acted was the end of the first job; an hour of nothing follows.
    expect(summary.hostHours).toBe((2 * (60 + 3_600)) / 3_600);
    expect([summary.tasksPending, summary.waitPendingTasks]).toEqual([2, 2]);
    expect(summary.waitSecondsMax).toBe(60 + 3_600 - 10);
  });

  it('stuck when Fargate sells no such size', () => {
    const jobs =
      '{ jobs: { name: big, cpu: 40, memory: 9GiB, arrivals: { at: [0s] }, duration: 1m } }';
    const { ending, explanation, hosts } = runText(
      scenario(jobs, 'orchestrator: ecs, pools: { vm: { fargate: {} } }'),
    );
    expect([ending, explanation]).toEqual([
      'stuck',
      'task 0 of big, pending since 0 s: size-not-offered',
    ]);
    expect(hosts).toEqual([]);
  });
});
