import { describe, expect, it } from 'vitest';
import { US_PER_DAY, US_PER_HOUR, US_PER_SECOND } from '../../src/base/units.ts';
import { itemCosts } from '../../src/report/charts/cost-by-variant.ts';
import { meanSeries, timeUnitOf } from '../../src/report/charts/mean-series.ts';
import { waitAxis } from '../../src/report/charts/wait-axis.ts';
import {
  waitingDistribution,
  waitsByVariant,
  type WaitingTask,
} from '../../src/report/charts/waiting-distribution.ts';
import { compare } from '../../src/report/comparison.ts';
import type { SummaryRow } from '../../src/report/tables/summary.ts';
import type { TimeseriesRow } from '../../src/report/tables/timeseries.ts';
import { syntheticTables } from './synthetic.ts';

const [ANY_SAMPLE] = syntheticTables().timeseries as [TimeseriesRow];
const [ANY_ROW] = syntheticTables().summary as [SummaryRow];

const sample = (seed: string, timeUs: number, pending: number): TimeseriesRow => ({
  ...ANY_SAMPLE,
  variant: 'a',
  seed,
  timeUs,
  pending,
});

const task = (waitSeconds: number | null, more: Partial<WaitingTask> = {}): WaitingTask => ({
  variant: 'a',
  kind: 'job',
  submittedUs: 0,
  waitUs: waitSeconds === null ? null : waitSeconds * US_PER_SECOND,
  ...more,
});

describe('a series', () => {
  const pending = { pending: (row: TimeseriesRow) => row.pending };

  it('is the mean over seeds at each sampling time', () => {
    const rows = [sample('1', 0, 2), sample('1', US_PER_HOUR, 4), sample('2', 0, 5)];
    // (2 + 5) / 2 = 3.5; times in minutes, since the last is at one hour
    expect(meanSeries(rows, ['a'], pending, 10)).toEqual([
      { variant: 'a', series: 'pending', time: 0, value: 3.5 },
      { variant: 'a', series: 'pending', time: 60, value: 4 },
    ]);
  });

  it('with more times than points averages what falls in one bucket', () => {
    const rows = [0, 1, 2, 3, 4, 5, 6, 7].map((hour) => sample('1', hour * US_PER_HOUR, hour));
    // two buckets of ceil((7 h + 1 µs) / 2): hours 0..3 with mean 1.5, hours 4..7 with mean 5.5
    const points = meanSeries(rows, ['a'], pending, 2);
    expect(points.map((point) => point.value)).toEqual([1.5, 5.5]);
  });

  it('leaves unknown values out of the mean', () => {
    const rows = [sample('1', 0, 2), sample('2', 0, 5)];
    const some = { pending: (row: TimeseriesRow) => (row.seed === '1' ? null : row.pending) };
    expect(meanSeries(rows, ['a'], some, 10).map((point) => point.value)).toEqual([5]);
  });

  it('is drawn in minutes, hours or days', () => {
    const unit = (lastUs: number) => timeUnitOf([sample('1', lastUs, 0)]).name;
    expect([US_PER_HOUR, US_PER_DAY, 30 * US_PER_DAY].map(unit)).toEqual(['min', 'h', 'd']);
  });
});

describe('the waiting distribution', () => {
  it('takes tasks submitted after the warm-up, no daemons, pending ones with what they waited', () => {
    const waits = waitsByVariant(
      [
        task(3, { submittedUs: 10 }),
        task(1, { submittedUs: 10 }),
        task(9, { submittedUs: 9 }),
        task(5, { submittedUs: 10, kind: 'daemon' }),
        task(null, { submittedUs: 10 }),
      ],
      10,
    );
    expect([...waits]).toEqual([['a', Float64Array.of(1, 3)]]);
  });

  it('steps to rank ceil(share x n): half of four tasks waited at most the second wait', () => {
    const waits = new Map([['a', Float64Array.of(1, 2, 30, 400)]]);
    const chart = waitingDistribution(waits, ['a'], { scenario: 's', replications: 1 });
    const { values } = (chart.spec as { data: { values: { share: number; wait_s: number }[] } })
      .data;
    const waitAt = (share: number) => values.find((point) => point.share === share)?.wait_s;
    expect([0, 0.25, 0.5, 0.75, 1].map(waitAt)).toEqual([1, 1, 2, 30, 400]);
  });

  it('has an axis that ends at the first known duration above the longest wait', () => {
    expect(waitAxis(0).axis.values).toEqual([0, 1]);
    expect(waitAxis(61).axis.values).toEqual([0, 1, 5, 15, 60, 300]);
    expect(waitAxis(1e9).scale.domain).toEqual([0, 1e9]);
  });
});

describe('the bill by item', () => {
  it('is the mean over the seeds of the variant, items in the order of the closed list', () => {
    const comparison = compare([{ ...ANY_ROW, variant: 'a' }], 'a');
    const line = { variant: 'a', seed: '1', item: 'nat' as const, costMicroUsd: 1_000_000 };
    const lines = [
      line,
      { ...line, seed: '2', costMicroUsd: 2_000_000 },
      { ...line, item: 'ec2' as const, costMicroUsd: 500_000 },
      { ...line, item: 'ec2' as const, costMicroUsd: null },
    ];
    // ec2: 0.5 USD / 2 seeds; nat: (1 + 2) USD / 2 seeds
    expect(itemCosts(lines, comparison)).toEqual([
      { variant: 'a', item: 'ec2', usd: 0.25 },
      { variant: 'a', item: 'nat', usd: 1.5 },
    ]);
  });
});
