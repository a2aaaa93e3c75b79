/**
 * Asks the scheduler to keep new pods off nodes that are unneeded, with a taint that it only dislikes.
 *
 * Budget     at most 10 taints a loop, or what is set, with 0 none at all; those of nodes that are needed again are taken away first. The rest waits for later
 *            loops, as does the work that takes more than 3 s of the real one.
 * Source     kubernetes.md 5.6 Actuation, 5.0.
 */

import { HOST_STATE } from '../../cluster/hosts.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Taint } from '../../cluster/spec.ts';

const CANDIDATE: Taint = {
  key: 'DeletionCandidateOfClusterAutoscaler',
  value: '',
  effect: 'PreferNoSchedule',
};

/** `hosts`: all of the groups; `leaving`: those whose deletion has just begun; `taintsMax`: of a loop. */
export function updateSoftTaints(
  view: ClusterView,
  hosts: Iterable<number>,
  unneeded: readonly number[],
  leaving: ReadonlySet<number>,
  taintsMax: number,
  out: ActionBuffer,
): void {
  if (taintsMax === 0) return;
  const candidates = new Set(unneeded);
  const needed = [...hosts].filter(
    (host) =>
      view.hosts.state[host] === HOST_STATE.ready && !candidates.has(host) && isMarked(view, host),
  );
  const fresh = unneeded.filter((host) => !leaving.has(host) && !isMarked(view, host));
  for (const host of needed.slice(0, taintsMax)) {
    out.push({ kind: 'change-taints', host, remove: [CANDIDATE], add: [] });
  }
  const left = Math.max(0, taintsMax - needed.length);
  for (const host of fresh.slice(0, left)) {
    out.push({ kind: 'change-taints', host, remove: [], add: [CANDIDATE] });
  }
}

function isMarked({ hosts, specs }: ClusterView, host: number): boolean {
  return specs.kindAt(hosts.kind[host]!).taints.some(({ key }) => key === CANDIDATE.key);
}
