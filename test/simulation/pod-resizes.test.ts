/** Resizes of pods in place: what their nodes do with them (simulation/pod-resizes.ts). */

import { describe, expect, it } from 'vitest';
import { runText } from '../support/run-scenario.ts';

/** One node of 4 cores; a replica that uses 180 % of the core it asks for, and a job that has the rest for a while. */
function scenario({ jobCpu = 2, jobFor = '2m', mode = 'in-place-or-recreate', rest = '' }): string {
  return `
name: resized
seed: 5
duration: 20m
workload:
  - service:
      name: api
      cpu: 1
      memory: 1GiB
      usage: 180%
      replicas: { min: 1, max: 1 }
      verticalScaling: { minReplicas: 1, mode: ${mode}${rest} }
  - jobs: { name: batch, cpu: ${jobCpu}, usage: 10%, memory: 1GiB, arrivals: { at: [0s] }, duration: ${jobFor}, limit: 1 }
variants:
  eks:
    orchestrator: kubernetes
    pools: { own: { external: { hosts: 1, cpu: 4, memory: 16GiB, costPerHour: 0 } } }
`;
}

function run(options: Parameters<typeof scenario>[0]) {
  const { tasks, decisions } = runText(scenario(options), true);
  return {
    replicas: tasks.filter(({ workload }) => workload === 'api'),
    resizedS: decisions
      .filter(({ actor, decision }) => actor === 'kubelet' && decision === 'resize')
      .map(({ timeUs }) => timeUs / 1e6),
  };
}

describe('a pod that is resized in place', () => {
  it('stays where it is, and asks for more', () => {
    const { replicas, resizedS } = run({});
    expect(replicas).toHaveLength(1);
    expect(replicas[0]!.attempts).toBe(1);
    expect(replicas[0]!.cpuMilli).toBeGreaterThan(1800);
    expect(resizedS.length).toBeGreaterThan(0);
  });

  it('waits until a pod leaves that has the room, and is not evicted before 5 min', () => {
    const { replicas, resizedS } = run({ jobCpu: 2.9, jobFor: '8m' });
    expect(replicas).toHaveLength(1);
    expect(resizedS[0]!).toBeGreaterThan(480);
    expect(resizedS[0]!).toBeLessThan(485);
  });

  it('is evicted when it has waited for more than 5 min', () => {
    const { replicas, resizedS } = run({ jobCpu: 2.9, jobFor: '19m' });
    expect(replicas.length).toBeGreaterThan(1);
    expect(resizedS).toEqual([]);
  });

  it('starts its containers again where its resize policy says so', () => {
    const { replicas } = run({ rest: ', restartOnResize: [cpu]' });
    expect(replicas).toHaveLength(1);
    expect(replicas[0]!.attempts).toBeGreaterThan(1);
  });

  it('leaves recreating as it was', () => {
    const { replicas, resizedS } = run({ mode: 'recreate' });
    expect(replicas.length).toBeGreaterThan(1);
    expect(resizedS).toEqual([]);
  });
});
