import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCpu,
  formatDuration,
  parseBytes,
  parseCount,
  parseCpu,
  parseDuration,
  parseMoney,
  parsePercent,
  parseRate,
} from '../../src/base/quantity.ts';
import type { Parsed, QuantityInput } from '../../src/base/quantity.ts';

type Parse = (input: QuantityInput) => Parsed;

function reads(parse: Parse, cases: readonly (readonly [QuantityInput, number])[]): void {
  for (const [input, value] of cases)
    expect([input, parse(input)]).toEqual([input, { ok: true, value }]);
}

function refuses(parse: Parse, inputs: readonly QuantityInput[]): void {
  for (const input of inputs) expect([input, parse(input).ok]).toEqual([input, false]);
}

function messageOf(parsed: Parsed): string {
  return parsed.ok ? `read as ${parsed.value}` : parsed.message;
}

const anyWhole = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(),
  fc.nat(2_000_000),
  fc.tuple(fc.nat(5_000), fc.constantFrom(1_000, 1_024, 1e6, 1_048_576)).map(([a, b]) => a * b),
);
const manyTimes = { numRuns: 2_000, seed: 42 };

describe('CPU', () => {
  it('is cores, milli-cores or ECS units, all exact in ticks of 1/128000 core', () => {
    reads(parseCpu, [
      [2, 256_000], // 2 x 128000
      ['2', 256_000],
      [0.5, 64_000],
      ['0.5', 64_000],
      ['500m', 64_000], // 500 x 128
      ['1m', 128],
      ['0.5m', 64],
      ['256u', 32_000], // 256 x 125 = a quarter of a core
      [0, 0],
    ]);
  });

  it('is refused when it is no whole number of ticks, signed, spaced or of an unknown unit', () => {
    refuses(parseCpu, [
      '0.0001',
      '0.001m',
      '-1',
      -1,
      '0.5 cores',
      '1 ',
      '1e3',
      '2vCPU',
      '',
      '.5',
      '1.',
      NaN,
      Infinity,
    ]);
    expect(messageOf(parseCpu('0.5 cores'))).toBe(
      'expected a CPU amount such as 2, 0.5, 500m or 256u (ECS units); found "0.5 cores"',
    );
  });

  it('reads back from what it prints', () => {
    expect([256_000, 64_000, 32_125, 1, 127].map(formatCpu)).toEqual([
      '2',
      '500m',
      '257u', // 32125 = 257 x 125
      '0.0078125m', // 1/128
      '0.9921875m', // 127/128
    ]);
    fc.assert(
      fc.property(anyWhole, (ticks) => {
        expect(parseCpu(formatCpu(ticks))).toEqual({ ok: true, value: ticks });
      }),
      manyTimes,
    );
  });
});

describe('bytes', () => {
  it('come in binary, decimal and Kubernetes units, or bare', () => {
    reads(parseBytes, [
      ['512MiB', 536_870_912], // 512 x 2^20
      ['1.5GiB', 1_610_612_736], // 1.5 x 2^30
      ['412MB', 412_000_000],
      ['4Gi', 4_294_967_296],
      ['1Ti', 1_099_511_627_776],
      ['2k', 2_000],
      ['3G', 3_000_000_000],
      ['0.5KiB', 512],
      [1_000, 1_000],
      ['17', 17],
      ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ]);
  });

  it('are refused when fractional, above 2^53 - 1, or in a unit nobody stated', () => {
    refuses(parseBytes, [
      '1e3',
      1.5,
      '0.3KiB',
      '9007199254740992',
      1e21,
      '9PiB',
      '100m',
      '5mb',
      '-1MiB',
      '1 GiB',
      '1_000',
    ]);
    expect(messageOf(parseBytes('0.3KiB'))).toMatch(
      /a whole number of bytes below 2\^53; found "0\.3KiB"$/,
    );
  });

  it('read back from what they print', () => {
    expect([0, 17, 1_024, 1_000, 412_000_000, 1_610_612_736].map(formatBytes)).toEqual([
      '0',
      '17',
      '1KiB',
      '1KB',
      '412MB',
      '1536MiB',
    ]);
    fc.assert(
      fc.property(anyWhole, (bytes) => {
        expect(parseBytes(formatBytes(bytes))).toEqual({ ok: true, value: bytes });
      }),
      manyTimes,
    );
  });
});

describe('durations', () => {
  it('are sums of falling units, each once, exact in microseconds', () => {
    reads(parseDuration, [
      ['1h30m', 5_400_000_000],
      ['15m', 900_000_000],
      ['90s', 90_000_000],
      ['250ms', 250_000],
      ['1.5h', 5_400_000_000],
      ['0.000001s', 1],
      ['7d', 604_800_000_000],
      ['1d2h3m4s5ms6us', 93_784_005_006],
      ['0s', 0],
      ['0', 0],
      [0, 0],
    ]);
  });

  it('are refused without a unit, negative, out of order, repeated, or finer than a microsecond', () => {
    refuses(parseDuration, [
      '30m1h',
      '1m1m',
      '1m30',
      '-5s',
      '1h 30m',
      '5 s',
      '1w',
      '0.5us',
      '1e3s',
      'PT15M',
      '',
      's',
      '1H',
    ]);
    expect(messageOf(parseDuration(90))).toBe(
      'expected a duration such as 15m, 1h30m, 90s, 250ms or 7d; 90 has no unit (write 90s for seconds)',
    );
    expect(messageOf(parseDuration('-5s'))).toMatch(/, not negative; found "-5s"$/);
  });

  it('read back from what they print', () => {
    // 86400 + 12 x 3600 = 129600 s
    expect([5_400_000_000, 129_600_000_000, 1_500_000, 0].map(formatDuration)).toEqual([
      '1h30m',
      '1d12h',
      '1s500ms',
      '0s',
    ]);
    fc.assert(
      fc.property(anyWhole, (us) => {
        expect(parseDuration(formatDuration(us))).toEqual({ ok: true, value: us });
      }),
      manyTimes,
    );
  });
});

it('a rate is a number of events per second, minute, hour or day', () => {
  reads(parseRate, [
    ['1800/s', 1_800],
    ['4/min', 4 / 60],
    ['10/h', 10 / 3_600],
    ['3/d', 3 / 86_400],
    ['0.5/s', 0.5],
    ['0/s', 0],
  ]);
  refuses(parseRate, [5, '5', '5/m', '-5/s', '5 / s', '/s', '1e3/s', '5/week']);
});

it('money is exact where the double is not', () => {
  reads(parseMoney, [
    ['0.61', 610_000_000],
    [0.61, 610_000_000],
    ['1.005', 1_005_000_000], // 1.005 x 1e9 in doubles is 1004999999.9999999
    [5e-8, 50],
    ['0.000000001', 1],
  ]);
  refuses(parseMoney, ['0.0000000001', '$1', '-1', '1,5', '5e-8', 'free']);
});

it('a count is a whole number, zero or more', () => {
  reads(parseCount, [
    [24, 24],
    ['24', 24],
    [0, 0],
  ]);
  refuses(parseCount, [1.5, -1, '1e3', '1_000', '', NaN]);
});

it('a share is per cent or a fraction, and a bare number above 1 is refused with a hint', () => {
  reads(parsePercent, [
    ['60%', 0.6],
    [0.6, 0.6],
    ['0.6', 0.6],
    ['0.1%', 0.001],
    ['150%', 1.5],
    [1, 1],
  ]);
  refuses(parsePercent, ['-1%', '60 %', '%', 'most', 60]);
  expect(messageOf(parsePercent(60))).toBe(
    'expected a share such as 60% or 0.6; 60 is above 1 (write 60% for per cent)',
  );
});
