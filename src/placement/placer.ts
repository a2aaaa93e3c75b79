/** A chooser of hosts that is bound once to a set of them and follows it by the journal. */

import type { PlacementRequest } from './policy.ts';

/** The ready hosts of one pool, or of a whole cluster when `pool` is NO_ROW. */
export interface HostSet {
  readonly cluster: number;
  readonly pool: number;
}

export interface Placer {
  /**
   * The best host of the set for the request as the columns stand, or NO_HOST. What is remembered from one call to the
   * next is a function of the journal: a new placer on the same view answers the same.
   */
  place(request: PlacementRequest): number;
}
