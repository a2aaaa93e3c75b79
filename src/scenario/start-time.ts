/**
 * A UTC timestamp such as `2026-01-05T00:00:00Z` as microseconds since 1970-01-01T00:00:00Z, by the days-from-civil
 * formula of the proleptic Gregorian calendar: years begin in March, so that the leap day is the last of its year.
 */

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

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const marchMonth = (month + 9) % 12; // March is 0.
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  // 719,468 days lie between 0000-03-01 and 1970-01-01; an era of 400 years has 146,097.
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468;
}
