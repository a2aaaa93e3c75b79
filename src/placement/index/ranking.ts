/** Orders the slots of one HostSlots for the requests of a RequestTable. */

import type { KnownRequest } from './request-table.ts';

export interface Ranking {
  /**
   * Brings the order of hosts for `request` up to date. False when no host has room; undefined when they cannot be
   * ordered. The questions below are about the request ranked last.
   */
  rank(request: KnownRequest): boolean | undefined;
  /** First best slot that is not before `from`, or -1. */
  firstBest(from: number): number;
  isBest(slot: number): boolean;
}
