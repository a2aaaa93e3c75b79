/**
 * Time series averaged over seeds and thinned to a number of points: samples of one variant that fall in the same bucket
 * of time are averaged, so that no spike is picked or lost by chance. Unknown values are left out of their mean.
 */

import { US_PER_DAY, US_PER_HOUR, US_PER_MINUTE } from '../../base/units.ts';
import type { TimeseriesRow } from '../tables/timeseries.ts';

export interface MeanPoint {
  readonly variant: string;
  readonly series: string;
  /** In the unit of the series. */
  readonly time: number;
  readonly value: number;
}

/** What is drawn of a row; null where it is unknown. */
export type SeriesValues = Readonly<Record<string, (row: TimeseriesRow) => number | null>>;

export interface TimeUnit {
  readonly name: 'min' | 'h' | 'd';
  readonly us: number;
}

/** The unit in which the times of an axis are numbers of a size that people read. */
export function timeUnitOf(rows: readonly TimeseriesRow[]): TimeUnit {
  const lastUs = rows.reduce((most, row) => Math.max(most, row.timeUs), 0);
  if (lastUs <= 3 * US_PER_HOUR) return { name: 'min', us: US_PER_MINUTE };
  return lastUs <= 4 * US_PER_DAY ? { name: 'h', us: US_PER_HOUR } : { name: 'd', us: US_PER_DAY };
}

/** The time axis of a chart of series. */
export function timeAxis(unit: TimeUnit) {
  return {
    field: 'time',
    type: 'quantitative' as const,
    title: `simulated time, ${unit.name}`,
    scale: { nice: false },
  };
}

/** The time in a tooltip. */
export function timeTooltip(unit: TimeUnit) {
  return {
    field: 'time',
    type: 'quantitative' as const,
    title: `time, ${unit.name}`,
    format: ',.2f',
  };
}

/** Points in order of variant, series, time. `pointsMax` bounds the points of one line. */
export function meanSeries(
  rows: readonly TimeseriesRow[],
  variants: readonly string[],
  values: SeriesValues,
  pointsMax: number,
): MeanPoint[] {
  const widthUs = bucketWidthUs(rows, pointsMax);
  const unit = timeUnitOf(rows);
  return variants.flatMap((variant) => {
    const own = rows.filter((row) => row.variant === variant);
    return Object.entries(values).flatMap(([series, value]) =>
      bucketMeans(own, value, widthUs).map(([timeUs, mean]) => ({
        variant,
        series,
        time: timeUs / unit.us,
        value: mean,
      })),
    );
  });
}

/** 1 µs, so that every sampling time is its own bucket, unless there are more of them than points. */
function bucketWidthUs(rows: readonly TimeseriesRow[], pointsMax: number): number {
  const times = new Set(rows.map((row) => row.timeUs));
  if (times.size <= pointsMax) return 1;
  let last = 0;
  for (const time of times) last = Math.max(last, time);
  return Math.ceil((last + 1) / pointsMax);
}

function bucketMeans(
  rows: readonly TimeseriesRow[],
  value: (row: TimeseriesRow) => number | null,
  widthUs: number,
): [timeUs: number, mean: number][] {
  const buckets = new Map<number, { sum: number; count: number }>();
  for (const row of rows) {
    const known = value(row);
    if (known === null) continue;
    const timeUs = Math.floor(row.timeUs / widthUs) * widthUs;
    const bucket = buckets.get(timeUs) ?? { sum: 0, count: 0 };
    bucket.sum += known;
    bucket.count += 1;
    buckets.set(timeUs, bucket);
  }
  return [...buckets]
    .map(([timeUs, { sum, count }]): [number, number] => [timeUs, sum / count])
    .sort((a, b) => a[0] - b[0]);
}
