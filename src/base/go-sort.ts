/**
 * Sorts as Go's `sort.Sort` does, so that elements of which neither is less than the other end in the same places.
 *
 * Method     pattern-defeating quicksort: insertion sort up to 12 elements, which is stable; above that not.
 * Pivot      median of three, from 50 elements on of three such medians; "no swap needed" hints at sorted input, "every
 *            comparison needed one" at reversed input.
 * Patterns   after a bad split three elements are exchanged with others, drawn by a xorshift that starts from the length;
 *            after as many bad splits as the length has bits a heap sort ends it.
 * Source     kubernetes.md 0.3; Orson Peters, "Pattern-defeating Quicksort" (arXiv 2106.05123); the behaviour of Go 1.26.
 */

const INSERTION_MAX = 12;
const NINTHER_MIN = 50;
const SHIFTING_MIN = 50;
const SHIFTS_MAX = 5;
/** Swaps of the largest number of comparisons that one choice of a pivot makes. */
const SWAPS_MAX = 12;

/** In place; returns `items`. */
export function goSort<T>(items: T[], less: (a: T, b: T) => boolean): T[] {
  if (items.length > 1) new Sorting(items, less).sort(0, items.length, bitLength(items.length));
  return items;
}

function bitLength(length: number): number {
  return 32 - Math.clz32(length);
}

/** Ranges are half open: from `a` to before `b`. */
class Sorting<T> {
  private readonly items: T[];
  private readonly isLess: (a: T, b: T) => boolean;
  private swaps = 0;

  constructor(items: T[], less: (a: T, b: T) => boolean) {
    this.items = items;
    this.isLess = less;
  }

  sort(from: number, to: number, badSplits: number): void {
    let a = from;
    let b = to;
    let left = badSplits;
    let wasBalanced = true;
    let wasPartitioned = true;
    for (;;) {
      const length = b - a;
      if (length <= INSERTION_MAX) return this.insertionSort(a, b);
      if (left === 0) return this.heapSort(a, b);
      if (!wasBalanced) {
        this.breakPatterns(a, b);
        left--;
      }
      let pivot = this.choosePivot(a, b);
      const isReversed = this.swaps === SWAPS_MAX;
      if (isReversed) {
        this.reverse(a, b);
        pivot = b - 1 - (pivot - a);
      }
      const looksSorted = isReversed || this.swaps === 0;
      if (wasBalanced && wasPartitioned && looksSorted && this.sortNearlySorted(a, b)) return;
      // All before `a` are not greater: a pivot that is not greater than those is equal to them.
      if (a > 0 && !this.less(a - 1, pivot)) {
        a = this.partitionEqual(a, b, pivot);
        continue;
      }
      const { middle, wasSplit } = this.partition(a, b, pivot);
      wasPartitioned = wasSplit;
      const shorter = Math.min(middle - a, b - middle);
      wasBalanced = shorter >= Math.trunc(length / 8);
      if (middle - a < b - middle) {
        this.sort(a, middle, left);
        a = middle + 1;
      } else {
        this.sort(middle + 1, b, left);
        b = middle;
      }
    }
  }

  private less(i: number, j: number): boolean {
    return this.isLess(this.items[i]!, this.items[j]!);
  }

  private swap(i: number, j: number): void {
    const { items } = this;
    const item = items[i]!;
    items[i] = items[j]!;
    items[j] = item;
  }

  private insertionSort(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) {
      for (let j = i; j > a && this.less(j, j - 1); j--) this.swap(j, j - 1);
    }
  }

  private heapSort(a: number, b: number): void {
    const count = b - a;
    for (let i = Math.trunc((count - 1) / 2); i >= 0; i--) this.siftDown(i, count, a);
    for (let i = count - 1; i >= 0; i--) {
      this.swap(a, a + i);
      this.siftDown(0, i, a);
    }
  }

  private siftDown(from: number, count: number, a: number): void {
    let root = from;
    for (let child = 2 * root + 1; child < count; child = 2 * root + 1) {
      if (child + 1 < count && this.less(a + child, a + child + 1)) child++;
      if (!this.less(a + root, a + child)) return;
      this.swap(a + root, a + child);
      root = child;
    }
  }

  /** Smaller ones before the pivot, the others behind it; whether they stood so already. */
  private partition(a: number, b: number, pivot: number): { middle: number; wasSplit: boolean } {
    this.swap(a, pivot);
    let i = a + 1;
    let j = b - 1;
    for (let wasSplit = true; ; wasSplit = false) {
      while (i <= j && this.less(i, a)) i++;
      while (i <= j && !this.less(j, a)) j--;
      if (i > j) {
        this.swap(j, a);
        return { middle: j, wasSplit };
      }
      this.swap(i++, j--);
    }
  }

  /** Those equal to the pivot, then the greater ones: where these begin. None is smaller. */
  private partitionEqual(a: number, b: number, pivot: number): number {
    this.swap(a, pivot);
    let i = a + 1;
    let j = b - 1;
    for (;;) {
      while (i <= j && !this.less(a, i)) i++;
      while (i <= j && this.less(a, j)) j--;
      if (i > j) return i;
      this.swap(i++, j--);
    }
  }

  /** Moves at most five elements that stand wrong; true when all is sorted then. */
  private sortNearlySorted(a: number, b: number): boolean {
    let i = a + 1;
    for (let step = 0; step < SHIFTS_MAX; step++) {
      while (i < b && !this.less(i, i - 1)) i++;
      if (i === b) return true;
      if (b - a < SHIFTING_MIN) return false;
      this.swap(i, i - 1);
      if (i - a >= 2) {
        for (let j = i - 1; j >= 1 && this.less(j, j - 1); j--) this.swap(j, j - 1);
      }
      if (b - i >= 2) {
        for (let j = i + 1; j < b && this.less(j, j - 1); j++) this.swap(j, j - 1);
      }
    }
    return false;
  }

  private breakPatterns(a: number, b: number): void {
    const length = b - a;
    const random = xorshift(length);
    const modulus = 1n << BigInt(bitLength(length));
    const centre = a + Math.trunc(length / 4) * 2;
    for (let i = centre - 1; i <= centre + 1; i++) {
      let other = Number(random() & (modulus - 1n));
      if (other >= length) other -= length;
      this.swap(i, a + other);
    }
  }

  /** Leaves in `swaps` how many comparisons found the wrong order. */
  private choosePivot(a: number, b: number): number {
    this.swaps = 0;
    const length = b - a;
    const quarter = Math.trunc(length / 4);
    let [i, j, k] = [a + quarter, a + 2 * quarter, a + 3 * quarter];
    if (length >= NINTHER_MIN) {
      i = this.median(i - 1, i, i + 1);
      j = this.median(j - 1, j, j + 1);
      k = this.median(k - 1, k, k + 1);
    }
    return this.median(i, j, k);
  }

  private median(a: number, b: number, c: number): number {
    const [low, high] = this.ordered(a, b);
    const [middle] = this.ordered(high, c);
    return this.ordered(low, middle)[1];
  }

  private ordered(a: number, b: number): [number, number] {
    if (!this.less(b, a)) return [a, b];
    this.swaps++;
    return [b, a];
  }

  private reverse(a: number, b: number): void {
    for (let i = a, j = b - 1; i < j; i++, j--) this.swap(i, j);
  }
}

/** Marsaglia's generator of 64 bits with the shifts 13, 7 and 17. */
function xorshift(seed: number): () => bigint {
  let state = BigInt(seed);
  return () => {
    state ^= BigInt.asUintN(64, state << 13n);
    state ^= state >> 7n;
    state ^= BigInt.asUintN(64, state << 17n);
    return state;
  };
}
