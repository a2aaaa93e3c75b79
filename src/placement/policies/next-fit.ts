/**
 * Next fit: start at the host that took the last task, go on in order of rows, behind the last row from the first.
 *
 *     score(h) = -((h - cursor) mod hosts)
 *
 * Cursor     the host of the newest bind in the journal, of any task but a daemon, in the cluster of h. So the policy keeps
 *            no state that would have to be saved, and sees a bind only once it was committed. A cursor that took its
 *            last bind more entries ago than the journal is long: the host of the latest `placedUs`, then of the highest row.
 *            No bind yet: row 0.
 * Units      rows. Ties: none, no two hosts score the same.
 * Cost       O(1) a host; once a journal version, back through the entries since the last bind. Not host-local: a bind
 *            changes the score of every host.
 * Source     D. S. Johnson, "Near-optimal bin packing algorithms" (1973). Departs: bins behind the cursor stay open.
 */

import { CHANGE } from '../../cluster/journal.ts';
import { NO_ROW } from '../../cluster/hosts.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import type { Change } from '../../cluster/journal.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PolicyKind } from '../policy.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');
const NEVER_ASKED = -1;

const change: Change = { version: 0, kind: 0, row: 0, value: 0 };

/** The host that took the last task of a cluster, or row 0. */
export function lastBoundHost(view: ClusterView, cluster: number): number {
  const { journal, tasks, workloads } = view;
  const counts = (task: number): boolean =>
    tasks.cluster[task] === cluster && workloads.kind[tasks.workload[task]!] !== DAEMON;
  const { oldest } = journal;
  for (let version = journal.version - 1; version >= oldest; version--) {
    journal.read(version, change);
    if (change.kind === CHANGE.taskBound && counts(change.row)) return change.value;
  }
  return oldest === 0 ? 0 : lastPlaced(view, counts);
}

function lastPlaced({ tasks }: ClusterView, counts: (task: number) => boolean): number {
  let host = 0;
  let latestUs = 0;
  for (let task = 0; task < tasks.count; task++) {
    if (tasks.host[task] === NO_ROW || tasks.placedUs[task]! < latestUs || !counts(task)) continue;
    host = tasks.host[task]!;
    latestUs = tasks.placedUs[task]!;
  }
  return host;
}

export const nextFit: PolicyKind = {
  name: 'next-fit',
  summary: 'the first host with room from the one that took the last task onwards',
  parameters: {},
  create: () => {
    // The answer to the last question: equal journal, version and cluster, equal cursor.
    let journal: ClusterView['journal'] | undefined;
    let version = NEVER_ASKED;
    let cluster = NEVER_ASKED;
    let cursor = 0;
    return {
      score(host, _request, view) {
        const own = view.hosts.cluster[host]!;
        if (version !== view.journal.version || cluster !== own || journal !== view.journal) {
          journal = view.journal;
          version = journal.version;
          cluster = own;
          cursor = lastBoundHost(view, own);
        }
        const { count } = view.hosts;
        return -((host - cursor + count) % count);
      },
    };
  },
};
