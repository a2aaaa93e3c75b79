/**
 * Hosts of one kind (labels and taints) in one pool are of one class: whether a task may run there at all is asked once
 * per class. Class 0 holds the hosts that take no tasks now.
 */

import { ELIGIBLE } from '../../cluster/specs.ts';
import { HOST_STATE } from '../../cluster/hosts.ts';
import { mayUsePool } from '../feasible.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { PlacementRequest } from '../policy.ts';

export const TAKES_NONE = 0;

export class HostClasses {
  private readonly view: ClusterView;
  private readonly byKey = new Map<number, number>();
  private readonly kinds: number[] = [-1];
  private readonly pools: number[] = [-1];

  constructor(view: ClusterView) {
    this.view = view;
  }

  get count(): number {
    return this.kinds.length;
  }

  /** The class of a host as it is now. */
  of(host: number): number {
    const { hosts, pools } = this.view;
    if (hosts.state[host] !== HOST_STATE.ready) return TAKES_NONE;
    const kind = hosts.kind[host]!;
    const pool = hosts.pool[host]!;
    const key = kind * pools.count + pool;
    let row = this.byKey.get(key);
    if (row === undefined) {
      row = this.kinds.length;
      this.byKey.set(key, row);
      this.kinds.push(kind);
      this.pools.push(pool);
    }
    return row;
  }

  /** May the task run on hosts of the class, room apart? */
  admits(row: number, request: PlacementRequest): boolean {
    return (
      row !== TAKES_NONE &&
      mayUsePool(this.view, this.pools[row]!, request.workload) &&
      this.view.specs.eligibility(request.spec, this.kinds[row]!) === ELIGIBLE
    );
  }
}
