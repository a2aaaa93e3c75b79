/**
 * The hosts that a pool counts as its own, in row order: launching, running or ready. Follows the journal, and makes the
 * lists again from the columns when the journal has moved on too far between two wakes.
 */

import { CHANGE, JournalCursor, changeBits } from '../../cluster/journal.ts';
import { HOST_STATE } from '../../cluster/hosts.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

const FOLLOWED = changeBits(CHANGE.hostAdded, CHANGE.hostState, CHANGE.hostRemoved);

export interface PoolHostsState {
  /** Up to which entry the journal was read. */
  readonly version: number;
  readonly byPool: readonly (readonly number[] | undefined)[];
}

export class PoolHosts {
  private readonly view: ClusterView;
  private readonly cursor: JournalCursor;
  private readonly byPool: number[][] = [];

  constructor(view: ClusterView) {
    this.view = view;
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
  }

  /** Reads the journal to its end; `left` hears of each host that drains or ends, `cameUp` of each that runs. */
  advance(
    left: (host: number) => void = () => {},
    cameUp: (host: number) => void = () => {},
  ): void {
    if (this.cursor.isOvertaken) {
      this.rebuild();
      return;
    }
    const { hosts } = this.view;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      const { kind, row, value } = change;
      if (kind === CHANGE.hostAdded) this.rowsOf(hosts.pool[row]!).push(row);
      else if (value > HOST_STATE.ready) {
        if (this.remove(row)) left(row);
      } else if (value === HOST_STATE.running) cameUp(row);
    }
  }

  of(pool: number): readonly number[] {
    return this.rowsOf(pool);
  }

  save(): PoolHostsState {
    return { version: this.cursor.version, byPool: this.byPool.map((rows) => [...rows]) };
  }

  /** As it was: what came and left since is still to be told. */
  restore({ version, byPool }: PoolHostsState): void {
    this.byPool.length = 0;
    for (const [pool, rows] of byPool.entries()) this.byPool[pool] = [...(rows ?? [])];
    this.cursor.version = version;
  }

  /** From the columns: after a restore whose owner minds nobody that left before it. */
  rebuild(): void {
    const { hosts } = this.view;
    this.byPool.length = 0;
    for (let host = 0; host < hosts.count; host++) {
      if (hosts.state[host]! <= HOST_STATE.ready) this.rowsOf(hosts.pool[host]!).push(host);
    }
    this.cursor.version = this.view.journal.version;
  }

  /** False when it had left before: draining comes before terminating. */
  private remove(host: number): boolean {
    const rows = this.rowsOf(this.view.hosts.pool[host]!);
    const at = rows.indexOf(host);
    if (at >= 0) rows.splice(at, 1);
    return at >= 0;
  }

  private rowsOf(pool: number): number[] {
    return (this.byPool[pool] ??= []);
  }
}
