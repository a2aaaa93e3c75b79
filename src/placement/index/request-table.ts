/**
 * The requests that are worth remembering: those made at least twice within the last uses. Each has a number; the number
 * that was not used for longest goes to the next.
 *
 * A request that never comes again is not remembered and costs one scan, as without an index.
 */

import type { PlacementRequest } from '../policy.ts';

/** One object from the giving of the number to its loss. */
export interface KnownRequest extends PlacementRequest {
  readonly number: number;
}

/** A request is remembered when its last use is at most so many times the limit of numbers ago. */
const USES_PER_NUMBER = 4;
const NEVER_USED = -Infinity;

interface Use {
  readonly request: KnownRequest;
  readonly usesOfKey: UsesOfKey;
  /** The latest, counted over all requests. */
  at: number;
}

/** By spec: what is known, and when an unknown one was last used. */
interface UsesOfKey {
  readonly known: (Use | undefined)[];
  readonly lastUse: number[];
}

export class RequestTable {
  /** Requests of different workloads are different: a score counts tasks, or a pool is kept for some. */
  private readonly byWorkload: boolean;
  private readonly byKey: (UsesOfKey | undefined)[] = [];
  private readonly byNumber: Use[] = [];
  private uses = 0;

  constructor(byWorkload: boolean) {
    this.byWorkload = byWorkload;
  }

  /** The request as it is remembered; `limit` is how many may be. */
  find({ spec, workload }: PlacementRequest, limit: number): KnownRequest | undefined {
    const key = this.byWorkload ? workload : 0;
    const usesOfKey = (this.byKey[key] ??= { known: [], lastUse: [] });
    const now = this.uses++;
    let use = usesOfKey.known[spec];
    if (use === undefined) {
      const last = usesOfKey.lastUse[spec] ?? NEVER_USED;
      usesOfKey.lastUse[spec] = now;
      if (last < now - USES_PER_NUMBER * limit) return undefined;
      const number = this.freeNumber(limit);
      use = { request: { number, spec, workload }, usesOfKey, at: now };
      usesOfKey.known[spec] = this.byNumber[number] = use;
    }
    use.at = now;
    return use.request;
  }

  private freeNumber(limit: number): number {
    if (this.byNumber.length < limit) return this.byNumber.length;
    let oldest = this.byNumber[0]!;
    for (const use of this.byNumber) if (use.at < oldest.at) oldest = use;
    oldest.usesOfKey.known[oldest.request.spec] = undefined;
    oldest.usesOfKey.lastUse[oldest.request.spec] = oldest.at;
    return oldest.request.number;
  }
}
