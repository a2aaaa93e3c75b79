/** What a plan asks of the hosts of a simulation. */

import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import { NO_ROW } from '../../cluster/hosts.ts';
import { eksCapacity } from '../../cloud/allocatable.ts';
import { findInstanceType } from '../../cloud/catalogue.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostPort } from '../../cluster/pod-template.ts';
import type { ScheduledPodsBook } from './scheduled-pods.ts';
import type { Taint } from '../../cluster/spec.ts';

/** Taints that go once a node is initialized, or whose controllers take them off (aws.md 1.16). */
const EPHEMERAL = new Set([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.cloudprovider.kubernetes.io/uninitialized',
  'karpenter.sh/unregistered',
]);

const READINESS = 'readiness.k8s.io/';

/** Rows of the daemon workloads of a cluster. */
export function daemonsOf({ workloads }: ClusterView, cluster: number): number[] {
  const daemon = WORKLOAD_KINDS.indexOf('daemon');
  const rows: number[] = [];
  for (let workload = 0; workload < workloads.count; workload++) {
    if (workloads.kind[workload] === daemon && workloads.cluster[workload] === cluster) {
      rows.push(workload);
    }
  }
  return rows;
}

/** CPU and memory of a host as limits count them (aws.md 1.10, 1.15). */
export function capacityOf(
  { hosts, hostTypes }: ClusterView,
  host: number,
): readonly [number, number] {
  const type = findInstanceType(hostTypes[host]!);
  const memory = type === undefined ? hosts.memoryCapacity[host]! : eksCapacity(type).memoryBytes;
  return [hosts.cpuCapacity[host]!, memory];
}

/** Is it a taint that a node keeps once it is initialized? */
export function mayStay({ key }: Taint): boolean {
  return !EPHEMERAL.has(key) && !key.startsWith(READINESS);
}

export function hostPortsOn(
  view: ClusterView,
  { templates }: ScheduledPodsBook,
  host: number,
): readonly HostPort[] {
  const { hosts, tasks, specs } = view;
  const ports: HostPort[] = [];
  for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
    const { hostPorts } = templates.at(specs.templateOf(tasks.spec[task]!));
    if (hostPorts.length > 0) ports.push(...hostPorts);
  }
  return ports;
}
