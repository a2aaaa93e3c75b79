/**
 * Why a kubelet would not run a pod that was bound to its node (kubernetes.md 2.7): it asks once more for room, for the node's name
 * and labels, and for host ports, of its own pods. The first that fails is the reason; the pod has failed, and whoever owns it makes
 * another.
 *
 * Taints     are not asked about, those of pressure apart: under pressure of memory pods without any request are turned away that do
 *            not tolerate it, under pressure of disk or processes all but critical ones (2.8).
 * Departs    a kubelet evicts others for a critical pod that finds no room; here it turns that one away too.
 */

import { NO_ROW } from '../../../cluster/hosts.ts';
import { hostPortsOf, portsCollide } from '../framework/host-ports.ts';
import { isMeantFor } from '../controllers/daemon-set-step.ts';
import { misfit } from '../../../cluster/fit.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { PendingReason } from '../../../base/reasons.ts';

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
  const ports = spec.pod === undefined ? [] : hostPortsOf(spec.pod);
  if (ports.length === 0) return undefined;
  for (let other = hosts.firstTask[host]!; other !== NO_ROW; other = tasks.nextOnHost[other]!) {
    const { pod } = specs.at(tasks.spec[other]!);
    if (pod !== undefined && portsCollide(ports, hostPortsOf(pod))) return 'port-taken';
  }
  return undefined;
}
