import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { NO_INPUTS, experimentOf, runText } from '../../support/run-scenario.ts';
import { demand } from './policy-bench.ts';
import { traceKey } from '../../../src/scenario/inputs.ts';
import { workloadMix } from '../../../src/scenario/assembly/workload-mix.ts';
import type { World } from '../../../src/scenario/assembly/world.ts';

const WORKLOAD = `
workload:
  - trace: { name: pods, format: openb, file: pods.csv }
  - jobs: { name: drawn, cpu: 1, memory: 1GiB, arrivals: { poisson: 1/min }, duration: { exponential: { mean: 5m } } }
`;

const CLUSTER = `
name: mix
seed: 1
duration: 1h
variants:
  fgd:
    orchestrator: kubernetes
    distribution: self-managed
    placement: fgd
    pools: { racks: { external: { hosts: 2, cpu: 8, memory: 32GiB, gpus: 2, costPerHour: 0 } } }
`;

/** What `workloadMix` needs of a world: the scenario, a trace of four tasks, and a service of three replicas. */
function worldOfTrace(): World {
  const variant = experimentOf(CLUSTER + WORKLOAD).variants[0]!;
  const entry = variant.scenario.workload.find((one) => one.kind === 'trace')!;
  const trace = {
    specs: [demand(1, 1, 1, 500), demand(2, 1, 2)],
    specOf: Int32Array.of(0, 1, 0, 0),
    submittedUs: new Float64Array(4),
    durationUs: new Float64Array(4),
    names: [],
  };
  const cluster = new Cluster(['a'], ['main'], ['kubernetes']);
  const web = cluster.workloads.add('web', 'service', 0, cluster.specs.rowOf(demand(3, 1)));
  cluster.workloads.desired[web] = 3;
  const inputs = { ...NO_INPUTS, traces: { [traceKey(entry)]: trace } };
  return { variant, inputs, cluster, notes: [] as string[] } as unknown as World;
}

describe('the mix of a workload', () => {
  it('counts the tasks of traces and the first replicas of services', () => {
    const mix = workloadMix(worldOfTrace());
    expect(mix.map(({ spec, count }) => [spec.cpuTicks / 128_000, spec.gpuCount, count])).toEqual([
      [1, 1, 3],
      [2, 2, 1],
      [3, 0, 3],
    ]);
  });

  it('says which jobs it cannot count, once', () => {
    const world = worldOfTrace();
    workloadMix(world);
    workloadMix(world);
    expect(world.notes).toEqual([
      'drawn: sizes are drawn, so a policy that counts the workload does not see them',
    ]);
  });

  it('a scenario names such a policy as any other', () => {
    const service = `
workload:
  - service: { name: half, cpu: 1, memory: 1GiB, gpu: 0.5, replicas: 3 }
`;
    const { summary } = runText(CLUSTER + service);
    expect(summary.tasksRunning).toBe(3);
  });
});
