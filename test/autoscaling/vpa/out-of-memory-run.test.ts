import { describe, expect, it } from 'vitest';
import { runText } from '../../support/run-scenario.ts';

/** Two replicas that ask for 512 MiB and may have no more; 20 min after their start they need 768 MiB. */
function scenario(resizing: string): string {
  return `
name: growing
seed: 3
duration: 6h
workload:
  - service:
      name: api
      cpu: 500m
      memory: 512MiB
      replicas: { min: 2, max: 2 }
      memoryUsage: [{ at: 0s, share: 60% }, { at: 20m, share: 150% }]
      memoryLimit: 512MiB
      ${resizing}
variants:
  eks:
    orchestrator: kubernetes
    pools: { own: { external: { hosts: 2, cpu: 8, memory: 32GiB, costPerHour: 0 } } }
`;
}

/** Runs of each replica, in the order in which they came, and what the last one asks for. */
function run(resizing: string): { runs: number[]; memoryMib: number } {
  const { tasks } = runText(scenario(resizing));
  return {
    runs: tasks.map(({ attempts }) => attempts),
    memoryMib: Math.round(tasks.at(-1)!.memoryBytes / 2 ** 20),
  };
}

describe('a vertical autoscaler that hears of kills for want of memory (kubernetes.md 4.2)', () => {
  it('is missed: without one both replicas are killed every 20 min and some', () => {
    const { runs, memoryMib } = run('');
    expect(runs).toHaveLength(2);
    for (const count of runs) expect(count).toBeGreaterThan(14);
    expect(memoryMib).toBe(512);
  });

  it('raises requests and limits until the replicas live', () => {
    const { runs, memoryMib } = run('verticalScaling: { minReplicas: 1 }');
    // 1.2 x 512 MiB x 1.15 is not enough yet, 1.2 and 1.15 times that is.
    expect(runs.length).toBeGreaterThan(2);
    expect(runs.reduce((sum, count) => sum + count, 0)).toBeLessThan(14);
    expect(runs.slice(-2)).toEqual([1, 1]);
    expect(memoryMib).toBeGreaterThan(768);
  });

  it('raises them in place: the same two replicas, restarted after a kill and never again', () => {
    const { runs, memoryMib } = run(
      'verticalScaling: { minReplicas: 1, mode: in-place-or-recreate }',
    );
    expect(runs).toHaveLength(2);
    // 512 MiB, and what two or three recommendations made of it: a kill for each.
    for (const count of runs) expect(count).toBeLessThan(6);
    expect(memoryMib).toBeGreaterThan(768);
  });

  it('helps nobody where it leaves the limits alone', () => {
    const { runs } = run('verticalScaling: { minReplicas: 1, controlledValues: requests-only }');
    expect(runs.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(28);
  });
});
