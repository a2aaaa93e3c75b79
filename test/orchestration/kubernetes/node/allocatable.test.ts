import { describe, expect, it } from 'vitest';
import { GIB, MIB, TICKS_PER_MILLI } from '../../../../src/base/units.ts';
import {
  eksNodeAllocatable,
  nodeAllocatable,
  ownNodeAllocatable,
} from '../../../../src/orchestration/kubernetes/node/allocatable.ts';
import { eksCapacity, kubeReservedMemoryMib } from '../../../../src/cloud/allocatable.ts';
import { findInstanceType, instanceTypes } from '../../../../src/cloud/catalogue.ts';
import { runText } from '../../../support/run-scenario.ts';

const NODE = { cpu: 4_000, memory: 16 * GIB, 'ephemeral-storage': 100 * GIB };

describe('what a node hands out (kubernetes.md 2.1)', () => {
  it('is its capacity less what is reserved and less the hard eviction thresholds', () => {
    const out = nodeAllocatable(NODE, {
      kubeReserved: { cpu: 100, memory: GIB, 'ephemeral-storage': GIB },
      systemReserved: { cpu: 50, memory: 512 * MIB },
      evictionHard: {
        'memory.available': { amount: 100 * MIB },
        'nodefs.available': { share: 0.1 },
      },
    });
    expect(out).toEqual({
      cpu: 3_850, // 4000 - 100 - 50
      memory: (16_384 - 1_024 - 512 - 100) * MIB,
      // 0.1 in single precision is 0.100000001490116: 107,374,182,400 x that = 10,737,418,400.0
      'ephemeral-storage': 99 * GIB - 10_737_418_400,
      pods: 110,
    });
  });

  it('is never below nothing', () => {
    expect(nodeAllocatable(NODE, { systemReserved: { memory: 17 * GIB } })['memory']).toBe(0);
  });

  it('takes huge pages out of memory', () => {
    const out = nodeAllocatable({ ...NODE, 'hugepages-2Mi': 2 * GIB }, {});
    expect(out['memory']).toBe(14 * GIB);
    expect(out['hugepages-2Mi']).toBe(2 * GIB);
  });

  it('pitfall 8.12: only hard thresholds of memory and nodefs count; cpu and others have none (2.1)', () => {
    const evictionHard = { 'memory.available': { share: 0.05 } };
    const out = nodeAllocatable({ ...NODE, 'example.com/gpu': 4 }, { evictionHard });
    // fround(0.05) = 0.05000000074505806; 17,179,869,184 x that = 858,993,472.0
    expect(out['memory']).toBe(16 * GIB - 858_993_472);
    expect([out['cpu'], out['ephemeral-storage'], out['example.com/gpu']]).toEqual([
      4_000,
      100 * GIB,
      4,
    ]);
  });

  it('takes the fewer of maxPods and podsPerCore x cores', () => {
    const pods = (kubelet: Parameters<typeof nodeAllocatable>[1]) =>
      nodeAllocatable(NODE, kubelet)['pods'];
    expect(pods({})).toBe(110);
    expect(pods({ podsPerCore: 10 })).toBe(40);
    expect(pods({ podsPerCore: 10, maxPods: 30 })).toBe(30);
    expect(pods({ podsPerCore: 0, maxPods: 250 })).toBe(250);
  });
});

describe('what an EKS node gives to pods (kubernetes.md 2.2)', () => {
  it('equals the published figures for all 1,363 types', () => {
    for (const type of instanceTypes()) {
      expect({ name: type.name, ...eksNodeAllocatable(type) }).toEqual({
        name: type.name,
        ...type.eksAllocatable,
      });
    }
  });

  it('is 6903 MiB, 1930 m and 29 pods on an m5.large', () => {
    // capacity 8192 - 615 = 7577; reserved 11 * 29 + 255 = 574; eviction 100; 7577 - 574 - 100 = 6903
    const m5 = findInstanceType('m5.large')!;
    expect(eksCapacity(m5).memoryBytes).toBe(7577 * MIB);
    expect(eksNodeAllocatable(m5)).toEqual({
      cpuTicks: 1930 * TICKS_PER_MILLI,
      memoryBytes: 6903 * MIB,
      pods: 29,
    });
  });

  it('pitfall 8.12: the memory kept back depends on the number of pods: worked values (6)', () => {
    const worked = [
      ['t3.medium', 17, 442],
      ['m5.large', 29, 574],
      ['m5.xlarge', 58, 893],
      ['m5.4xlarge', 234, 2829],
      ['m5.24xlarge', 737, 8362],
    ] as const;
    for (const [name, pods, mib] of worked) {
      const type = findInstanceType(name)!;
      expect([eksCapacity(type).pods, kubeReservedMemoryMib(pods)]).toEqual([pods, mib]);
    }
  });

  it('has the pods of 2.2 for other types', () => {
    const pods = (name: string) => eksNodeAllocatable(findInstanceType(name)!).pods;
    expect(['t3.nano', 'm7g.medium', 'c5.large'].map(pods)).toEqual([4, 8, 29]);
  });

  it('keeps its reserve when the kubelet is told another maxPods (quirk of 2.2)', () => {
    const m5 = findInstanceType('m5.large')!;
    expect(eksNodeAllocatable(m5, { maxPods: 110 })).toEqual({
      ...eksNodeAllocatable(m5),
      pods: 110,
    });
  });
});

describe('a host that one owns', () => {
  it('hands out all that was stated unless its pool keeps something back', () => {
    expect(ownNodeAllocatable(128_000, GIB)).toEqual({
      cpuTicks: 128_000,
      memoryBytes: GIB,
      pods: 110,
    });
  });

  it('is told by the key `kubelet` of its pool, pods and all', () => {
    const { tasks, summary } = runText(`
name: few-pods
seed: 1
duration: 10m
workload: [{ service: { name: web, cpu: 100m, memory: 128MiB, replicas: 5 } }]
variants:
  it:
    orchestrator: kubernetes
    pools:
      own:
        external: { hosts: 1, cpu: 2, memory: 4GiB, costPerHour: 0.1 }
        kubelet: { maxPods: 3, systemReserved: { cpu: 500m } }
`);
    expect(tasks.filter(({ placedUs }) => placedUs !== null)).toHaveLength(3);
    expect(summary.tasksPending).toBe(2);
  });
});
