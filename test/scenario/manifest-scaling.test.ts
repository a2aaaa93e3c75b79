/** Manifests whose autoscalers move their replicas and their requests, run whole. */

import { describe, expect, it } from 'vitest';
import { runCell } from '../../src/experiment/run-cell.ts';
import { readKubernetesManifests } from '../../src/workload/manifests/kubernetes.ts';
import { manifestsKey } from '../../src/scenario/inputs.ts';
import { experimentOf } from '../support/run-scenario.ts';

const SCENARIO = `
name: scaled
seed: 1
duration: 30m
workload:
  - manifests: { path: web.yaml, usage: 90% }
variants:
  nodes:
    orchestrator: kubernetes
    distribution: self-managed
    pools: { own: { external: { hosts: 4, cpu: 16, memory: 64GiB, costPerHour: 0.1 } } }
`;

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: c, resources: { requests: { cpu: 1, memory: 1Gi } } }] }
---
`;

function run(scaler: string) {
  const { variants, seed } = experimentOf(SCENARIO);
  const entry = variants[0]!.scenario.workload[0]!;
  if (entry.kind !== 'manifests') throw new Error('no manifests');
  const options = { serviceUsageFraction: entry.usageFraction, jobDurationUs: entry.jobDurationUs };
  const found = readKubernetesManifests([{ file: 'web.yaml', text: WEB + scaler }], options);
  const inputs = {
    traces: {},
    hosts: {},
    nodePools: {},
    manifests: { [manifestsKey(entry)]: found },
  };
  const { tasks, notes } = runCell(variants[0]!, seed, inputs, {
    recordDecisions: false,
    policies: [],
  });
  return { running: tasks.filter(({ state }) => state === 'running').length, notes };
}

const scaler = (kind: string, apiVersion: string, spec: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: web }\nspec: { ${spec} }\n`;

describe('a Deployment of manifests that uses 90 % of its requests', () => {
  it('grows to the most replicas under a HorizontalPodAutoscaler that aims at 50 %', () => {
    const hpa =
      'scaleTargetRef: { kind: Deployment, name: web }, minReplicas: 1, maxReplicas: 5, metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 50 } } }]';
    expect(run(scaler('HorizontalPodAutoscaler', 'autoscaling/v2', hpa)).running).toBe(5);
  });

  it('grows by the cpu trigger of a ScaledObject; other triggers are told', () => {
    const keda =
      'scaleTargetRef: { name: web }, maxReplicaCount: 4, triggers: [{ type: cpu, metricType: Utilization, metadata: { value: "50" } }, { type: kafka, metadata: {} }]';
    const { running, notes } = run(scaler('ScaledObject', 'keda.sh/v1alpha1', keda));
    expect(running).toBe(4);
    expect(notes).toContain(
      'manifests/web: scaled without the trigger kafka, which nothing measures here',
    );
  });

  it('stays as it is without a metric that is measured', () => {
    const hpa =
      'scaleTargetRef: { kind: Deployment, name: web }, maxReplicas: 5, metrics: [{ type: External, external: { metric: { name: queue }, target: { type: Value, value: 3 } } }]';
    const { running, notes } = run(scaler('HorizontalPodAutoscaler', 'autoscaling/v2', hpa));
    expect(running).toBe(2);
    expect(notes).toContain(
      'manifests/web: scaled without the metric queue, which nothing measures here',
    );
  });

  it('is given other requests by a VerticalPodAutoscaler, within what that allows', () => {
    const vpa =
      'targetRef: { kind: Deployment, name: web }, updatePolicy: { updateMode: InPlaceOrRecreate }, resourcePolicy: { containerPolicies: [{ maxAllowed: { cpu: 1 } }] }';
    const { running, notes } = run(scaler('VerticalPodAutoscaler', 'autoscaling.k8s.io/v1', vpa));
    expect(running).toBe(2);
    expect(notes.filter((note) => note.includes('VerticalPodAutoscaler'))).toEqual([]);
  });
});
