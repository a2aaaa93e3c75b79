/** The summary and the time series, counted again from the rows of tasks and hosts. */

import { describe, expect, it } from 'vitest';
import { END_US, SEVEN_RESULTS, WARMUP_US } from '../support/seven-results.ts';
import type { TaskRow } from '../../src/metrics/rows.ts';

const US_PER_SECOND = 1_000_000;
const US_PER_HOUR = 3_600_000_000;
const ENDED = ['completed', 'failed', 'cancelled'];

/** Waits in microseconds, ascending: tasks that ended without a start had nobody wait for them any more. */
function waits(tasks: readonly TaskRow[]): number[] {
  return tasks
    .filter(({ kind, submittedUs }) => kind !== 'daemon' && submittedUs >= WARMUP_US)
    .filter(({ startedUs, state }) => startedUs !== null || !ENDED.includes(state))
    .map(({ startedUs, submittedUs }) => (startedUs ?? END_US) - submittedUs)
    .sort((a, b) => a - b);
}

describe.each(SEVEN_RESULTS)('%s', (_name, { tasks, hosts, summary, timeseries }) => {
  const hostOf = new Map(hosts.map((host) => [host.host, host]));

  it('has waits of started and waiting tasks after the warm-up, daemons apart', () => {
    const sorted = waits(tasks);
    const mean = sorted.reduce((sum, wait) => sum + wait, 0) / sorted.length;
    // Nearest rank: the smallest that at least p of all are not above.
    const rank = (p: number) =>
      sorted.find((wait) => sorted.filter((x) => x <= wait).length >= p * sorted.length)!;
    expect(summary.waitSecondsMean).toBeCloseTo(mean / US_PER_SECOND, 9);
    expect(summary.waitSecondsP50).toBe(rank(0.5) / US_PER_SECOND);
    expect(summary.waitSecondsP95).toBe(rank(0.95) / US_PER_SECOND);
    expect(summary.waitSecondsP99).toBe(rank(0.99) / US_PER_SECOND);
    expect(summary.waitSecondsMax).toBe(sorted.at(-1)! / US_PER_SECOND);
  });

  it('adds up: submitted = completed + failed + cancelled + running + pending, daemons apart', () => {
    const counted = tasks.filter(({ kind }) => kind !== 'daemon');
    const { tasksCompleted, tasksFailed, tasksCancelled, tasksRunning, tasksPending } = summary;
    const parts = tasksCompleted + tasksFailed + tasksCancelled + tasksRunning + tasksPending;
    expect(summary.tasksSubmitted).toBe(parts);
    expect(summary.tasksSubmitted).toBe(counted.length);
    const inside = counted.filter(({ state }) => ['placed', 'pulling', 'running'].includes(state));
    expect(tasksRunning).toBe(inside.length);
    expect(tasksPending).toBe(counted.filter(({ state }) => state === 'pending').length);
  });

  it('counts evictions of tasks that nobody wanted to end, not of daemons that go with their host', () => {
    const evicted = tasks
      .filter(({ kind, state }) => kind !== 'daemon' && state === 'cancelled')
      .filter(({ reason }) => reason !== 'scaled-in' && reason !== 'unplaced');
    expect(summary.evictions).toBe(evicted.length);
  });

  it('has the hours of its hosts from running to the end, micro-VMs apart', () => {
    const own = hosts.filter(({ launchType }) => launchType !== 'fargate');
    const upUs = own.map(({ runningUs, terminatedUs }) =>
      runningUs === null ? 0 : (terminatedUs ?? END_US) - runningUs,
    );
    const hours = upUs.reduce((sum, us) => sum + us, 0) / US_PER_HOUR;
    expect(summary.hostHours).toBeCloseTo(hours, 9);
    const { hostsLaunched } = summary;
    expect(hostsLaunched).toBe(hosts.filter(({ launchType }) => launchType === 'ec2').length);
  });

  it('shows at every sampling time what the rows say of that time, all events of the instant included', () => {
    const isFrom = (sinceUs: number | null, untilUs: number | null, atUs: number) =>
      sinceUs !== null && sinceUs <= atUs && (untilUs === null || untilUs > atUs);
    expect(timeseries.map(({ timeUs }) => timeUs)).toEqual(
      Array.from({ length: END_US / (300 * US_PER_SECOND) + 1 }, (_, i) => i * 300 * US_PER_SECOND),
    );
    for (const sample of timeseries) {
      const { timeUs: at } = sample;
      const inside = tasks.filter(({ placedUs, finishedUs }) => isFrom(placedUs, finishedUs, at));
      const pending = tasks.filter(({ submittedUs, placedUs, finishedUs }) =>
        isFrom(submittedUs, placedUs ?? finishedUs, at),
      );
      const onReady = inside.filter(({ host }) => isFrom(hostOf.get(host)!.readyUs, null, at));
      const up = hosts.filter(
        (host) => host.launchType !== 'fargate' && isFrom(host.runningUs, host.terminatedUs, at),
      );
      expect(sample).toMatchObject({
        pending: pending.length,
        running: inside.filter(({ kind }) => kind !== 'daemon').length,
        hosts: up.length,
        cpuRequestedMilli: onReady.reduce((sum, task) => sum + task.cpuMilli, 0),
        memoryRequestedBytes: onReady.reduce((sum, task) => sum + task.memoryBytes, 0),
      });
    }
  });

  it('gives each host the share of its CPU that its tasks held, where all of it may be handed out', () => {
    // ECS hands out the CPU of the whole machine.
    for (const host of hosts) {
      if (_name.startsWith('eks') || host.readyUs === null) continue;
      const stopUs = host.terminatedUs ?? END_US;
      const held = tasks
        .filter((task) => task.host === host.host)
        .map(
          (task) =>
            task.cpuMilli *
            Math.max(0, (task.finishedUs ?? stopUs) - Math.max(host.readyUs!, task.placedUs!)),
        );
      const expected =
        held.reduce((sum, x) => sum + x, 0) / (host.cpuMilli * (stopUs - host.readyUs));
      expect(host.cpuUtilization).toBeCloseTo(expected, 9);
    }
  });
});
