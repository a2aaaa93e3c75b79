/** A UTC timestamp such as `2026-01-05T00:00:00Z` as microseconds since 1970-01-01T00:00:00Z. */

import { daysInMonth, daysSince1970 } from '../base/civil-time.ts';
import { US_PER_DAY, US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from '../base/units.ts';

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/;

/** Undefined when the text is no such timestamp, or names a day or hour that does not exist. */
export function parseStartTime(text: string): number | undefined {
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const clockUs = hour * US_PER_HOUR + minute * US_PER_MINUTE + second * US_PER_SECOND;
  return daysSince1970(year, month, day) * US_PER_DAY + clockUs;
}
