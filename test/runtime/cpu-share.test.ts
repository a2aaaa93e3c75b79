import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuWeight } from '../../src/runtime/cpu-weight.ts';
import { shareCpu } from '../../src/runtime/cpu-share.ts';

function shared(capacity: number, demands: number[], weights: number[]): number[] {
  const out: number[] = demands.map(() => NaN);
  shareCpu(capacity, demands, weights, demands.length, out);
  return out;
}

/** The twin: serve contenders from the most easily contented to the least, each its demand or its share of the rest. */
function bySorting(capacity: number, demands: number[], weights: number[]): number[] {
  const order = demands.map((_, i) => i);
  order.sort((a, b) => demands[a]! / weights[a]! - demands[b]! / weights[b]!);
  const out = demands.map(() => 0);
  let free = capacity;
  let weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  let isFull = false;
  for (const i of order) {
    isFull ||= demands[i]! * weightSum > free * weights[i]!;
    if (isFull) {
      out[i] = Math.floor((free * weights[i]!) / weightSum);
      continue;
    }
    out[i] = demands[i]!;
    free -= demands[i]!;
    weightSum -= weights[i]!;
  }
  return out;
}

const contender = fc.record({
  demand: fc.oneof(fc.integer({ min: 0, max: 300_000 }), fc.constant(Infinity)),
  weight: fc.integer({ min: 1, max: 100_000 }),
});
const host = fc.record({
  capacity: fc.integer({ min: 0, max: 1_000_000 }),
  contenders: fc.array(contender, { maxLength: 30 }),
});

describe('sharing the CPU of a host', () => {
  it('gives everybody its demand while the host is not contended', () => {
    expect(shared(1000, [300, 500, 200], [1, 1, 1])).toEqual([300, 500, 200]);
    expect(shared(1000, [], [])).toEqual([]);
  });

  it('shares a contended host by weight', () => {
    // 1000 x 1/4 and 1000 x 3/4
    expect(shared(1000, [Infinity, 1000], [100, 300])).toEqual([250, 750]);
  });

  it('hands what one task cannot use to the others', () => {
    // The first is content with 100 of its 333; (1000 - 100) / 2 = 450 for the others, and again:
    // the second is content with 400 of 450, which leaves 500.
    expect(shared(1000, [100, 400, 2000], [1, 1, 1])).toEqual([100, 400, 500]);
  });

  it('rounds shares down to whole ticks', () => {
    expect(shared(1000, [500, 500, 500], [7, 7, 7])).toEqual([333, 333, 333]);
  });

  it('takes demands that are no whole ticks, and an output that is too short', () => {
    const out: number[] = [];
    shareCpu(1000, [0.1, 0.2, Infinity], [1, 1, 1], 3, out);
    expect(out).toEqual([0.1, 0.2, 999]); // floor(1000 - 0.3)
    shareCpu(1, [0.7, 0.3], [7, 3], 2, out);
    expect(out.slice(0, 2)).toEqual([0.7, 0.3]);
  });

  it('weighs a task by its request, and one without a request as 2/1024 of a core', () => {
    expect(cpuWeight(64_000)).toBe(64_000);
    expect(cpuWeight(0)).toBe(250); // 2 x 125 ticks
  });

  it('keeps to the capacity, exceeds no demand and treats the unsatisfied alike', () => {
    fc.assert(
      fc.property(host, ({ capacity, contenders }) => {
        const demands = contenders.map(({ demand }) => demand);
        const weights = contenders.map(({ weight }) => weight);
        const out = shared(capacity, demands, weights);
        const sum = out.reduce((total, ticks) => total + ticks, 0);
        expect(sum).toBeLessThanOrEqual(capacity);
        expect(out.every((ticks, i) => ticks >= 0 && ticks <= demands[i]!)).toBe(true);
        const starved = contenders.map((_, i) => i).filter((i) => out[i]! < demands[i]!);
        // Less than a tick each is lost to rounding.
        expect(starved.length === 0 || capacity - sum < starved.length).toBe(true);
        for (const a of starved) {
          // Its share is within a tick of weight x level, and nobody has a higher level than that.
          for (let b = 0; b < out.length; b++) {
            expect(out[b]! * weights[a]!).toBeLessThan((out[a]! + 1) * weights[b]! + 1);
          }
        }
      }),
      { numRuns: 500, seed: 42 },
    );
  });

  it('agrees with a twin that sorts by contentment', () => {
    fc.assert(
      fc.property(host, ({ capacity, contenders }) => {
        const demands = contenders.map(({ demand }) => demand);
        const weights = contenders.map(({ weight }) => weight);
        expect(shared(capacity, demands, weights)).toEqual(bySorting(capacity, demands, weights));
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
