/**
 * The list of nodes that cycles walk through, as positions of the slots of an index: its ready hosts, zones interleaved. Made
 * again when a host joins or leaves, and only then (kubernetes.md 1.4).
 */

import { CLASS, RECORD } from '../../../placement/index/host-slots.ts';
import { TAKES_NONE } from '../../../placement/index/host-classes.ts';
import { zoneInterleaved } from './node-order.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { HostSlots } from '../../../placement/index/host-slots.ts';

export const NO_POSITION = -1;

export class NodeList {
  /** Slot of each position, and the reverse; NO_POSITION for a slot that is not in the list. */
  slotAt = new Int32Array(0);
  positionOf = new Int32Array(0);
  /** Zones that have nodes. */
  zones: readonly number[] = [];
  /** Grows with every change. */
  version = 0;
  private readonly view: ClusterView;
  private readonly slots: HostSlots;

  constructor(view: ClusterView, slots: HostSlots) {
    this.view = view;
    this.slots = slots;
  }

  get count(): number {
    return this.slotAt.length;
  }

  make(): void {
    const { rows, records, count } = this.slots;
    const { zone } = this.view.hosts;
    const ready: number[] = [];
    for (let slot = 0; slot < count; slot++) {
      if (records[slot * RECORD + CLASS] !== TAKES_NONE) ready.push(slot);
    }
    const zoneOf = (slot: number): number => zone[rows[slot]!]!;
    this.slotAt = Int32Array.from(zoneInterleaved(ready, zoneOf));
    this.positionOf = new Int32Array(rows.length).fill(NO_POSITION);
    for (let position = 0; position < this.count; position++) {
      this.positionOf[this.slotAt[position]!] = position;
    }
    this.zones = [...new Set(ready.map(zoneOf))];
    this.version++;
  }
}
