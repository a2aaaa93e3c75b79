/**
 * How many hosts of one group each of its zones holds, and which zone is next: balance comes before any policy
 * (aws.md 2.4, 2.5). Zones are rows of `view.zones`; ties go to the lowest.
 */

import { assert } from '../../base/assert.ts';
import type { ClusterView } from '../../cluster/cluster.ts';

export class ZoneBalance {
  private readonly counts: number[];

  constructor(view: ClusterView, hosts: readonly number[]) {
    this.counts = view.zones.map(() => 0);
    for (const host of hosts) this.add(view.hosts.zone[host]!, 1);
  }

  add(zone: number, by: 1 | -1): void {
    this.counts[zone]! += by;
  }

  of(zone: number): number {
    return this.counts[zone]!;
  }

  /** aws.md 2.4: a launch goes to the zone with the fewest. */
  fewest(zones: readonly number[]): number {
    return this.first(zones, (count, best) => count < best);
  }

  /** aws.md 2.5 step 1: a termination comes from the zone with the most. */
  most(zones: readonly number[]): number {
    return this.first(zones, (count, best) => count > best);
  }

  private first(zones: readonly number[], beats: (count: number, best: number) => boolean): number {
    const [start, ...rest] = [...zones].sort((a, b) => a - b);
    assert(start !== undefined, 'a group asks for a zone among none');
    let best = start;
    for (const zone of rest) if (beats(this.counts[zone]!, this.counts[best]!)) best = zone;
    return best;
  }
}
