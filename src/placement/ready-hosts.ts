/** The hosts that take tasks, by pool and by cluster, in row order; follows the journal. */

import { CHANGE, JournalCursor, changeBits } from '../cluster/journal.ts';
import { HOST_STATE } from '../cluster/hosts.ts';
import type { ClusterView } from '../cluster/cluster.ts';

const FOLLOWED = changeBits(CHANGE.hostState, CHANGE.hostRemoved);

export class ReadyHosts {
  private readonly view: ClusterView;
  private readonly cursor: JournalCursor;
  private readonly byPool: number[][] = [];
  private readonly byCluster: number[][] = [];
  /** Grows with every change of the sets, so that a derived list knows when to be made again. */
  version = 0;

  constructor(view: ClusterView) {
    this.view = view;
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
  }

  /** Reads the journal to its end. */
  advance(): void {
    if (this.cursor.isOvertaken) this.rebuild();
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      this.move(change.row, change.value);
    }
  }

  inPool(pool: number): readonly number[] {
    return (this.byPool[pool] ??= []);
  }

  inCluster(cluster: number): readonly number[] {
    return (this.byCluster[cluster] ??= []);
  }

  /** Makes the sets again from the columns: after a restore. */
  rebuild(): void {
    this.byPool.length = this.byCluster.length = 0;
    const { hosts } = this.view;
    for (let host = 0; host < hosts.count; host++) {
      if (hosts.state[host] === HOST_STATE.ready) this.move(host, HOST_STATE.ready);
    }
    this.cursor.version = this.view.journal.version;
    this.version++;
  }

  private move(host: number, state: number): void {
    const { hosts } = this.view;
    const lists = [
      (this.byPool[hosts.pool[host]!] ??= []),
      (this.byCluster[hosts.cluster[host]!] ??= []),
    ];
    for (const list of lists) {
      const at = lowerBound(list, host);
      const present = list[at] === host;
      if (state === HOST_STATE.ready && !present) list.splice(at, 0, host);
      if (state !== HOST_STATE.ready && present) list.splice(at, 1);
    }
    this.version++;
  }
}

/** First position whose row is not below `row`. */
function lowerBound(rows: readonly number[], row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
