/**
 * Capacity that is reserved, while a plan is made: each claim holds a place in every reservation that it could be launched in,
 * and gives it back when it no longer could.
 *
 * Capacity  of a reservation: the least that any offering states of it.
 * Source    aws.md 1.12 (Karpenter 1.14, reservationmanager.go).
 */

import { assert } from '../../base/assert.ts';
import type { CandidateType } from './instance-types.ts';

export class Reservations {
  private readonly left = new Map<string, number>();
  private readonly heldBy = new Map<string, Set<string>>();

  /** Of all types that NodePools are offered. */
  constructor(offered: Iterable<readonly CandidateType[]>) {
    for (const types of offered) {
      for (const { offerings } of types) {
        for (const { reservation } of offerings) {
          if (reservation === undefined) continue;
          const known = this.left.get(reservation.id) ?? Infinity;
          this.left.set(reservation.id, Math.min(known, reservation.capacity));
        }
      }
    }
  }

  mayHold(host: string, id: string): boolean {
    return this.heldBy.get(host)?.has(id) === true || (this.left.get(id) ?? 0) > 0;
  }

  /** The host holds a place in these and no others. */
  hold(host: string, ids: ReadonlySet<string>): void {
    const held = this.heldBy.get(host);
    if (held === undefined && ids.size === 0) return;
    for (const id of ids) {
      if (held?.has(id) === true) continue;
      const left = this.left.get(id)! - 1;
      assert(
        left >= 0,
        () => `a reservation holds no more than it has, found ${left} left of ${id}`,
      );
      this.left.set(id, left);
    }
    for (const id of held ?? []) if (!ids.has(id)) this.left.set(id, this.left.get(id)! + 1);
    this.heldBy.set(host, new Set(ids));
  }
}
