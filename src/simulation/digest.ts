/**
 * The fingerprint of a run: 64 bits folded from (timeUs, kind, task number, host number) of every arrive, bind, start,
 * ready, end and host-state event, and their count. The same scenario and seed give the same digest on every engine.
 *
 * Fold       two 32-bit lanes, each lane = imul(rotate(lane ^ word, 13), odd constant) for every 32-bit word, so that order
 *            matters. Constants are those of MurmurHash3's mixing steps (A. Appleby, public domain).
 */

export const DIGEST_KIND = {
  arrive: 1,
  bind: 2,
  start: 3,
  ready: 4,
  end: 5,
  hostState: 6,
} as const;

export interface DigestState {
  readonly low: number;
  readonly high: number;
  readonly events: number;
}

const TWO_32 = 4_294_967_296;

export class Digest {
  /** Events folded so far: the column `events`. */
  events = 0;
  private low = 0x9747b28c | 0;
  private high = 0x3c6ef372 | 0;

  fold(timeUs: number, kind: number, task: number, host: number): void {
    this.events++;
    this.mix((timeUs % TWO_32) | 0);
    this.mix(((timeUs / TWO_32) | 0) ^ (kind << 24));
    this.mix(task);
    this.mix(host);
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return hex(finish(this.high)) + hex(finish(this.low ^ this.events));
  }

  save(): DigestState {
    return { low: this.low, high: this.high, events: this.events };
  }

  restore(state: DigestState): void {
    this.low = state.low;
    this.high = state.high;
    this.events = state.events;
  }

  private mix(word: number): void {
    const low = this.low ^ word;
    this.low = Math.imul((low << 13) | (low >>> 19), 0xcc9e2d51 | 1);
    const high = this.high ^ Math.imul(word, 0x1b873593);
    this.high = (Math.imul((high << 15) | (high >>> 17), 5) + 0xe6546b64 + this.low) | 0;
  }
}

function finish(lane: number): number {
  let mixed = lane ^ (lane >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
