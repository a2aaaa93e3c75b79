/** Every autoscaler of Kubernetes in one run: they work together, and a run that is stopped goes on alike. */

import { describe, expect, it } from 'vitest';
import { NO_INPUTS, experimentOf, runVariant } from '../support/run-scenario.ts';
import { Streams } from '../../src/random/streams.ts';
import { assemble } from '../../src/scenario/assemble.ts';
import { resultOf } from '../../src/experiment/run-cell.ts';
import type { Assembly } from '../../src/scenario/assemble.ts';

const SEED = 42;
const RESTORES = 20;

const TEXT = `
name: scaled
seed: 42
duration: 3h
sampling: 5m
workload:
  - service:
      name: web
      cpu: 500m
      memory: 1GiB
      replicas: { min: 0, max: 20, initial: 0 }
      traffic: { profile: steps, steps: [{ at: 0s, rate: 0/s }, { at: 20m, rate: 200/s }, { at: 1h, rate: 60/s }, { at: 2h, rate: 0/s }] }
      cpuPerRequest: 10ms
      scaling: { metrics: [{ requestsPerReplica: 30/s }, { cpu: 60% }], behavior: { scaleUp: { policies: [{ pods: 2, every: 1m }] }, scaleDown: { window: 2m } }, keda: {} }
      startup: 5s
  - service: { name: fat, cpu: 200m, memory: 1GiB, replicas: 6, usage: 150%, memoryUsage: 60%, verticalScaling: { maxAllowed: { cpu: 1 } }, startup: 5s }
  - service:
      name: apart
      cpu: 100m
      memory: 256MiB
      replicas: 4
      spread: [{ topologyKey: kubernetes.io/hostname, maxSkew: 1, whenUnsatisfiable: DoNotSchedule }]
  - daemon: { name: agent, cpu: 100m, memory: 128MiB }
variants:
  eks-ca:
    orchestrator: kubernetes
    clusterAutoscaler: { expander: [priority, least-waste], priorities: [{ priority: 10, pools: [small] }, { priority: 1, pools: ['.*'] }], balanceSimilarNodeGroups: true }
    pools: { small: { asg: { instanceTypes: [m6i.large], min: 1, max: 3 } }, large: { asg: { instanceTypes: [m6i.xlarge], min: 0, max: 10 } } }
`;

const variant = experimentOf(TEXT).variants[0]!;

function fresh(): Assembly {
  return assemble(variant, SEED, NO_INPUTS, { recordDecisions: true, ownPolicies: [] });
}

describe('all autoscalers together', () => {
  const whole = runVariant(variant, SEED, true);
  const of = (actor: string, decision: string): string[] =>
    whole.decisions.flatMap((row) =>
      row.actor === actor && row.decision === decision ? [`${row.subject} ${row.reason}`] : [],
    );

  it('KEDA starts the service when requests come and stops it when they are gone', () => {
    expect(of('keda', 'scale-out')).toEqual(['web 0 -> 1']);
    expect(of('keda', 'scale-in')).toEqual(['web 1 -> 0']);
  });

  it('the HorizontalPodAutoscaler adds two replicas a minute at most', () => {
    // 200 requests/s by 30 are 7
    expect(of('hpa', 'scale-out')).toEqual(['web 1 -> 3', 'web 3 -> 5', 'web 5 -> 7']);
  });

  it('the VerticalPodAutoscaler lets pods that use 300 m ask for 350 m', () => {
    // 300 m: bucket 18, its edge 305 m; 305 + 45
    expect(of('vpa', 'resize')[0]).toMatch(/^fat 350m /u);
    expect(of('vpa', 'evict').length).toBeGreaterThanOrEqual(6);
  });

  it('the Cluster Autoscaler grows the group of the highest priority first and gives up what it does not need', () => {
    expect(of('cluster-autoscaler', 'scale-out')[0]).toMatch(/^small 1 -> /u);
    expect(of('cluster-autoscaler', 'scale-in').length).toBeGreaterThan(0);
  });

  it(`gives the same tables after ${RESTORES} saves and restores at random steps`, () => {
    const stream = new Streams('scaled').open('restores');
    const steps = Array.from({ length: RESTORES }, () =>
      Math.floor(stream.next() * whole.stepCount),
    ).sort((a, b) => a - b);
    let assembly = fresh();
    assembly.simulation.begin();
    for (const step of steps) {
      while (assembly.simulation.kernel.stepCount < step) assembly.simulation.step();
      // structuredClone refuses functions and strips classes: what passes is flat data.
      const saved = structuredClone(assembly.simulation.save());
      assembly = fresh();
      assembly.simulation.restore(saved);
    }
    const again = resultOf(assembly, variant, SEED, assembly.simulation.run());
    expect(again.decisions).toEqual(whole.decisions);
    expect(again.summary).toEqual(whole.summary);
  });
});
