import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron } from '../../src/base/cron-schedule.ts';
import { NEVER } from '../../src/base/units.ts';

/** The next `count` times after an instant, as timestamps. */
function times(expression: string, after: string, count = 3): string[] {
  const schedule = parseCron(expression);
  if (typeof schedule === 'string') throw new Error(schedule);
  const found: string[] = [];
  let us = Date.parse(after) * 1_000;
  while (found.length < count) {
    us = schedule.nextUs(us);
    found.push(new Date(us / 1_000).toISOString().slice(0, 16));
  }
  return found;
}

describe('a cron schedule', () => {
  it('comes strictly after the time asked for', () => {
    expect(times('*/20 * * * *', '2026-01-05T00:20:00Z')).toEqual([
      '2026-01-05T00:40',
      '2026-01-05T01:00',
      '2026-01-05T01:20',
    ]);
  });

  it('knows lists, ranges, steps from a number on, and names', () => {
    // 2026-01-05 is a Monday.
    expect(times('30 6-16/4 * * mon-fri', '2026-01-09T10:30:00Z')).toEqual([
      '2026-01-09T14:30',
      '2026-01-12T06:30',
      '2026-01-12T10:30',
    ]);
    expect(times('50/5,0 0 1 JAN,jul *', '2026-01-05T00:00:00Z')).toEqual([
      '2026-07-01T00:00',
      '2026-07-01T00:50',
      '2026-07-01T00:55',
    ]);
  });

  it('takes either day where neither field is a star, and both where one is', () => {
    expect(times('0 0 13 * 5', '2026-02-01T00:00:00Z')).toEqual([
      '2026-02-06T00:00',
      '2026-02-13T00:00',
      '2026-02-20T00:00',
    ]);
    // `*/2` is no star: the step made a choice.
    expect(times('0 0 */2 * 5', '2026-01-05T00:00:00Z', 2)).toEqual([
      '2026-01-07T00:00',
      '2026-01-09T00:00',
    ]);
  });

  it('finds the leap day, and gives up on a day that never comes', () => {
    expect(times('0 12 29 2 *', '2026-01-05T00:00:00Z', 2)).toEqual([
      '2028-02-29T12:00',
      '2032-02-29T12:00',
    ]);
    const never = parseCron('59 23 31 2 *');
    expect(typeof never === 'string' ? never : never.nextUs(0)).toBe(NEVER);
  });

  it('knows macros', () => {
    expect(times('@weekly', '2026-01-05T00:00:00Z', 1)).toEqual(['2026-01-11T00:00']);
    expect(times('@every 90m', '2026-01-05T00:00:00Z', 2)).toEqual([
      '2026-01-05T01:30',
      '2026-01-05T03:00',
    ]);
  });

  it.each([
    ['* * * *', 'expected five fields'],
    ['60 * * * *', 'expected a minute from 0 to 59'],
    ['* * * * 7', 'expected a day of the week from 0 to 6'],
    ['* 5-3 * * *', 'expected a hour from 0 to 23'],
    ['*/0 * * * *', 'expected a minute'],
    ['@often', 'expected a macro'],
  ])('refuses %s', (expression, sentence) => {
    expect(parseCron(expression)).toContain(sentence);
  });

  it('agrees with a twin that tries every minute', () => {
    const field = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min, max }).map(String),
        fc.integer({ min: 2, max: 9 }).map((step) => `*/${step}`),
      );
    const start = Date.parse('2026-02-20T00:00:00Z') / 60_000;
    fc.assert(
      fc.property(
        fc.tuple(field(0, 59), field(0, 23), field(1, 28), field(2, 3), field(0, 6)),
        fc.nat(20_000),
        (fields, offset) => {
          const schedule = parseCron(fields.join(' '));
          if (typeof schedule === 'string') throw new Error(schedule);
          const limit = start + offset + 20_000;
          let minute = start + offset + 1;
          while (minute < limit && !isDue(fields, minute)) minute++;
          const next = schedule.nextUs((start + offset) * 60e6) / 60e6;
          expect(Math.min(next, limit)).toBe(minute);
        },
      ),
      { seed: 7, numRuns: 200 },
    );
  });
});

function isDue(fields: readonly string[], minute: number): boolean {
  const date = new Date(minute * 60_000);
  const values = [
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth() + 1,
    date.getUTCDay(),
  ];
  const minimum = [0, 0, 1, 1, 0];
  const holds = fields.map((field, i) => {
    if (field === '*') return true;
    if (field.startsWith('*/')) return (values[i]! - minimum[i]!) % Number(field.slice(2)) === 0;
    return Number(field) === values[i];
  });
  const isStar = fields[2] === '*' || fields[4] === '*';
  const day = isStar ? holds[2]! && holds[4]! : holds[2]! || holds[4]!;
  return holds[0]! && holds[1]! && holds[3]! && day;
}
