/**
 * Numbers as people read them, for the terminal and the report page. The tables keep every digit; here three or four
 * are enough. Unknown values are a dash.
 */

const UNKNOWN = '–';
const SIGNIFICANT_DIGITS = 3;
const GROUP_OF_DIGITS = /\B(?=(\d{3})+(?!\d))/g;

/** `12.34`, `1,234.50`, and `0.0123` below ten cents. */
export function usdText(usd: number | null): string {
  if (usd === null) return UNKNOWN;
  const isSmall = usd !== 0 && Math.abs(usd) < 0.1;
  return isSmall ? significant(usd) : grouped(usd.toFixed(2));
}

/** Seconds as `0.4 s`, `75 s`, `12.5 min`, `3.25 h`. */
export function durationText(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  if (Math.abs(seconds) < 100) return `${significant(seconds)} s`;
  if (Math.abs(seconds) < 3_600) return `${significant(seconds / 60)} min`;
  return `${significant(seconds / 3_600)} h`;
}

/** Three digits of a number whose unit stands elsewhere: `0.42`, `75.3`, `12,300`. */
export function numberText(value: number | null): string {
  return value === null ? UNKNOWN : grouped(significant(value));
}

/** A fraction as `63.4 %`. */
export function percentText(fraction: number | null): string {
  return fraction === null ? UNKNOWN : `${(fraction * 100).toFixed(1)} %`;
}

/** A relative difference as `+12.3 %` or `−4.0 %`. */
export function changeText(fraction: number | null): string {
  if (fraction === null) return UNKNOWN;
  const size = (Math.abs(fraction) * 100).toFixed(1);
  const sign = size === '0.0' ? '±' : fraction < 0 ? '−' : '+';
  return `${sign}${size} %`;
}

/** A count or a mean of counts, as `40` or `40.2`. */
export function countText(count: number | null): string {
  if (count === null) return UNKNOWN;
  return grouped(Number.isInteger(count) ? String(count) : count.toFixed(1));
}

/** ` ± 0.12` of an interval around its mean, in the words of `text`; '' without an interval. */
export function halfWidthText(
  mean: number | null,
  high: number | null,
  text: (value: number) => string,
): string {
  return mean === null || high === null ? '' : ` ± ${text(high - mean)}`;
}

function significant(value: number): string {
  const text = value.toPrecision(SIGNIFICANT_DIGITS);
  return text.includes('e') ? String(Number(text)) : trimmed(text);
}

/** Drops zeros that end a fraction: `75.0` is `75`. */
function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const head = whole.replace(GROUP_OF_DIGITS, ',');
  return fraction === undefined ? head : `${head}.${fraction}`;
}
