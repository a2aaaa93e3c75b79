import { describe, expect, it } from 'vitest';
import { KarpenterWorld } from '../karpenter-world.ts';
import {
  longestPrefix,
  withoutSameType,
} from '../../../../src/autoscaling/karpenter/disruption/multi-node.ts';
import { dealt } from '../../../../src/autoscaling/karpenter/disruption/single-node.ts';
import type { Candidate } from '../../../../src/autoscaling/karpenter/disruption/candidate.ts';

describe('the search for how many nodes can go together', () => {
  function tried(count: number, most: number): { lengths: number[]; best: number | undefined } {
    const lengths: number[] = [];
    const best = longestPrefix(count, (length) => {
      lengths.push(length);
      return length <= most ? length : undefined;
    });
    return { lengths, best: best?.length };
  }

  it('halves the positions 1 to n - 1', () => {
    // aws.md 10.1 (7): 10 candidates: low 1, high 9, middle 5: 6 nodes; 8 nodes; 7 nodes.
    expect(tried(10, 7)).toEqual({ lengths: [6, 8, 7], best: 7 });
  });

  it('remembers the last success', () => {
    expect(tried(10, 6)).toEqual({ lengths: [6, 8, 7], best: 6 });
    expect(tried(10, 1).best).toBeUndefined();
  });

  it('ends when its minute is over with what it has, and what comes out after that does not count', () => {
    let left = 2;
    const best = longestPrefix(
      10,
      (length) => length,
      () => --left < 0,
    );
    // 6 and 8 nodes in time; 10 too late.
    expect(best?.length).toBe(9 - 1);
  });

  it('looks at 101 nodes at most and at two at least', () => {
    expect(tried(1_000, 1_000).best).toBe(101);
    expect(tried(1, 1)).toEqual({ lengths: [], best: undefined });
  });
});

describe('a replacement of one of the removed types', () => {
  function survivors(options: readonly string[]): string[] {
    const world = new KarpenterWorld();
    world.addNodePool('t3a', { instanceTypes: options });
    const [template] = world.provisioner().templates;
    const { requirements, types } = template!;
    const removed = [
      { type: 't3a.2xlarge', priceNanoUsdPerHour: 300_800_000 },
      { type: 't3a.2xlarge', priceNanoUsdPerHour: 300_800_000 },
      { type: 't3a.small', priceNanoUsdPerHour: 18_800_000 },
    ];
    const replacement = withoutSameType(removed, { template: template!, requirements, types });
    return replacement.types.map(({ name }) => name);
  }

  it('must be cheaper than the cheapest such node', () => {
    // aws.md 10.1 (8): only what is cheaper than the t3a.small that would go anyway.
    expect(survivors(['t3a.nano', 't3a.small', 't3a.xlarge'])).toEqual(['t3a.nano']);
    expect(survivors(['t3a.small', 't3a.xlarge'])).toEqual([]);
  });

  it('is not restricted when no removed type could return', () => {
    expect(survivors(['t3a.xlarge', 't3a.large'])).toEqual(['t3a.large', 't3a.xlarge']);
  });
});

it('single nodes are dealt round-robin over NodePools by name', () => {
  const world = new KarpenterWorld();
  const a = world.addNodePool('a', { instanceTypes: ['m5.large'] });
  const b = world.addNodePool('b', { instanceTypes: ['m5.large'] });
  const hand = (host: number, config: typeof a): Candidate => ({
    host,
    config,
    pods: [],
    priceNanoUsdPerHour: 0,
    disruptionCost: 1,
    isBlocked: false,
    isQuiet: true,
    driftedUs: Infinity,
    rank: 0,
  });
  const order = dealt([hand(1, b), hand(2, b), hand(3, b), hand(4, a), hand(5, a)]);
  expect(order.map(({ host }) => host)).toEqual([4, 1, 5, 2, 3]);
  // Those that the last search did not reach come first.
  const again = dealt([hand(1, b), hand(2, b), hand(3, a)], new Set(['b']));
  expect(again.map(({ host }) => host)).toEqual([1, 3, 2]);
});
