/** Pods of DaemonSets in a run: the scheduler binds them to their node (kubernetes.md 3.4). */

import { describe, expect, it } from 'vitest';
import { ROUND, START_S, seconds } from './round-latencies.ts';
import { runText } from '../support/run-scenario.ts';

function run(daemon: string, more = '', keys = '') {
  return runText(
    `
name: daemon-pods
seed: 1
duration: 10m
sampling: 1m
${ROUND}
${keys}
workload: [{ daemon: { name: agent, cpu: 500m, memory: 128MiB ${daemon} } } ${more}]
variants:
  it:
    orchestrator: kubernetes
    pools: { own: { external: { hosts: 3, cpu: 2, memory: 2GiB, costPerHour: 1 } } }
`,
    true,
  );
}
const filling =
  ', { jobs: { name: work, cpu: 2, memory: 128MiB, arrivals: { at: [0s, 0s, 0s] }, duration: 2m } }';

describe('the pods of a DaemonSet', () => {
  it('go through the queue of the scheduler one after the other, each to its node', () => {
    const { tasks, decisions } = run('');
    expect(tasks.map(({ host }) => host)).toEqual(['own-0', 'own-1', 'own-2']);
    // 0.5 s of thinking each, 0.25 s of binding.
    const startedS = tasks.map(({ startedUs }) => seconds(startedUs));
    expect(startedS).toEqual([0.5, 1, 1.5].map((decided) => decided + 0.25 + START_S));
    const placed = decisions.filter(({ decision }) => decision === 'place');
    expect(placed.map(({ actor }) => actor)).toEqual(Array(3).fill('kube-scheduler'));
  });

  it('wait for room on their own node where their priority moves nobody', () => {
    const { tasks } = run(', priority: -1', filling);
    const agents = tasks.filter(({ workload }) => workload === 'agent');
    expect(agents).toHaveLength(3);
    for (const agent of agents) {
      expect(agent.state).toBe('running');
      const job = tasks.find(({ workload, host }) => workload === 'work' && host === agent.host)!;
      expect(agent.placedUs).toBeGreaterThanOrEqual(job.finishedUs!);
    }
  });

  it('come before all others at first: they are system-node-critical unless stated', () => {
    const { tasks } = run('', filling);
    const agents = tasks.filter(({ workload }) => workload === 'agent');
    expect(agents.every(({ state }) => state === 'running')).toBe(true);
    // The jobs of 2 cores find no node with more than 1.5.
    expect(tasks.filter(({ state }) => state === 'pending')).toHaveLength(3);
  });

  it('preempt pods of lower priority on their node when they ask for more than is left (1.10)', () => {
    const { tasks, decisions } = run(
      '',
      ', { jobs: { name: work, cpu: 1500m, memory: 128MiB, arrivals: { at: [5s, 5s, 5s] }, duration: 8m } }',
      'rollouts: [{ at: 2m, workload: agent, cpu: 1 }]',
    );
    const agents = tasks.filter(
      ({ workload, state }) => workload === 'agent' && state === 'running',
    );
    expect(agents.map(({ cpuMilli }) => cpuMilli)).toEqual([1_000, 1_000, 1_000]);
    expect(decisions.filter(({ decision }) => decision === 'preempt')).toHaveLength(3);
  });
});
