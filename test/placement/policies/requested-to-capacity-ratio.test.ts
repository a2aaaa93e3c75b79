import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PolicyBench, demand, policyNamed } from './policy-bench.ts';
import {
  parseShape,
  scoreAt,
} from '../../../src/placement/policies/requested-to-capacity-ratio.ts';

describe('a broken line over utilisation', () => {
  it('holds its first score before the first point and its last behind the last', () => {
    const shape = parseShape('20:3-60:7');
    expect([0, 20, 60, 100].map((at) => scoreAt(shape, at))).toEqual([30, 30, 70, 70]);
  });

  it('interpolates in integers and cuts towards zero, upwards and downwards', () => {
    // 0 + 100 x 33 / 75 = 44; 100 - (100 x 10) div 25 = 60; 100 - 100 x 7 / 25 = 72
    const shape = parseShape('0:0-75:10-100:0');
    expect([33, 85, 82].map((at) => scoreAt(shape, at))).toEqual([44, 60, 72]);
    // 0 + 10 x 1 div 3 = 3; 10 + trunc(-10 x 1 / 3) = 10 - 3 = 7, where rounding down would give 6
    expect(scoreAt(parseShape('0:0-3:1'), 1)).toBe(3);
    expect(scoreAt(parseShape('0:1-3:0'), 1)).toBe(7);
  });

  it('refuses points out of order and scores above 10', () => {
    expect(() => parseShape('50:1-20:2')).toThrow('rising');
    expect(() => parseShape('50:11')).toThrow('up to 100:10');
    expect(() => parseShape('half:1')).toThrow('found "half:1"');
  });

  it('is monotone between two points, and at a point gives its score', () => {
    const percent = fc.integer({ min: 0, max: 100 });
    const point = fc.tuple(percent, fc.integer({ min: 0, max: 10 }));
    fc.assert(
      fc.property(fc.uniqueArray(point, { selector: ([u]) => u, minLength: 1 }), (points) => {
        points.sort(([a], [b]) => a - b);
        const shape = parseShape(points.map(([u, s]) => `${u}:${s}`).join('-'));
        for (const [u, s] of points) expect(scoreAt(shape, u)).toBe(10 * s);
        for (let u = 0; u <= 100; u++) {
          expect(Number.isInteger(scoreAt(shape, u))).toBe(true);
          const right = points.find(([at]) => at >= u) ?? points.at(-1)!;
          const left = points.findLast(([at]) => at <= u) ?? points[0]!;
          expect(scoreAt(shape, u)).toBeGreaterThanOrEqual(10 * Math.min(left[1], right[1]));
          expect(scoreAt(shape, u)).toBeLessThanOrEqual(10 * Math.max(left[1], right[1]));
        }
      }),
      { seed: 42, numRuns: 40 },
    );
  });
});

describe('RequestedToCapacityRatio of a host', () => {
  /** 4 cores and 16 GiB, of which 1 core and 6 GiB are in use. */
  function half(): [PolicyBench, number] {
    const bench = new PolicyBench();
    const host = bench.host(4, 16);
    bench.bind(demand(1, 6), host);
    return [bench, host];
  }

  it('packs with a rising line and spreads with a falling one', () => {
    const [bench, host] = half();
    // with 1 core and 2 GiB: 2/4 = 50, 8/16 = 50; 1.5/4 = 37, 6.5/16 = 40 -> round(38.5) = 39
    const pack = policyNamed('requested-to-capacity-ratio');
    expect(bench.score(pack, demand(1, 2), host)).toBe(50);
    expect(bench.score(pack, demand(0.5, 0.5), host)).toBe(39);
    // 100 - 37 = 63, 100 - 40 = 60 -> round(61.5) = 62
    const spread = policyNamed('requested-to-capacity-ratio[shape=0:10-100:0]');
    expect(bench.score(spread, demand(0.5, 0.5), host)).toBe(62);
  });

  it('weighs the resources as told', () => {
    const [bench, host] = half();
    // cpu 3/4 = 75, memory 8/16 = 50: (75 x 3 + 50) / 4 = 68.75 -> 69; (75 + 50 x 3) / 4 = 56.25 -> 56; memory 0: 75
    const at = (weights: string) =>
      bench.score(policyNamed(`requested-to-capacity-ratio[${weights}]`), demand(2, 2), host);
    expect([at('cpu=3'), at('memory=3'), at('memory=0')]).toEqual([69, 56, 75]);
  });

  it('leaves a resource that scores 0 out of the mean', () => {
    const bench = new PolicyBench();
    // The memory of one pod is under 1 % of the node: 0.5/64 = 0; cpu 2/4 = 50.
    const host = bench.host(4, 64);
    const pack = policyNamed('requested-to-capacity-ratio');
    expect(bench.score(pack, demand(2, 0.5), host)).toBe(50);
    // Nothing scores: 0.01/4 = 0.
    expect(bench.score(pack, demand(0.01, 0.5), host)).toBe(0);
  });
});
