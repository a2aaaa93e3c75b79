/** Scenarios whose kube-scheduler is set up by a KubeSchedulerConfiguration, run whole. */

import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/scenario/assemble.ts';
import { resultOf, runCell } from '../../src/experiment/run-cell.ts';
import { readKubernetesManifests } from '../../src/workload/manifests/kubernetes.ts';
import { readSchedulerConfiguration } from '../../src/workload/manifests/scheduler-configuration.ts';
import { manifestsKey } from '../../src/scenario/inputs.ts';
import { experimentOf } from '../support/run-scenario.ts';

const HEAD = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';

const SCENARIO = `
name: profiles
seed: 1
duration: 10m
workload:
  - manifests: pods.yaml
variants:
  three-nodes:
    orchestrator: kubernetes
    distribution: self-managed
    scheduler: { config: scheduler.yaml }
    pools: { own: { external: { hosts: 3, cpu: 8, memory: 32GiB, costPerHour: 0.1 } } }
`;

/** Pods of one core, all of one Deployment of that many, each by its scheduler. */
function deployment(name: string, replicas: number, more = ''): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      ${more}
      containers: [{ name: c, resources: { requests: { cpu: 1, memory: 1Gi } } }]
`;
}

/** How many pods each host got, the fullest first, and how many wait. */
function run(configuration: string, manifests: string): { hosts: number[]; pending: number } {
  const { variants, seed } = experimentOf(SCENARIO);
  const entry = variants[0]!.scenario.workload[0]!;
  if (entry.kind !== 'manifests') throw new Error('no manifests');
  const inputs = {
    traces: {},
    hosts: {},
    nodePools: {},
    manifests: {
      [manifestsKey(entry)]: readKubernetesManifests([{ file: 'pods.yaml', text: manifests }]),
    },
    schedulers: {
      'scheduler.yaml': readSchedulerConfiguration('scheduler.yaml', HEAD + configuration),
    },
  };
  const { tasks } = runCell(variants[0]!, seed, inputs, { recordDecisions: false, policies: [] });
  const counts = new Map<string, number>();
  for (const { host } of tasks) if (host !== '') counts.set(host, (counts.get(host) ?? 0) + 1);
  return {
    hosts: [...counts.values()].toSorted((a, b) => b - a),
    pending: tasks.filter(({ state }) => state === 'pending').length,
  };
}

const PACKER = `
profiles:
- schedulerName: packer
  plugins: { score: { disabled: [{ name: PodTopologySpread }, { name: NodeResourcesBalancedAllocation }] } }
  pluginConfig: [{ name: NodeResourcesFit, args: { scoringStrategy: { type: MostAllocated } } }]
- schedulerName: default-scheduler
`;

describe('pods of a configured scheduler', () => {
  it('spread under the default profile and pack under MostAllocated', () => {
    expect(run('', deployment('web', 6))).toEqual({ hosts: [2, 2, 2], pending: 0 });
    const packed = deployment('web', 6, 'schedulerName: packer');
    expect(run(PACKER, packed)).toEqual({ hosts: [6], pending: 0 });
  });

  it('choose their profile by schedulerName; without one of that name they wait', () => {
    expect(run(PACKER, deployment('web', 6))).toEqual({ hosts: [2, 2, 2], pending: 0 });
    const strange = deployment('web', 2, 'schedulerName: volcano');
    expect(run(PACKER, strange)).toEqual({ hosts: [], pending: 2 });
  });

  it('keep within the room of a node whatever filters are off', () => {
    const off = 'profiles: [{ plugins: { filter: { disabled: [{ name: NodeResourcesFit }] } } }]';
    // 3 nodes of 8 cores, which self-managed nodes hand out whole.
    expect(run(off, deployment('web', 30)).pending).toBe(30 - 24);
  });

  it('obey anti-affinity between pods only while its filter is on', () => {
    const apart = `affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: web } } }] } }`;
    expect(run('', deployment('web', 4, apart))).toEqual({ hosts: [1, 1, 1], pending: 1 });
    const off = 'profiles: [{ plugins: { filter: { disabled: [{ name: InterPodAffinity }] } } }]';
    expect(run(off, deployment('web', 4, apart)).pending).toBe(0);
  });
});

it('a run under a configured scheduler goes on the same after restores at any step', () => {
  const { variants } = experimentOf(`
name: restored
seed: 1
duration: 20m
workload:
  - service: { name: web, cpu: 1, memory: 2GiB, replicas: 5 }
  - jobs: { name: work, cpu: 2, memory: 1GiB, priority: 5, arrivals: { poisson: 3/min }, duration: 3m }
variants:
  three-nodes:
    orchestrator: kubernetes
    distribution: self-managed
    scheduler: { config: scheduler.yaml }
    pools: { own: { external: { hosts: 3, cpu: 8, memory: 32GiB, costPerHour: 0.1 } } }
`);
  const fits =
    'pluginConfig: [{ name: NodeResourcesFit, args: { scoringStrategy: { type: MostAllocated } } }]';
  const configuration = `${HEAD}profiles: [{ ${fits} }]`;
  const inputs = {
    traces: {},
    hosts: {},
    nodePools: {},
    manifests: {},
    schedulers: { 'scheduler.yaml': readSchedulerConfiguration('scheduler.yaml', configuration) },
  };
  const fresh = () => assemble(variants[0]!, 1, inputs, { recordDecisions: true, ownPolicies: [] });
  const whole = runCell(variants[0]!, 1, inputs, { recordDecisions: true, policies: [] });
  let assembly = fresh();
  assembly.simulation.begin();
  for (let step = 37; step < whole.stepCount; step += 37) {
    while (assembly.simulation.kernel.stepCount < step) assembly.simulation.step();
    const saved = structuredClone(assembly.simulation.save());
    assembly = fresh();
    assembly.simulation.restore(saved);
  }
  const again = resultOf(assembly, variants[0]!, 1, assembly.simulation.run());
  expect(again.summary).toEqual(whole.summary);
  expect(again.decisions).toEqual(whole.decisions);
});

it.each(['1.36', '1.35', '1.34'])(
  'a configuration that states nothing places every pod as the default profile of %s does',
  (version) => {
    const scenario = (scheduler: string) => `
name: twins
seed: 3
duration: 30m
workload:
  - service: { name: web, cpu: 700m, memory: 3GiB, replicas: 9 }
  - service: { name: api, cpu: 1500m, memory: 1GiB, replicas: 4, spread: [{ topologyKey: topology.kubernetes.io/zone, maxSkew: 1 }] }
  - jobs: { name: work, cpu: 2, memory: 1GiB, priority: 5, arrivals: { poisson: 6/min }, duration: 4m }
variants:
  nodes:
    orchestrator: kubernetes
    ${scheduler}
    pools: { own: { asg: { instanceTypes: [m6i.2xlarge], min: 7, max: 7 } } }
`;
    const resultWith = (scheduler: string) => {
      const { variants } = experimentOf(scenario(scheduler));
      const schedulers = { 's.yaml': readSchedulerConfiguration('s.yaml', HEAD) };
      const inputs = { traces: {}, hosts: {}, nodePools: {}, manifests: {}, schedulers };
      return runCell(variants[0]!, 3, inputs, { recordDecisions: false, policies: [] });
    };
    const told = resultWith(`scheduler: { config: s.yaml, version: '${version}' }`);
    const fast = resultWith(`placement: least-allocated-balanced[version=${version}]`);
    expect(told.summary.tasksCompleted).toBeGreaterThan(100);
    expect(told.summary.digest).toBe(fast.summary.digest);
  },
);
