/**
 * Pools: named sources of capacity. A pool is a map with exactly one source key (`asg`, `karpenter`, `fargate`,
 * `fargateSpot`, `external`) and some siblings that any pool may have.
 */

import { z } from 'zod';
import type { Taint } from '../cluster/spec.ts';
import { asg } from './schema-asg.ts';
import { karpenterPool } from './schema-karpenter.ts';
import { agent } from './schema-agent.ts';
import { fargate, fargateSpot } from './schema-fargate.ts';
import { kubelet } from './schema-kubelet.ts';
import { labels } from './schema-demand.ts';
import {
  bytes,
  count,
  cpu,
  duration,
  filePath,
  label,
  money,
  name,
  refuseChoice,
  share,
} from './schema-quantity.ts';

const managedScaling = z
  .strictObject({
    targetCapacity: z.int().min(1).max(100).prefault(100).describe('Per cent of hosts in use.'),
    minimumScalingStepSize: z.int().min(1).max(10_000).prefault(1).describe('Fewest hosts a step.'),
    maximumScalingStepSize: z
      .int()
      .min(1)
      .max(10_000)
      .prefault(10_000)
      .describe('Most hosts a step.'),
    warmup: duration.prefault('300s').describe('Time in which a new host does not count yet.'),
    terminationProtection: z
      .boolean()
      .prefault(true)
      .describe(
        'Managed termination protection: only hosts without tasks, daemons apart, are given up. Without it the termination policies decide, and hosts with tasks are drained.',
      ),
  })
  .transform(({ warmup, ...kept }) => ({ ...kept, warmupUs: warmup }));

const external = z
  .strictObject({
    hosts: z.exactOptional(z.int().min(1)).describe('Number of equal hosts.'),
    cpu: z.exactOptional(cpu).describe('CPU of a host.'),
    memory: z.exactOptional(bytes).describe('Memory of a host.'),
    gpus: z.exactOptional(count).describe('GPUs of a host; default 0.'),
    gpuModel: z.exactOptional(label).describe('Model of the GPUs.'),
    hostsFile: z
      .exactOptional(filePath)
      .describe('A list of hosts (path or data:NAME/FILE), instead of hosts, cpu and memory.'),
    share: z
      .exactOptional(share)
      .describe('Part of the listed hosts to take, evenly over the list; default all.'),
    costPerHour: money.describe('What one host costs an hour, in USD.'),
    zone: z.exactOptional(z.string()).describe('Zone of the hosts; default one called on-prem.'),
  })
  .transform((map, context) => {
    const { costPerHour, zone, hostsFile, share: part = 1, ...shape } = map;
    const common = { kind: 'external' as const, costPerHourNanoUsd: costPerHour, zone: zone ?? '' };
    if (hostsFile !== undefined) {
      for (const key of Object.keys(shape)) {
        const message = `\`hostsFile\` already says what the hosts are; leave out \`${key}\``;
        context.addIssue({ code: 'custom', message, path: [key], params: { at: 'key' } });
      }
      if (part === 0) {
        context.addIssue({ code: 'custom', message: 'expected a share above 0', path: ['share'] });
      }
      return { ...common, hosts: { kind: 'file' as const, file: hostsFile, share: part } };
    }
    if (map.share !== undefined) {
      const message = '`share` belongs to `hostsFile`';
      context.addIssue({ code: 'custom', message, path: ['share'], params: { at: 'key' } });
    }
    for (const key of ['hosts', 'cpu', 'memory'] as const) {
      if (shape[key] !== undefined) continue;
      const message = 'expected `hosts`, `cpu` and `memory`, or a `hostsFile`';
      context.addIssue({ code: 'custom', message: `${message}; \`${key}\` is missing` });
    }
    const { hosts = 0, cpu: cpuTicks = 0, memory = 0, gpus = 0, gpuModel = '' } = shape;
    const one = { cpuTicks, memoryBytes: memory, gpuCount: gpus, gpuModel };
    return { ...common, hosts: { kind: 'equal' as const, count: hosts, ...one } };
  });

const taint = z.strictObject({
  key: label.describe('Key of the taint.'),
  value: label.prefault('').describe('Value of the taint.'),
  effect: z
    .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
    .prefault('NoSchedule')
    .describe('What it does to tasks that do not tolerate it.'),
}) satisfies z.ZodType<Taint>;

const sources = {
  asg: z.exactOptional(asg).describe('EC2 behind an Auto Scaling group.'),
  karpenter: z.exactOptional(karpenterPool).describe('EC2 launched by Karpenter (Kubernetes).'),
  fargate: z.exactOptional(fargate).describe('Fargate, on demand: `fargate: {}`.'),
  fargateSpot: z.exactOptional(fargateSpot).describe('Fargate Spot (ECS only): `fargateSpot: {}`.'),
  external: z.exactOptional(external).describe('Own hosts, on-premises.'),
};
const BESIDE_GROUPS = ['managedScaling', 'managedDraining', 'agent', 'terminationHandler'] as const;
const SOURCE_KEYS = Object.keys(sources) as (keyof typeof sources)[];

export const pool = z
  .strictObject({
    ...sources,
    managedScaling: z
      .exactOptional(managedScaling)
      .describe('ECS managed scaling of the group, beside `asg`.'),
    managedDraining: z
      .exactOptional(z.boolean())
      .describe(
        'ECS only, beside `asg`: an instance is drained before it ends, and at a spot notice; default true. Without it the instance ends under its tasks.',
      ),
    terminationHandler: z
      .exactOptional(z.boolean())
      .describe(
        'Kubernetes only, beside `asg`: a node termination handler evicts all pods from a node at its spot notice; default false: they run until EC2 takes it. Karpenter does so by itself.',
      ),
    agent: z
      .exactOptional(agent)
      .describe('ECS only, beside `asg`: network and agent of the container instances.'),
    kubelet: z
      .exactOptional(kubelet)
      .describe('Kubernetes only: what the kubelets of the pool are told; not for Fargate.'),
    rootVolume: z
      .exactOptional(bytes)
      .describe(
        'Size of the root disk of each EC2 host, gp3; default 20 GiB on Kubernetes, 30 GiB elsewhere.',
      ),
    labels: labels.prefault({}).describe('Labels of the hosts.'),
    taints: z.array(taint).prefault([]).describe('Taints of the hosts.'),
    workloads: z
      .exactOptional(z.array(name).min(1))
      .describe('Only these workloads use the pool (a Fargate profile, on Kubernetes).'),
  })
  .transform((map, context) => {
    const written = SOURCE_KEYS.filter((key) => map[key] !== undefined);
    if (written.length !== 1) {
      const choice = `one source of capacity (${SOURCE_KEYS.join(', ')})`;
      return refuseChoice(context, choice, written);
    }
    for (const key of BESIDE_GROUPS) {
      if (map[key] === undefined || map.asg !== undefined) continue;
      const message = `\`${key}\` belongs beside \`asg\``;
      context.addIssue({ code: 'custom', message, path: [key], params: { at: 'key' } });
    }
    if (map.rootVolume !== undefined && map.asg === undefined && map.karpenter === undefined) {
      const message = '`rootVolume` belongs beside `asg` or `karpenter`';
      context.addIssue({ code: 'custom', message, path: ['rootVolume'], params: { at: 'key' } });
    }
    const { labels: hostLabels, taints, workloads, rootVolume } = map;
    /** `workloads` undefined: open to every workload. */
    const common = { labels: hostLabels, taints, workloads, kubelet: map.kubelet, rootVolume };
    const { managedScaling: scaled, managedDraining, agent: told, terminationHandler } = map;
    if (map.asg !== undefined) {
      return {
        ...common,
        ...map.asg,
        managedScaling: scaled,
        managedDraining,
        agent: told,
        terminationHandler,
      };
    }
    if (map.karpenter !== undefined) return { ...common, ...map.karpenter };
    if (map.external !== undefined) return { ...common, ...map.external };
    return { ...common, ...(map.fargate ?? map.fargateSpot!) };
  })
  .meta({ id: 'pool' });

export type PoolSource = z.output<typeof pool>;
/** A pool with its name, in the order of the file. */
export type Pool = PoolSource & { readonly name: string };
export type AsgPool = Extract<Pool, { kind: 'asg' }>;
export type KarpenterPool = Extract<Pool, { kind: 'karpenter' }>;
export type ExternalPool = Extract<Pool, { kind: 'external' }>;
