/** Machines of groups that do not answer: given up after a time, and then missing (aws.md 2.4). */

import { CHANGE, JournalCursor, changeBit } from '../../cluster/journal.ts';
import { HOST_STATE } from '../../cluster/hosts.ts';
import { NEVER } from '../../base/units.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

export interface SilentHostsState {
  readonly silent: readonly (readonly [number, number])[];
  readonly version: number;
}

export class SilentHosts {
  private readonly view: ClusterView;
  private readonly pools: ReadonlySet<number>;
  private readonly afterUs: number;
  private readonly cursor: JournalCursor;
  /** Hosts that do not answer, with the time at which they will be given up. */
  private untilUs = new Map<number, number>();

  /** Looks at hosts of `pools`. */
  constructor(view: ClusterView, pools: ReadonlySet<number>, afterUs: number) {
    this.view = view;
    this.pools = pools;
    this.afterUs = afterUs;
    this.cursor = new JournalCursor(view.journal, changeBit(CHANGE.hostHealth));
  }

  /** Terminates hosts that did not answer for too long; the time at which the next one is given up. */
  giveUp(nowUs: number, out: ActionBuffer): number {
    const { hosts } = this.view;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      const { row: host, value: down } = change;
      if (down === 0) this.untilUs.delete(host);
      else if (!this.untilUs.has(host) && this.pools.has(hosts.pool[host]!)) {
        this.untilUs.set(host, nowUs + this.afterUs);
      }
    }
    let nextUs = NEVER;
    for (const [host, untilUs] of this.untilUs) {
      if (hosts.state[host]! > HOST_STATE.ready) this.untilUs.delete(host);
      else if (untilUs > nowUs) nextUs = Math.min(nextUs, untilUs);
      else {
        this.untilUs.delete(host);
        out.push({ kind: 'terminate', host, reason: 'unhealthy' });
      }
    }
    return nextUs;
  }

  save(): SilentHostsState {
    return { silent: [...this.untilUs], version: this.cursor.version };
  }

  restore({ silent, version }: SilentHostsState): void {
    this.untilUs = new Map(silent);
    this.cursor.version = version;
  }
}
