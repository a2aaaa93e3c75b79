/**
 * What a NodePool may still launch.
 *
 * Remaining  limits - capacity of the pool's nodes that are not on their way out.
 * Opening    types above what remains are left out; no node left refuses the pool.
 * Opened     takes off the largest capacity over the claim's remaining types: pessimistic, so one batch can stop short. Of
 *            nodes it takes off nothing: one plan can open more claims than the limit of nodes (see `Provisioner`).
 * Source     aws.md 1.10, 10.1 (11).
 */

import { commonBits } from './bit-set.ts';
import type { BitSet } from './bit-set.ts';
import type { Claim } from './claim.ts';
import type { Template } from './template.ts';

export class Limits {
  /** By resource, in the order of amounts; Infinity where nothing is said. */
  private readonly remaining: number[];
  private readonly nodes: number;

  constructor(remaining: readonly number[], nodes: number) {
    this.remaining = [...remaining];
    this.nodes = nodes;
  }

  /** The types that may be opened now; undefined for none. */
  within({ table, launchable }: Template): BitSet | undefined {
    if (this.nodes <= 0) return undefined;
    if (this.remaining.every((amount) => amount === Infinity)) return launchable;
    return commonBits(
      launchable,
      table.setOf(({ capacity }) =>
        this.remaining.every((most, resource) => (capacity[resource] ?? 0) <= most),
      ),
    );
  }

  takeLargestOf({ table }: Template, { typeSetNow }: Claim): void {
    const { remaining } = this;
    if (remaining.every((amount) => amount === Infinity)) return;
    const types = table.listOf(typeSetNow);
    for (let resource = 0; resource < remaining.length; resource++) {
      let largest = 0;
      for (const { capacity } of types) largest = Math.max(largest, capacity[resource] ?? 0);
      remaining[resource]! -= largest;
    }
  }
}
