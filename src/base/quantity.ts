/**
 * Quantities as people write them, read strictly and exactly, and printed so that they read back the same.
 *
 *   CPU        `2`, `0.5` cores; `500m` milli-cores; `256u` ECS CPU units (1/1024 core)   -> ticks of 1/128,000 core
 *   bytes      `512MiB`, `1.5GiB`, `412MB`; Kubernetes' `Ki Mi Gi Ti k M G T`; bare bytes   -> bytes
 *   duration   `1h30m`, `90s`, `250ms`, `1.5h`, `7d`, `0`: units fall, each at most once     -> microseconds
 *   rate       `1800/s`, `4/min`, `10/h`, `3/d`                                             -> events per second
 *   money      `0.61` USD                                                                  -> nano-USD
 *   count      `24`                                                                        -> a whole number
 *   share      `60%`, or the fraction `0.6`                                                -> a fraction, 1 = 100 %
 *
 * A YAML number is accepted where its text would be. Decimal text is scaled in integers of any size, so nothing is
 * rounded on the way: an amount that is no whole number of ticks, bytes, microseconds or nano-USD is refused, and so is
 * one above 2^53 - 1. Signs, spaces, exponents, thousands separators and unknown units are refused.
 *
 * Rates and shares are doubles, since a third of a request has no exact unit: `4/min` is 4 / 60 a second.
 *
 * Unlike Kubernetes, `u` after a CPU amount is the ECS unit and not a millionth of a core.
 */

import { assert } from './assert.ts';
import {
  KIB,
  MIB,
  GIB,
  NANO_USD_PER_USD,
  TICKS_PER_CORE,
  TICKS_PER_ECS_UNIT,
  TICKS_PER_MILLI,
  US_PER_DAY,
  US_PER_HOUR,
  US_PER_MINUTE,
  US_PER_MS,
  US_PER_SECOND,
} from './units.ts';

/** The number, or a sentence saying what was expected and what was found. */
export type Parsed =
  { readonly ok: true; readonly value: number } | { readonly ok: false; readonly message: string };

/** What a scenario file can hold where a quantity is due. */
export type QuantityInput = string | number;

const CPU_UNITS = new Map([
  ['', TICKS_PER_CORE],
  ['m', TICKS_PER_MILLI],
  ['u', TICKS_PER_ECS_UNIT],
]);

const TIB = 1_024 * GIB;

const BYTE_UNITS = new Map([
  ['', 1],
  ['B', 1],
  ['KiB', KIB],
  ['MiB', MIB],
  ['GiB', GIB],
  ['TiB', TIB],
  ['Ki', KIB],
  ['Mi', MIB],
  ['Gi', GIB],
  ['Ti', TIB],
  ['kB', 1e3],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
]);

const MONEY_UNITS = new Map([['', NANO_USD_PER_USD]]);
const COUNT_UNITS = new Map([['', 1]]);

/** In falling order, which is the order they are written in. */
const DURATION_UNITS: readonly (readonly [unit: string, us: number])[] = [
  ['d', US_PER_DAY],
  ['h', US_PER_HOUR],
  ['m', US_PER_MINUTE],
  ['s', US_PER_SECOND],
  ['ms', US_PER_MS],
  ['us', 1],
];

const RATE_UNIT_SECONDS = new Map([
  ['s', 1],
  ['min', 60],
  ['h', 3_600],
  ['d', 86_400],
]);

const DECIMAL_AND_UNIT = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/;

/** Ticks of 1/128,000 core. */
export function parseCpu(input: QuantityInput): Parsed {
  const expected = 'a CPU amount such as 2, 0.5, 500m or 256u (ECS units)';
  return parseWithUnits(input, CPU_UNITS, expected, 'ticks of 1/128000 core');
}

/** Bytes. */
export function parseBytes(input: QuantityInput): Parsed {
  const expected = 'a size such as 512MiB, 1.5GiB, 412MB, 4Gi or a number of bytes';
  return parseWithUnits(input, BYTE_UNITS, expected, 'bytes');
}

/** Nano-USD. */
export function parseMoney(input: QuantityInput): Parsed {
  return parseWithUnits(input, MONEY_UNITS, 'an amount of USD such as 0.61', 'nano-USD');
}

/** A whole number, zero or more. */
export function parseCount(input: QuantityInput): Parsed {
  return parseWithUnits(input, COUNT_UNITS, 'a count such as 24', 'them');
}

/** Microseconds. */
export function parseDuration(input: QuantityInput): Parsed {
  const expected = 'a duration such as 15m, 1h30m, 90s, 250ms or 7d';
  const text = textOf(input);
  if (text === '0') return { ok: true, value: 0 };
  if (/^\d+(\.\d+)?$/.test(text)) {
    return refusal(`${expected}; ${text} has no unit (write ${text}s for seconds)`);
  }
  if (text.startsWith('-')) return refusal(`${expected}, not negative`, input);

  const parts = /^(?:\d+(?:\.\d+)?[a-z]+)+$/.test(text) ? text.match(/[\d.]+[a-z]+/g) : null;
  if (parts === null) return refusal(expected, input);
  let totalUs = 0;
  let nextUnit = 0; // The first of DURATION_UNITS that may still come.
  for (const part of parts) {
    const [, decimal, unit] = DECIMAL_AND_UNIT.exec(part)!;
    const position = DURATION_UNITS.findIndex(([name]) => name === unit);
    if (position < 0) return refusal(`${expected}; the units are d, h, m, s, ms and us`, input);
    if (position < nextUnit) {
      return refusal(`${expected}, with larger units before smaller ones and each once`, input);
    }
    nextUnit = position + 1;
    const us = exactProduct(decimal!, DURATION_UNITS[position]![1]);
    if (us === undefined) return refusal(`${expected}, a whole number of microseconds`, input);
    totalUs += us;
  }
  if (!Number.isSafeInteger(totalUs)) return refusal(`${expected}, below 285 years`, input);
  return { ok: true, value: totalUs };
}

/** Events per second. */
export function parseRate(input: QuantityInput): Parsed {
  const expected = 'a rate such as 1800/s, 4/min, 10/h or 3/d';
  const match = /^(\d+(?:\.\d+)?)\/([a-z]+)$/.exec(textOf(input));
  const unitSeconds = match === null ? undefined : RATE_UNIT_SECONDS.get(match[2]!);
  if (match === null || unitSeconds === undefined) return refusal(expected, input);
  return { ok: true, value: Number(match[1]) / unitSeconds };
}

/** A fraction: `60%` and `0.6` are 0.6. Above 100 % only with the sign, since a bare 60 is nearly always meant as 60 %. */
export function parsePercent(input: QuantityInput): Parsed {
  const expected = 'a share such as 60% or 0.6';
  const match = /^(\d+)(?:\.(\d+))?(%?)$/.exec(textOf(input));
  if (match === null) return refusal(expected, input);
  const [, whole, fraction = '', sign] = match;
  if (sign === '%') {
    // Moves the point in the text, so that the double is the one nearest to the decimal.
    return { ok: true, value: Number(`${whole}${fraction}e-${fraction.length + 2}`) };
  }
  const value = Number(match[0]);
  if (value <= 1) return { ok: true, value };
  return refusal(`${expected}; ${match[0]} is above 1 (write ${match[0]}% for per cent)`);
}

/** Reads back to the same ticks: cores, else milli-cores, else ECS units, else a decimal number of milli-cores. */
export function formatCpu(ticks: number): string {
  assertWhole(ticks, 'CPU ticks');
  if (ticks % TICKS_PER_CORE === 0) return `${ticks / TICKS_PER_CORE}`;
  const odd = ticks % TICKS_PER_MILLI;
  if (odd === 0) return `${ticks / TICKS_PER_MILLI}m`;
  if (ticks % TICKS_PER_ECS_UNIT === 0) return `${ticks / TICKS_PER_ECS_UNIT}u`;
  // 1/128 = 0.0078125 has 7 decimals, so odd/128 = odd * 78125 / 10^7 exactly.
  const decimals = `${odd * 78_125}`.padStart(7, '0').replace(/0+$/, '');
  return `${(ticks - odd) / TICKS_PER_MILLI}.${decimals}m`;
}

/** Reads back to the same bytes: the shortest whole number of one unit; at equal length the earlier of these wins. */
export function formatBytes(bytes: number): string {
  assertWhole(bytes, 'bytes');
  if (bytes === 0) return '0';
  let best: string | undefined;
  for (const unit of ['TiB', 'GiB', 'MiB', 'KiB', 'TB', 'GB', 'MB', 'KB', '']) {
    const unitBytes = BYTE_UNITS.get(unit)!;
    if (bytes % unitBytes !== 0) continue;
    const text = `${bytes / unitBytes}${unit}`;
    if (best === undefined || text.length < best.length) best = text;
  }
  return best!;
}

/** Reads back to the same microseconds: `1d12h`, `1h30m`, `1s500ms`, `0s`. */
export function formatDuration(us: number): string {
  assertWhole(us, 'microseconds');
  let text = '';
  let restUs = us;
  for (const [unit, unitUs] of DURATION_UNITS) {
    const count = Math.floor(restUs / unitUs);
    restUs -= count * unitUs;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}

function parseWithUnits(
  input: QuantityInput,
  units: ReadonlyMap<string, number>,
  expected: string,
  grain: string,
): Parsed {
  const match = DECIMAL_AND_UNIT.exec(textOf(input));
  const unit = match === null ? undefined : units.get(match[2]!);
  if (match === null || unit === undefined) return refusal(expected, input);
  const value = exactProduct(match[1]!, unit);
  if (value === undefined)
    return refusal(`${expected}, a whole number of ${grain} below 2^53`, input);
  return { ok: true, value };
}

/** `decimal` x `unit`, or undefined when that is no integer or above 2^53 - 1. */
function exactProduct(decimal: string, unit: number): number | undefined {
  const [whole, fraction = ''] = decimal.split('.');
  const scaled = BigInt(whole! + fraction) * BigInt(unit);
  const divisor = BigInt(`1${'0'.repeat(fraction.length)}`);
  if (scaled % divisor !== 0n) return undefined;
  const value = Number(scaled / divisor);
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * A number as plain decimal text. YAML has already turned `0.00000005` into a double, whose shortest text is `5e-8`;
 * the exponent is written out, since it is not what the author wrote. A string stays as it is, exponent and all.
 */
function textOf(input: QuantityInput): string {
  if (typeof input === 'string') return input;
  const text = `${input}`;
  const match = /^(\d)(?:\.(\d+))?e-(\d+)$/.exec(text);
  if (match === null) return text;
  const [, whole, fraction = '', exponent] = match;
  return `0.${'0'.repeat(Number(exponent) - 1)}${whole}${fraction}`;
}

function refusal(expected: string, found?: QuantityInput): Parsed {
  const tail = found === undefined ? '' : `; found ${JSON.stringify(found)}`;
  return { ok: false, message: `expected ${expected}${tail}` };
}

function assertWhole(value: number, what: string): void {
  const fine = Number.isSafeInteger(value) && value >= 0;
  assert(fine, () => `expected a whole number of ${what}, zero or more; found ${value}`);
}
