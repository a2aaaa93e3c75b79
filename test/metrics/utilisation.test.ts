import { expect, it } from 'vitest';
import { runText } from '../support/run-scenario.ts';

const TEXT = `
name: two-jobs
seed: 1
duration: 1h
warmup: 20s
sampling: 5s
workload:
  - jobs: { name: work, cpu: 2, memory: 1GiB, arrivals: { at: [0s, 10s] }, duration: 60s, usage: 50% }
variants: { own: { orchestrator: batch, pools: { racks: { external: { hosts: 2, cpu: 4, memory: 8GiB, costPerHour: 1 } } } } }
`;

it('utilisation is requested / allocatable over the window, host hours are over the whole run', () => {
  const { summary, hosts, ending } = runText(TEXT);
  // The first job runs from 0 to 60 s, the second from 10 to 70 s: then all is done. The window starts at 20 s.
  expect(ending).toBe('finished');
  expect(summary.cpuUtilization).toBe((2 * (60 - 20) + 2 * (70 - 20)) / (2 * 4 * (70 - 20)));
  expect(summary.memoryUtilization).toBe((1 * (60 - 20) + 1 * (70 - 20)) / (2 * 8 * (70 - 20)));
  // Jobs use half of their request.
  expect(summary.cpuUsed).toBe((1 * (60 - 20) + 1 * (70 - 20)) / (2 * 4 * (70 - 20)));
  expect(summary.hostHours).toBe((2 * 70) / 3_600);
  expect(summary.hostsPeak).toBe(2);
  expect(summary.hostsLaunched).toBe(0);
  // First fit: both on the first host.
  expect(hosts.map(({ cpuUtilization }) => cpuUtilization)).toEqual([
    (2 * 60 + 2 * 60) / (4 * 70),
    0,
  ]);
});

it('a run in which everything happens before the warm-up has no waits and no use, and says so by empty cells', () => {
  const { summary } = runText(TEXT.replace('warmup: 20s', 'warmup: 30m'));
  expect(summary.waitSecondsMean).toBeNull();
  expect(summary.cpuUtilization).toBeNull();
  expect(summary.tasksCompleted).toBe(2);
});
