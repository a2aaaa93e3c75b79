/**
 * The window in which Karpenter collects pods before it thinks.
 *
 * Opens      at the first trigger.
 * Closes     at min(last new trigger + 1 s, opening + 10 s).
 * Repeated   triggers of one pod count once a window: they do not restart the idle time.
 * Source     aws.md 1.1, 1.2.
 */

import { NEVER, US_PER_SECOND } from '../../base/units.ts';

const BATCH_IDLE_US = US_PER_SECOND;
export const BATCH_MAX_US = 10 * US_PER_SECOND;

export class Batcher {
  private openedUs = 0;
  private lastNewUs = 0;
  private readonly seen = new Set<number>();

  trigger(id: number, nowUs: number): void {
    if (this.seen.has(id)) return;
    if (this.seen.size === 0) this.openedUs = nowUs;
    this.seen.add(id);
    this.lastNewUs = nowUs;
  }

  /** NEVER while no window is open. */
  get closesAtUs(): number {
    if (this.seen.size === 0) return NEVER;
    return Math.min(this.lastNewUs + BATCH_IDLE_US, this.openedUs + BATCH_MAX_US);
  }

  close(): void {
    this.seen.clear();
  }

  save() {
    return { openedUs: this.openedUs, lastNewUs: this.lastNewUs, seen: [...this.seen] };
  }

  restore(state: ReturnType<Batcher['save']>): void {
    this.openedUs = state.openedUs;
    this.lastNewUs = state.lastNewUs;
    this.seen.clear();
    for (const id of state.seen) this.seen.add(id);
  }
}
