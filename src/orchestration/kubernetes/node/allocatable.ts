/**
 * What a node hands out of what it has (kubernetes.md 2.1):
 *
 *     allocatable[r] = max(0, capacity[r] - kubeReserved[r] - systemReserved[r] - hard eviction threshold[r])
 *     memory         further less every hugepages-* capacity
 *     pods           maxPods, or with podsPerCore > 0 min(maxPods, podsPerCore x cores)
 *
 * Eviction   only `memory.available` and `nodefs.available` count, only as hard thresholds; soft ones and imagefs give nothing
 *            back. A share is of the capacity, in single precision as the kubelet keeps it, cut to whole bytes.
 * EKS        kube-reserved by the formula of 2.2 (cloud/allocatable.ts), 100 MiB and 10 % of the disk as thresholds.
 *            Overriding maxPods changes the pods alone: the reserve keeps to the number that nodeadm worked out.
 * Units      cpu in milli-cores, everything else in bytes or pieces.
 */

import { GIB, MIB, TICKS_PER_MILLI } from '../../../base/units.ts';
import {
  eksCapacity,
  kubeReservedCpuMilli,
  kubeReservedMemoryMib,
} from '../../../cloud/allocatable.ts';
import type { Allocatable, InstanceType } from '../../../cloud/instance-type.ts';
import type { Amounts } from '../../../cluster/pod-template.ts';
import type { EvictionThreshold, KubeletSettings } from '../../../cluster/kubelet-settings.ts';

/** Upstream's default. */
const MAX_PODS = 110;

const MILLI_PER_CORE = 1_000;

const SIGNAL_OF = { memory: 'memory.available', 'ephemeral-storage': 'nodefs.available' } as const;

/** Of every resource in `capacity`, and of pods. */
export function nodeAllocatable(capacity: Amounts, kubelet: KubeletSettings): Amounts {
  const { kubeReserved = {}, systemReserved = {}, evictionHard = {} } = kubelet;
  const out: Record<string, number> = {};
  for (const [resource, amount] of Object.entries(capacity)) {
    const signal = SIGNAL_OF[resource as keyof typeof SIGNAL_OF];
    const threshold = signal === undefined ? undefined : evictionHard[signal];
    const reserved = (kubeReserved[resource] ?? 0) + (systemReserved[resource] ?? 0);
    out[resource] = Math.max(0, amount - reserved - thresholdAmount(threshold, amount));
  }
  for (const [resource, amount] of Object.entries(capacity)) {
    if (!resource.startsWith('hugepages-') || out['memory'] === undefined) continue;
    out['memory'] = Math.max(0, out['memory'] - amount);
  }
  out['pods'] = podCapacity((capacity['cpu'] ?? 0) / MILLI_PER_CORE, kubelet);
  return out;
}

/** Of an EKS node (kubernetes.md 2.2), with what its pool says otherwise. */
export function eksNodeAllocatable(type: InstanceType, stated: KubeletSettings = {}): Allocatable {
  const capacity = eksCapacity(type);
  const kubelet: KubeletSettings = {
    maxPods: capacity.pods,
    ...stated,
    kubeReserved: {
      cpu: kubeReservedCpuMilli(type.vcpu),
      memory: kubeReservedMemoryMib(capacity.pods) * MIB,
      'ephemeral-storage': GIB,
      ...stated.kubeReserved,
    },
    evictionHard: {
      'memory.available': { amount: 100 * MIB },
      'nodefs.available': { share: 0.1 },
      ...stated.evictionHard,
    },
  };
  return inTicks(capacity.cpuTicks, capacity.memoryBytes, kubelet);
}

/** Of a host that one owns: all that is stated, less what its pool keeps back. */
export function ownNodeAllocatable(
  cpuTicks: number,
  memoryBytes: number,
  stated: KubeletSettings = {},
): Allocatable {
  return inTicks(cpuTicks, memoryBytes, stated);
}

function inTicks(cpuTicks: number, memoryBytes: number, kubelet: KubeletSettings): Allocatable {
  const capacity = { cpu: cpuTicks / TICKS_PER_MILLI, memory: memoryBytes };
  const { cpu, memory, pods } = nodeAllocatable(capacity, kubelet);
  return { cpuTicks: cpu! * TICKS_PER_MILLI, memoryBytes: memory!, pods: pods! };
}

function podCapacity(cores: number, { maxPods = MAX_PODS, podsPerCore = 0 }: KubeletSettings) {
  return podsPerCore > 0 ? Math.min(maxPods, Math.floor(podsPerCore * cores)) : maxPods;
}

/** Also the amount below which the kubelet evicts. */
export function thresholdAmount(
  threshold: EvictionThreshold | undefined,
  capacity: number,
): number {
  if (threshold === undefined) return 0;
  if ('amount' in threshold) return threshold.amount;
  return Math.trunc(capacity * Math.fround(threshold.share));
}
