/**
 * What is left for tasks on an EC2 instance, after the operating system and the orchestrator took their part.
 *
 * EKS (AL2 and AL2023 images; reproduces the published figures of all 1,363 types)
 *     s                 = memory in MiB, less 64 on arm64
 *     memory capacity   = s - ceil(7.5 % of s)                         Karpenter's VM_MEMORY_OVERHEAD_PERCENT
 *     pods              = ENIs of the default card x (IPv4 per ENI - 1) + 2
 *     kube-reserved     = 11 x pods + 255 MiB; CPU 6 % of core 1, 1 % of core 2, 0.5 % of cores 3-4, 0.25 % of the rest
 *     memory            = capacity - kube-reserved - 100 MiB (hard eviction): orchestration/kubernetes/node/allocatable.ts
 *
 * ECS (agent registration)
 *     CPU               = vCPU x 1024 units, nothing held back
 *     memory            = floor(factor x nominal MiB) - ECS_RESERVED_MEMORY;  factor 0.975, an assumption: the agent
 *                         registers what the operating system calls MemTotal
 *
 * Rounding  each CPU tier is cut to whole milli-cores.
 * Source    aws.md 1.15, 3.4.
 */

import { MIB } from '../base/units.ts';
import type { AssumedParameters } from './assumptions.ts';
import type { Allocatable, InstanceType } from './instance-type.ts';

const ARM_FIRMWARE_MIB = 64;

/** Pod addresses of a node without prefix delegation; `reservedEnis` are kept from pods (Karpenter's RESERVED_ENIS). */
export function podsFromEnis(type: InstanceType, reservedEnis = 0): number {
  return Math.max(0, type.enisDefaultCard - reservedEnis) * (type.ipv4PerEni - 1) + 2;
}

/** What Karpenter takes as a node's capacity before it has seen one. */
export function eksCapacity(type: InstanceType, reservedEnis = 0): Allocatable {
  const mib = type.memoryMib - (type.arch === 'arm64' ? ARM_FIRMWARE_MIB : 0);
  return {
    cpuTicks: type.cpuTicks,
    memoryBytes: (mib - Math.ceil((mib * 75) / 1000)) * MIB,
    pods: podsFromEnis(type, reservedEnis),
  };
}

/** What nodeadm keeps back for the kubelet and the runtime, from the number of pods that it worked out. */
export function kubeReservedMemoryMib(pods: number): number {
  return 11 * pods + 255;
}

/** 1 core -> 60, 2 -> 70, 4 -> 80, 8 -> 90, 96 -> 310. */
export function kubeReservedCpuMilli(cores: number): number {
  const second = cores >= 2 ? 10 : 0;
  const thirdAndFourth = Math.min(Math.max(cores - 2, 0), 2) * 5;
  const rest = Math.floor((Math.max(cores - 4, 0) * 5) / 2);
  return 60 + second + thirdAndFourth + rest;
}

/** CPU and memory that an ECS container instance registers. */
export function ecsRegistered(
  type: InstanceType,
  reservedMemoryBytes: number,
  parameters: AssumedParameters,
): { readonly cpuTicks: number; readonly memoryBytes: number } {
  const seenMib = Math.floor(type.memoryMib * parameters.get('ecs.registered-memory-factor'));
  const memoryBytes = Math.max(0, seenMib * MIB - reservedMemoryBytes);
  return { cpuTicks: type.cpuTicks, memoryBytes };
}
