/** Medians, and how far apart repeated measurements are. */

/** The middle value; the mean of the two in the middle when their number is even; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half]!;
  return (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Lowest and highest value; from four values on, of the middle half: a quarter is left out at each end, rounded down. */
export function middleOf(values: readonly number[]): readonly [lowest: number, highest: number] {
  const sorted = values.toSorted((a, b) => a - b);
  const left = sorted.length >> 2;
  return [sorted[left]!, sorted[sorted.length - 1 - left]!];
}
