/**
 * The requests that are worth remembering: those made at least twice within the last uses. Each has a number; the number
 * that was not used for longest goes to the next.
 *
 * Patience   to begin to remember costs a look at every host, for one request as for a panel of them. So those that are worth it
 *            wait until they have been asked for so many times together that waiting has cost as much: never more than twice
 *            what would have been best.
 * A request that never comes again is not remembered and costs one search, as without an index.
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

interface Waiting extends PlacementRequest {
  readonly usesOfKey: UsesOfKey;
}

/** By spec: what is known, when an unknown one was last used, and whether it waits for a number. */
interface UsesOfKey {
  readonly known: (Use | undefined)[];
  readonly lastUse: number[];
  readonly isWaiting: boolean[];
}

export class RequestTable {
  /** Requests of different workloads are different: a score counts tasks, or a pool is kept for some. */
  private readonly byWorkload: boolean;
  private readonly byKey: (UsesOfKey | undefined)[] = [];
  private readonly byNumber: Use[] = [];
  /** Those that wait for a number, and how often they were asked for together. */
  private waiting: Waiting[] = [];
  private waits = 0;
  private uses = 0;

  constructor(byWorkload: boolean) {
    this.byWorkload = byWorkload;
  }

  /** The request as it is remembered; `limit` is how many may be; `patience` uses are waited for. */
  find(
    { spec, workload }: PlacementRequest,
    limit: number,
    patience = 1,
  ): KnownRequest | undefined {
    const key = this.byWorkload ? workload : 0;
    const usesOfKey = (this.byKey[key] ??= { known: [], lastUse: [], isWaiting: [] });
    const now = this.uses++;
    const use = usesOfKey.known[spec];
    if (use !== undefined) {
      use.at = now;
      return use.request;
    }
    const last = usesOfKey.lastUse[spec] ?? NEVER_USED;
    usesOfKey.lastUse[spec] = now;
    if (last < now - USES_PER_NUMBER * limit) return undefined;
    this.wait({ spec, workload, usesOfKey });
    if (this.waits >= patience) this.giveNumbers(limit, now);
    return usesOfKey.known[spec]?.request;
  }

  /** The request that has the number, if one has. */
  at(number: number): KnownRequest | undefined {
    return this.byNumber[number]?.request;
  }

  private wait(request: Waiting): void {
    const { isWaiting } = request.usesOfKey;
    this.waits++;
    if (isWaiting[request.spec] !== true) this.waiting.push(request);
    isWaiting[request.spec] = true;
  }

  /** To all who wait; when they are more than the limit, the last keep theirs. */
  private giveNumbers(limit: number, now: number): void {
    for (const { spec, workload, usesOfKey } of this.waiting) {
      const number = this.freeNumber(limit);
      usesOfKey.isWaiting[spec] = false;
      const use = { request: { number, spec, workload }, usesOfKey, at: now };
      usesOfKey.known[spec] = this.byNumber[number] = use;
    }
    this.waiting = [];
    this.waits = 0;
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
