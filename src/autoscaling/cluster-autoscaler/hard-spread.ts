/**
 * Which nodes of a snapshot hard topology spreading leaves for one more pod.
 *
 *     count(domain) + 1 - least count of a domain <= maxSkew        over the nodes that are open and that the pod may use
 *
 * Counts    bound pods of the workload and those placed in thought. A node that is being removed is no domain.
 * Keys      zone and host name, as the scheduler knows them; a template is in the zone that it is described in.
 * Cost      O(nodes + pods placed in thought) a pod.
 * Source    kubernetes.md 1.8 PodTopologySpread, 5.3.
 */

import { ELIGIBLE } from '../../cluster/specs.ts';
import { HOST_KEY, ZONE_KEY } from '../../orchestration/kubernetes/topology-spread.ts';
import { HOST_STATE, NO_ROW } from '../../cluster/hosts.ts';
import type { ClusterSnapshot, PodKind } from './cluster-snapshot.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

/** A test of nodes, or undefined when the pod may spread as it likes. */
export function hardSpread(
  view: ClusterView,
  snapshot: ClusterSnapshot,
  pod: PodKind,
): ((node: number) => boolean) | undefined {
  const constraints = view.specs
    .at(pod.spec)
    .spread.filter(
      ({ whenUnsatisfiable, topologyKey }) =>
        whenUnsatisfiable === 'DoNotSchedule' && [ZONE_KEY, HOST_KEY].includes(topologyKey),
    );
  if (constraints.length === 0) return undefined;
  const tests = constraints.map(({ topologyKey, maxSkew }) => {
    const domainOf = (node: number): number =>
      topologyKey === HOST_KEY ? node : snapshot.zoneOf[node]!;
    const counts = countsByDomain(view, snapshot, pod, domainOf);
    let least = Infinity;
    for (const count of counts.values()) least = Math.min(least, count);
    return (node: number) => (counts.get(domainOf(node)) ?? 0) + 1 - least <= maxSkew;
  });
  return (node) => tests.every((test) => test(node));
}

function countsByDomain(
  view: ClusterView,
  snapshot: ClusterSnapshot,
  pod: PodKind,
  domainOf: (node: number) => number,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (let node = 0; node < snapshot.count; node++) {
    const isDomain =
      snapshot.state[node] === HOST_STATE.ready &&
      view.specs.eligibility(pod.spec, snapshot.kindOf[node]!) === ELIGIBLE;
    if (!isDomain) continue;
    const before = counts.get(domainOf(node)) ?? 0;
    counts.set(domainOf(node), before + podsOn(view, snapshot, pod.workload, node));
  }
  return counts;
}

function podsOn(
  view: ClusterView,
  snapshot: ClusterSnapshot,
  workload: number,
  node: number,
): number {
  const host = snapshot.hostOf[node]!;
  const bound = host === NO_ROW ? 0 : view.counts.onHost(workload, host);
  const placed = snapshot.placedOn(node);
  return bound + placed.filter((task) => view.tasks.workload[task] === workload).length;
}
