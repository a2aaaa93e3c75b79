/**
 * A cron expression as Kubernetes reads it, in UTC: minute, hour, day of the month, month, day of the week.
 *
 * Fields      `*` or `?`, a number, a range, either with a step behind a slash (`5/15` means from 5 to the end), lists of
 *             these; months and days of the week also by the first three letters of their English names. Sunday is 0.
 * Days        both fields must agree where one of them is `*`; where neither is, one of the two is enough.
 * Macros      @yearly @annually @monthly @weekly @daily @midnight @hourly, and `@every 90m`: so long after the last time.
 * Source      the behaviour of robfig/cron v3, which Kubernetes uses (kubernetes.md 3.6).
 */

import { civilDay } from './civil-time.ts';
import { NEVER, US_PER_DAY, US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from './units.ts';
import { parseDuration } from './quantity.ts';

export interface CronSchedule {
  /** The first time after `us`, both since 1970-01-01T00:00:00Z; NEVER when there is none for five years. */
  nextUs(us: number): number;
}

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of the month', min: 1, max: 31, names: [] },
  {
    name: 'month',
    min: 1,
    max: 12,
    names: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' '),
  },
  { name: 'day of the week', min: 0, max: 6, names: 'sun mon tue wed thu fri sat'.split(' ') },
];

/** The values that a field lets through, and whether it is `*`. */
interface Match {
  readonly values: ReadonlySet<number>;
  readonly isStar: boolean;
}

/** The schedule, or a sentence that says what was expected. */
export function parseCron(text: string): CronSchedule | string {
  if (text.startsWith('@every ')) return everySchedule(text.slice('@every '.length).trim());
  if (text.startsWith('@') && MACROS[text] === undefined) {
    return `expected a macro such as @daily or @every 90m, found "${text}"`;
  }
  const parts = (MACROS[text] ?? text).split(/\s+/).filter((part) => part !== '');
  if (parts.length !== FIELDS.length) {
    return `expected five fields (${FIELDS.map(({ name }) => name).join(', ')}), found ${parts.length}`;
  }
  const matches: Match[] = [];
  for (const [i, field] of FIELDS.entries()) {
    const match = matchOf(parts[i]!, field);
    if (typeof match === 'string') return match;
    matches.push(match);
  }
  const [minute, hour, day, month, weekday] = matches as [Match, Match, Match, Match, Match];
  return new FieldSchedule(minute, hour, day, month, weekday);
}

function everySchedule(text: string): CronSchedule | string {
  const period = parseDuration(text);
  if (!period.ok) return period.message;
  const wholeUs = Math.floor(period.value / US_PER_SECOND) * US_PER_SECOND;
  const periodUs = Math.max(US_PER_SECOND, wholeUs);
  return { nextUs: (us) => Math.floor(us / US_PER_SECOND) * US_PER_SECOND + periodUs };
}

function matchOf(text: string, field: Field): Match | string {
  const values = new Set<number>();
  let isStar = false;
  for (const part of text.split(',').filter((one) => one !== '')) {
    const range = rangeOf(part, field);
    if (range === undefined) {
      const { name, min, max } = field;
      return `expected a ${name} from ${min} to ${max}, a range or a step such as */5, found "${part}"`;
    }
    const { from, to, step } = range;
    for (let value = from; value <= to; value += step) values.add(value);
    isStar ||= /^[*?]/.test(part) && step === 1;
  }
  return { values, isStar };
}

function rangeOf(
  part: string,
  field: Field,
): { from: number; to: number; step: number } | undefined {
  const match = /^(?:([*?])|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
  if (match === null) return undefined;
  const [, star, first, last, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  const from = star === undefined ? numberOf(first!, field) : field.min;
  const isOpen = star !== undefined || (last === undefined && stepText !== undefined);
  const to = isOpen ? field.max : numberOf(last ?? first!, field);
  if (from === undefined || to === undefined || step === 0) return undefined;
  return from >= field.min && to <= field.max && from <= to ? { from, to, step } : undefined;
}

function numberOf(text: string, { names, min }: Field): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + min;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

const YEARS_AHEAD = 5;

class FieldSchedule implements CronSchedule {
  private readonly minutes: readonly number[];
  private readonly hours: readonly number[];
  private readonly day: Match;
  private readonly month: Match;
  private readonly weekday: Match;

  constructor(minute: Match, hour: Match, day: Match, month: Match, weekday: Match) {
    this.minutes = ascending(minute.values);
    this.hours = ascending(hour.values);
    this.day = day;
    this.month = month;
    this.weekday = weekday;
  }

  nextUs(us: number): number {
    if (us === NEVER) return NEVER;
    const firstDay = Math.floor(us / US_PER_DAY);
    const lastYear = civilDay(firstDay).year + YEARS_AHEAD;
    for (let days = firstDay; ; days++) {
      const { year, month, day, weekday } = civilDay(days);
      if (year > lastYear) return NEVER;
      if (!this.month.values.has(month) || !this.dayMatches(day, weekday)) continue;
      const atUs = this.firstAfter(us, days * US_PER_DAY);
      if (atUs !== undefined) return atUs;
    }
  }

  private dayMatches(day: number, weekday: number): boolean {
    const byMonth = this.day.values.has(day);
    const byWeek = this.weekday.values.has(weekday);
    return this.day.isStar || this.weekday.isStar ? byMonth && byWeek : byMonth || byWeek;
  }

  private firstAfter(us: number, midnightUs: number): number | undefined {
    for (const hour of this.hours) {
      const hourUs = midnightUs + hour * US_PER_HOUR;
      if (hourUs + US_PER_HOUR <= us) continue;
      for (const minute of this.minutes) {
        const atUs = hourUs + minute * US_PER_MINUTE;
        if (atUs > us) return atUs;
      }
    }
    return undefined;
  }
}

function ascending(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b);
}
