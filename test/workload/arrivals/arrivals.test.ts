import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { NEVER } from '../../../src/base/units.ts';
import { Stream, Streams } from '../../../src/random/streams.ts';
import { at } from '../../../src/workload/arrivals/at.ts';
import type { ArrivalProcess } from '../../../src/workload/arrivals/arrival-process.ts';
import { every } from '../../../src/workload/arrivals/every.ts';
import { JobAttributes, openJobStreams } from '../../../src/workload/arrivals/job-attributes.ts';
import { limited } from '../../../src/workload/arrivals/limited.ts';
import { poisson } from '../../../src/workload/arrivals/poisson.ts';
import { renewal } from '../../../src/workload/arrivals/renewal.ts';
import { varyingPoisson } from '../../../src/workload/arrivals/varying-poisson.ts';

const HOUR_US = 3_600e6;

/** On for the first half of every hour, off for the second. */
const halfHours = { rateAt: (timeUs: number) => (timeUs % HOUR_US < HOUR_US / 2 ? 2 : 0) };

const PROCESSES: Record<string, (stream: Stream) => ArrivalProcess> = {
  poisson: (stream) => poisson(3, stream),
  every: () => every(250_000),
  renewal: (stream) => renewal({ kind: 'weibull', scale: 1e6, shape: 0.5 }, stream),
  varying: (stream) => varyingPoisson(halfHours, 2, 4 * HOUR_US, stream),
  at: () => at([5, 3, 3, 9]),
  limited: (stream) => limited(poisson(3, stream), 7),
};

function take(process: ArrivalProcess, count: number): number[] {
  return Array.from({ length: count }, () => process.nextUs());
}

describe.each(Object.entries(PROCESSES))('every arrival process, here %s,', (_, make) => {
  it('gives whole microseconds that never fall', () => {
    const times = take(make(new Stream('1/arrivals')), 500).filter((time) => time < NEVER);
    expect(times.every(Number.isInteger)).toBe(true);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('goes on after a restore as if nothing had happened, also through JSON', () => {
    fc.assert(
      fc.property(fc.nat(20), (before) => {
        const stream = new Stream('1/arrivals');
        const process = make(stream);
        take(process, before);
        const saved = JSON.stringify([process.save(), stream.save()]);
        const expected = take(process, 20);

        const otherStream = new Stream('other');
        const other = make(otherStream);
        const [state, streamState] = JSON.parse(saved);
        other.restore(state);
        otherStream.restore(streamState);
        expect(take(other, 20)).toEqual(expected);
      }),
      { seed: 42, numRuns: 50 },
    );
  });
});

describe('arrivals', () => {
  it('of a Poisson process come at its rate with as much variance as mean', () => {
    const count = 100_000;
    const process = poisson(10, new Stream('7/arrivals'));
    const perSecond = new Map<number, number>();
    for (const time of take(process, count)) {
      const second = Math.floor(time / 1e6);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    const seconds = 9_900; // of about 100,000 / 10 = 10,000; whole ones only
    let sum = 0;
    let squares = 0;
    for (let second = 0; second < seconds; second++) {
      const arrivals = perSecond.get(second) ?? 0;
      sum += arrivals;
      squares += arrivals * arrivals;
    }
    const mean = sum / seconds;
    // Standard error of the mean sqrt(10 / 9900) = 0.032, of the variance 10 sqrt(2 / 9900) = 0.14; 4 of each.
    expect(Math.abs(mean - 10)).toBeLessThan(0.13);
    expect(Math.abs(squares / seconds - mean * mean - 10)).toBeLessThan(0.6);
  });

  it('every third of a second do not drift', () => {
    const times = take(every(1e6 / 3), 3_000);
    expect(times.slice(0, 3)).toEqual([333_333, 666_667, 1_000_000]);
    expect(times[2_999]).toBe(1_000e6);
  });

  it('take their rounding from the sum of the gaps and not from each gap', () => {
    const times = take(renewal({ kind: 'constant', value: 0.4 }, new Stream('1')), 5);
    expect(times).toEqual([0, 1, 1, 2, 2]); // 0.4 0.8 1.2 1.6 2.0
  });

  it('at listed times come in rising order, then never', () => {
    expect(take(at([5, 3, 3]), 5)).toEqual([3, 3, 5, NEVER, NEVER]);
  });

  it('stop at their limit', () => {
    expect(take(limited(every(10), 2), 4)).toEqual([10, 20, NEVER, NEVER]);
    expect(take(limited(every(10), 0), 1)).toEqual([NEVER]);
  });

  it('of a varying rate come only while the rate is above 0, as many as its integral', () => {
    const process = varyingPoisson(halfHours, 2, 10 * HOUR_US, new Stream('3/arrivals'));
    const times: number[] = [];
    for (let time = process.nextUs(); time < NEVER; time = process.nextUs()) times.push(time);
    expect(times.every((time) => halfHours.rateAt(time) > 0)).toBe(true);
    // 10 half hours x 1800 s x 2/s = 36,000; standard deviation sqrt(36,000) = 190; 4 of them.
    expect(Math.abs(times.length - 36_000)).toBeLessThan(760);
  });

  it('of a rate that stays at 0 end with the run', () => {
    const process = varyingPoisson({ rateAt: () => 0 }, 1, HOUR_US, new Stream('3'));
    expect(process.nextUs()).toBe(NEVER);
  });

  it('of a rate above the stated maximum are refused', () => {
    const process = varyingPoisson({ rateAt: () => 3 }, 2, HOUR_US, new Stream('3'));
    expect(() => process.nextUs()).toThrow('above 2/s');
  });
});

describe('the attributes of a job', () => {
  const cpuTicks = { kind: 'uniform', low: 1_000, high: 9_000 } as const;
  const memoryBytes = { kind: 'exponential', mean: 1e9 } as const;
  const durationUs = { kind: 'lognormal', median: 60e6, p95: 600e6 } as const;

  function jobs(distributions: Partial<ConstructorParameters<typeof JobAttributes>[0]>) {
    const streams = openJobStreams(new Streams(42), 'batch');
    const all = { cpuTicks, memoryBytes, durationUs, workUs: null, ...distributions };
    const attributes = new JobAttributes(all, streams);
    return Array.from({ length: 50 }, () => ({ ...attributes.draw() }));
  }

  it('do not move when the distribution of another attribute changes', () => {
    const withOtherCpu = jobs({ cpuTicks: { kind: 'constant', value: 7 } });
    jobs({}).forEach((job, row) => {
      expect({ ...withOtherCpu[row]!, cpuTicks: 0 }).toEqual({ ...job, cpuTicks: 0 });
    });
  });

  it('are whole numbers of 1 or more', () => {
    const tiny = { kind: 'constant', value: 0.2 } as const;
    const [job] = jobs({ cpuTicks: tiny, memoryBytes: tiny, durationUs: tiny });
    expect(job).toEqual({ cpuTicks: 1, memoryBytes: 1, durationUs: 1, workUs: 0 });
    expect(jobs({}).every((draw) => Object.values(draw).every(Number.isInteger))).toBe(true);
  });

  it('have work instead of a duration, never both', () => {
    const workUs = { kind: 'constant', value: 30e6 } as const;
    expect(jobs({ durationUs: null, workUs })[0]).toMatchObject({
      durationUs: NEVER,
      workUs: 30e6,
    });
    expect(() => jobs({ workUs })).toThrow('either a duration or a work');
  });
});
