import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GIB, TICKS_PER_CORE } from '../../../src/base/units.ts';
import { PolicyBench, demand, policyNamed } from './policy-bench.ts';

const alignment = policyNamed('alignment');

describe('alignment (Tetris) and the dot product of amounts', () => {
  it('alignment sends a memory-heavy task where free memory dominates', () => {
    const bench = new PolicyBench();
    const task = demand(0.5, 2);
    const shortOfMemory = bench.host(4, 8);
    bench.bind(demand(0, 6), shortOfMemory);
    const shortOfCpu = bench.host(4, 8);
    bench.bind(demand(3, 0), shortOfCpu);
    // 0.5 x 4 / 16 + 2 x 2 / 64 = 0.125 + 0.0625; 0.5 x 1 / 16 + 2 x 8 / 64 = 0.03125 + 0.25
    expect(bench.score(alignment, task, shortOfMemory)).toBe(187_500);
    expect(bench.score(alignment, task, shortOfCpu)).toBe(281_250);
  });

  it('alignment looks at shares of the host, the dot product at amounts', () => {
    const bench = new PolicyBench();
    const small = bench.host(4, 16);
    const large = bench.host(16, 64);
    bench.bind(demand(8, 32), large);
    const dot = policyNamed('dot-product');
    const task = demand(2, 8);
    // small: (2/4) x (4/4) x 2 = 1; large: (2/16) x (8/16) x 2 = 0.125
    expect(bench.score(alignment, task, small)).toBe(1_000_000);
    expect(bench.score(alignment, task, large)).toBe(125_000);
    // small: 2 x 4 + (8/4) x (16/4) = 16; large: 2 x 8 + 2 x 8 = 32
    expect(bench.score(dot, task, small)).toBe(16_000_000);
    expect(bench.score(dot, task, large)).toBe(32_000_000);
  });

  it('turning what memory weighs turns the choice', () => {
    const bench = new PolicyBench();
    const cores = bench.host(16, 16);
    const memory = bench.host(4, 64);
    const task = demand(1, 4);
    const better = (name: string) => {
      const policy = policyNamed(name);
      return bench.score(policy, task, cores) > bench.score(policy, task, memory) ? cores : memory;
    };
    // 4 GiB: 16 + 1 x 4 = 20 and 4 + 1 x 16 = 20; 8 GiB: 16 + 0.5 x 2 = 17 and 4 + 0.5 x 8 = 8;
    // 2 GiB: 16 + 2 x 8 = 32 and 4 + 2 x 32 = 68
    expect(better('dot-product[memory-per-core=8GiB]')).toBe(cores);
    expect(better('dot-product[memory-per-core=2GiB]')).toBe(memory);
  });

  it('alignment is an integer in 0 to 2,000,000 that a plain sum gives', () => {
    const size = fc.integer({ min: 1, max: 64 });
    fc.assert(
      fc.property(size, size, size, size, (cores, gib, coreParts, gibParts) => {
        const bench = new PolicyBench();
        const host = bench.host(cores, gib);
        const task = demand((cores * coreParts) / 64, (gib * gibParts) / 64);
        const half = demand(cores / 2, gib / 4);
        if (coreParts <= 32 && gibParts <= 48) bench.bind(half, host);
        const { hosts } = bench.cluster;
        const free = [hosts.cpuFree[host]! / TICKS_PER_CORE, hosts.memoryFree[host]! / GIB];
        const sum = (coreParts / 64) * (free[0]! / cores) + (gibParts / 64) * (free[1]! / gib);
        const score = bench.score(alignment, task, host);
        expect(Number.isInteger(score) && score >= 0 && score <= 2_000_000).toBe(true);
        expect(Math.abs(score - sum * 1_000_000)).toBeLessThanOrEqual(1);
      }),
      { seed: 42, numRuns: 200 },
    );
  });
});
