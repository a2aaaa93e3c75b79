import { describe, expect, it } from 'vitest';
import { PolicyBench, demand, policyNamed } from './policy-bench.ts';

/** A node of 4 cores and 16 GiB with `cores` and `gib` in use. */
function inUse(cores: number, gib: number): [PolicyBench, number] {
  const bench = new PolicyBench();
  const host = bench.host(4, 16);
  bench.bind(demand(cores, gib), host);
  return [bench, host];
}

describe('BalancedAllocation before and since version 1.36', () => {
  const since = policyNamed('balanced-allocation');
  const before = policyNamed('balanced-allocation[version=1.35]');

  it('up to 1.35 looks at the balance with the task, since 1.36 at what the task changes', () => {
    const [bench, host] = inUse(2, 2);
    // with: |3/4 - 4/16| / 2 = 0.25 -> 75; without: |2/4 - 2/16| / 2 = 0.1875 -> 81
    expect(bench.score(before, demand(1, 2), host)).toBe(75);
    // 50 + (50 + 75 - 81) div 2 = 50 + 22
    expect(bench.score(since, demand(1, 2), host)).toBe(72);
  });

  it('a task that fills the gap scores 100 up to 1.35', () => {
    const [bench, host] = inUse(2, 2);
    // with: 2/4 + 0 = 0.5, (2 + 6)/16 = 0.5 -> 100; since: 50 + (50 + 100 - 81) div 2 = 50 + 34
    expect(bench.score(before, demand(0, 6), host)).toBe(100);
    expect(bench.score(since, demand(0, 6), host)).toBe(84);
  });

  it('a task that requests nothing is left out: every host scores the same', () => {
    const [bench, host] = inUse(2, 2);
    const empty = bench.host(4, 16);
    for (const policy of [before, since]) {
      const scores = [host, empty].map((one) => bench.score(policy, demand(0, 0), one));
      expect(scores[0]).toBe(scores[1]);
    }
  });

  it('the sum with LeastAllocated keeps 1.36 as its default, and the version changes a choice', () => {
    const bench = new PolicyBench();
    const balanced = bench.host(8, 32);
    const skewed = bench.host(8, 32);
    bench.bind(demand(4, 12), balanced);
    bench.bind(demand(2, 16), skewed);
    const task = demand(1, 2);
    // Least: (8 - 5) x 100 div 8 = 37, (32 - 14) x 100 div 32 = 56, mean 46; (8 - 3) -> 62, (32 - 18) -> 43, mean 52.
    // b without: |4/8 - 12/32| / 2 = 0.0625 -> 93; |2/8 - 16/32| / 2 = 0.125 -> 87.
    // b with: |5/8 - 14/32| / 2 = 0.09375 -> 90; |3/8 - 18/32| / 2 = 0.09375 -> 90.
    const scores = (name: string) =>
      [balanced, skewed].map((host) => bench.score(policyNamed(name), task, host));
    expect(scores('least-allocated-balanced[version=1.35]')).toEqual([46 + 90, 52 + 90]);
    // 50 + (50 - 3) div 2 = 73, 50 + (50 + 3) div 2 = 76
    expect(scores('least-allocated-balanced')).toEqual([46 + 73, 52 + 76]);
    expect(scores('least-allocated-balanced[version=1.36]')).toEqual([46 + 73, 52 + 76]);
  });
});
