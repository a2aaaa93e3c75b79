/**
 * Waiting times, streamed: exact while they are few, a sketch when they are many, so that memory does not grow with the
 * number of tasks.
 *
 * Mean, max  always exact: waits are whole microseconds and their sum stays below 2^53.
 * Quantile   nearest rank: the smallest wait that at least p of all are not above.
 * Exact      up to EXACT_MAX waits, which are kept and sorted.
 * Sketch     above: a histogram over the bits of the double: its exponent and the first 10 bits of its mantissa, so a bucket
 *            is at most 1/1024 wide; a quantile is the middle of its bucket, at most 0.05 % off. Sketches of two runs add up.
 */

/** 16 MB of waits. */
const EXACT_MAX = 2_000_000;

const MANTISSA_BITS = 10;
/** Buckets of one power of two. */
const BUCKETS_PER_OCTAVE = 1 << MANTISSA_BITS;
/** Exponent of 1 in the bits of a double; waits are 0 or at least 1 us. */
const EXPONENT_BIAS = 1_023;
/** 2^53 us and below. */
const BUCKETS = 54 * BUCKETS_PER_OCTAVE;

export class WaitDistribution {
  count = 0;
  private sumUs = 0;
  private maxUs = 0;
  private readonly exactMax: number;
  private kept = new Float64Array(1_024);
  /** Made when the waits become too many to keep. */
  private buckets: Float64Array | undefined;
  private zeros = 0;
  private inOrder: Float64Array | undefined;
  private readonly double = new Float64Array(1);
  private readonly words = new Uint32Array(this.double.buffer);

  constructor(exactMax = EXACT_MAX) {
    this.exactMax = exactMax;
  }

  add(waitUs: number): void {
    this.count++;
    this.sumUs += waitUs;
    if (waitUs > this.maxUs) this.maxUs = waitUs;
    if (this.buckets !== undefined) this.addToBucket(waitUs);
    else if (this.count > this.exactMax) this.giveUpExactness(waitUs);
    else this.keep(waitUs);
  }

  /** Microseconds; null when there are none. */
  meanUs(): number | null {
    return this.count === 0 ? null : this.sumUs / this.count;
  }

  quantileUs(p: number): number | null {
    if (this.count === 0) return null;
    const rank = Math.max(1, Math.ceil(p * this.count));
    if (rank === this.count) return this.maxUs;
    if (this.buckets === undefined) return this.sorted()[rank - 1]!;
    let seen = this.zeros;
    if (seen >= rank) return 0;
    let bucket = 0;
    for (; bucket < BUCKETS; bucket++) {
      seen += this.buckets[bucket]!;
      if (seen >= rank) break;
    }
    return Math.min(this.middleOf(bucket), this.maxUs);
  }

  save(): unknown {
    return {
      count: this.count,
      sumUs: this.sumUs,
      maxUs: this.maxUs,
      zeros: this.zeros,
      kept: this.kept.slice(),
      buckets: this.buckets?.slice() ?? null,
    };
  }

  restore(state: unknown): void {
    const saved = state as {
      count: number;
      sumUs: number;
      maxUs: number;
      zeros: number;
      kept: Float64Array;
      buckets: Float64Array | null;
    };
    this.count = saved.count;
    this.sumUs = saved.sumUs;
    this.maxUs = saved.maxUs;
    this.zeros = saved.zeros;
    this.kept = saved.kept.slice();
    this.inOrder = undefined;
    this.buckets = saved.buckets?.slice();
  }

  /** The waits that were kept, in rising order; sorted when asked after one was added. */
  private sorted(): Float64Array {
    if (this.inOrder?.length !== this.count) {
      this.inOrder = this.kept.slice(0, this.count).sort((a, b) => a - b);
    }
    return this.inOrder;
  }

  private keep(waitUs: number): void {
    if (this.count > this.kept.length) {
      const larger = new Float64Array(Math.min(this.kept.length * 2, this.exactMax));
      larger.set(this.kept);
      this.kept = larger;
    }
    this.kept[this.count - 1] = waitUs;
  }

  private giveUpExactness(waitUs: number): void {
    this.buckets = new Float64Array(BUCKETS);
    for (const kept of this.kept.subarray(0, this.count - 1)) this.addToBucket(kept);
    this.addToBucket(waitUs);
    this.kept = new Float64Array(0);
  }

  private addToBucket(waitUs: number): void {
    if (waitUs < 1) this.zeros++;
    else this.buckets![this.bucketOf(waitUs)]!++;
  }

  private bucketOf(waitUs: number): number {
    this.double[0] = waitUs;
    const high = this.words[1]!;
    const exponent = (high >>> 20) - EXPONENT_BIAS;
    return (
      exponent * BUCKETS_PER_OCTAVE + ((high >>> (20 - MANTISSA_BITS)) & (BUCKETS_PER_OCTAVE - 1))
    );
  }

  private middleOf(bucket: number): number {
    const exponent = Math.floor(bucket / BUCKETS_PER_OCTAVE) + EXPONENT_BIAS;
    const mantissa = bucket % BUCKETS_PER_OCTAVE;
    this.words[0] = 0;
    // Half a bucket up: the next bit of the mantissa.
    this.words[1] =
      (exponent << 20) | (mantissa << (20 - MANTISSA_BITS)) | (1 << (19 - MANTISSA_BITS));
    return this.double[0]!;
  }
}
