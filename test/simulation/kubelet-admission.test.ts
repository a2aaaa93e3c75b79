/** Pods that a kubelet turns away (kubernetes.md 2.7). */

import { describe, expect, it } from 'vitest';
import { ROUND, START_S, seconds } from './round-latencies.ts';
import { runManifests } from '../support/run-manifests.ts';

/** A kubelet hears of a named pod after 0.25 s and its answer is known a second later. */
const ANSWER_S = 0.25 + 1;

function run(parts: { workload?: string; pod?: string; replicas?: number; labels?: string } = {}) {
  const { workload = '', pod = '', replicas = 1, labels = '' } = parts;
  const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: named }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: named } }
  template:
    metadata: { labels: { app: named } }
    spec:
      nodeName: own-0
      containers:
        - { name: it, ports: [{ hostPort: 80, containerPort: 80 }], resources: { requests: { cpu: ${1500 / replicas}m, memory: 128Mi } } }
      ${pod}
`;
  return runManifests(
    `
name: kubelet-admission
seed: 1
duration: 10m
sampling: 1m
${ROUND}
workload: [{ manifests: it.yaml } ${workload}]
variants:
  it:
    orchestrator: kubernetes
    pools: { own: { external: { hosts: 1, cpu: 2, memory: 2GiB, costPerHour: 1 } ${labels} } }
`,
    manifest,
  );
}

describe('a pod that names its node', () => {
  it('is run by the kubelet of that node, and no scheduler sees it', () => {
    const { tasks, decisions } = run();
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toMatchObject({ host: 'own-0', state: 'running' });
    expect(seconds(tasks[0]!.startedUs)).toBe(ANSWER_S + START_S);
    expect(decisions.filter(({ actor }) => actor === 'kube-scheduler')).toEqual([]);
  });

  it('has failed where the node has no room, and its controller makes another until there is some', () => {
    // The job takes 1 of 2 cores from 0.5 s to 0.75 + 2 + 60 s; 1.5 cores do not fit beside it.
    const { tasks, decisions } = run({
      workload:
        ', { jobs: { name: other, cpu: 1, memory: 128MiB, arrivals: { at: [0s] }, duration: 60s } }',
    });
    const named = tasks.filter(({ workload }) => workload.endsWith('named'));
    const rejected = named.filter(({ reason }) => reason === 'rejected');
    expect(rejected[0]).toMatchObject({ state: 'failed', host: 'own-0', startedUs: null });
    // One every 1.25 s until the job ends at 62.75 s: those of 1.25, 2.5 ... 61.25 and 62.5 s.
    expect(rejected).toHaveLength(Math.floor(62.75 / ANSWER_S));
    expect(named.at(-1)).toMatchObject({ state: 'running' });
    const answers = decisions.filter(({ actor, decision }) => {
      return actor === 'kubelet' && decision === 'refuse';
    });
    expect(new Set(answers.map(({ reason }) => reason))).toEqual(new Set(['insufficient-cpu']));
  });

  it('has failed where another pod of the node has its host port', () => {
    const { tasks, decisions } = run({ replicas: 2 });
    expect(tasks.filter(({ state }) => state === 'running')).toHaveLength(1);
    expect(decisions.some(({ reason }) => reason === 'port-taken')).toBe(true);
  });

  it('has failed where the node lacks the labels that it selects', () => {
    const { tasks, decisions } = run({ pod: 'nodeSelector: { disk: ssd }' });
    expect(tasks.length).toBeGreaterThan(100);
    expect(tasks.every(({ state }) => state !== 'running')).toBe(true);
    expect(decisions.some(({ reason }) => reason === 'selector')).toBe(true);
  });

  it('is taken whatever the taints of the node', () => {
    const { tasks } = run({ labels: ', taints: [{ key: own, effect: NoSchedule }]' });
    expect(tasks[0]).toMatchObject({ state: 'running' });
  });
});
