/** A number that was held against a bound: with all the digits that may have decided, where three would not show it. */
export function expectationNumber(value: number | undefined): string {
  if (value === undefined) return 'unknown';
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1_000 ? value.toFixed(1) : String(Number(value.toPrecision(5)));
}
