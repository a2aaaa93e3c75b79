/** Orders the slots of one HostSlots for one request at a time. */

import type { PlacementRequest } from '../policy.ts';

export interface Ranking<Request extends PlacementRequest> {
  /**
   * Finds the best hosts for `request` as the log stands. False when no host has room; undefined when the hosts cannot be
   * ordered. The questions below are about the request ranked last.
   */
  rank(request: Request): boolean | undefined;
  /** First best slot that is not before `from`, or -1. */
  firstBest(from: number): number;
  isBest(slot: number): boolean;
}
