/**
 * Why a kubelet would not run a pod that was bound to its node (kubernetes.md 2.7): it asks once more for room, for the node's name
 * and labels, and for host ports, of its own pods. The first that fails is the reason; the pod has failed, and whoever owns it makes
 * another.
 *
 * Taints     are not asked about, those of pressure apart: under pressure of memory pods without any request are turned away that do
 *            not tolerate it, under pressure of disk all but critical ones (2.8).
 * Departs    a kubelet evicts others for a critical pod that finds no room; here it turns that one away too.
 */

import { CRITICAL_PRIORITY } from './eviction-rank.ts';
import { DISK_PRESSURE, MEMORY_PRESSURE } from './node-taints.ts';
import { NO_ROW } from '../../../cluster/hosts.ts';
import { hostPortsOf, portsCollide } from '../framework/host-ports.ts';
import { isMeantFor } from '../controllers/daemon-set-step.ts';
import { misfit } from '../../../cluster/fit.ts';
import { qosOf } from './oom-score.ts';
import { tolerates } from '../../../cluster/specs.ts';
import type { Taint } from '../../../cluster/spec.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { PendingReason } from '../../../base/reasons.ts';

/** Of a pod that the scheduler bound: of what a kubelet asks about only pressure can stand against it besides room. */
export function pressureRefusal(
  { hosts, specs, tasks }: ClusterView,
  task: number,
  host: number,
): PendingReason | undefined {
  const { taints } = specs.kindAt(hosts.kind[host]!);
  if (taints.length === 0) return undefined;
  const spec = specs.at(tasks.spec[task]!);
  if (spec.priority >= CRITICAL_PRIORITY) return undefined;
  const has = ({ key }: Taint) => taints.some((taint) => taint.key === key);
  if (has(DISK_PRESSURE)) return 'taint';
  if (!has(MEMORY_PRESSURE) || qosOf(spec, Infinity) !== 'BestEffort') return undefined;
  const isTolerated = spec.tolerations.some((one) => tolerates(one, MEMORY_PRESSURE));
  return isTolerated ? undefined : 'taint';
}

export function kubeletRefusal(
  view: ClusterView,
  task: number,
  host: number,
): PendingReason | undefined {
  const { hosts, hostNames, specs, tasks } = view;
  const row = tasks.spec[task]!;
  const lacks = misfit(specs, row, hosts, host);
  if (lacks !== undefined) return lacks;
  const spec = specs.at(row);
  const site = { name: hostNames[host]!, ...specs.kindAt(hosts.kind[host]!) };
  if (!isMeantFor(spec, site)) return 'selector';
  const isPressed = pressureRefusal(view, task, host);
  if (isPressed !== undefined) return isPressed;
  const ports = spec.pod === undefined ? [] : hostPortsOf(spec.pod);
  if (ports.length === 0) return undefined;
  for (let other = hosts.firstTask[host]!; other !== NO_ROW; other = tasks.nextOnHost[other]!) {
    const { pod } = specs.at(tasks.spec[other]!);
    if (pod !== undefined && portsCollide(ports, hostPortsOf(pod))) return 'port-taken';
  }
  return undefined;
}
