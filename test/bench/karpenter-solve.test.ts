import { describe, expect, it } from 'vitest';
import { solveBoth, solveFigures } from '../../bench/autoscaling/karpenter-solve.ts';

describe('the benchmark of a solve', () => {
  it('makes the claims that plain loops over claims and types make', () => {
    const { ours, twin } = solveBoth(60);
    expect(ours.claims.length).toBeGreaterThan(1);
    expect(ours.claims).toEqual(twin.claims);
  });

  it('tells the same of every round', () => {
    const figures = solveFigures({ twin: 20, few: 30, many: 60 }, 1);
    expect(figures.map(({ agree }) => agree)).toEqual([true, true, true]);
    expect(figures.map(({ isGrowth }) => isGrowth)).toEqual([false, true, true]);
  });
});
