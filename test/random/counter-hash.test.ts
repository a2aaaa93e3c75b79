import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/base/assert.ts';
import { CounterDraws, counterUniform, hash53 } from '../../src/random/counter-hash.ts';
import { replicationSeed } from '../../src/random/replication-seed.ts';

/** Sum of (observed - expected)^2 / expected over equal cells. */
function chiSquare(cells: Int32Array, total: number): number {
  const expected = total / cells.length;
  return cells.reduce((sum, seen) => sum + ((seen - expected) * (seen - expected)) / expected, 0);
}

// The 0.001 and 0.999 points of chi-square with 99 degrees of freedom: too even is as suspicious as too uneven.
const CHI_SQUARE_99_LOW = 61.1;
const CHI_SQUARE_99_HIGH = 148.2;

function expectUniform(cells: Int32Array, total: number): void {
  const statistic = chiSquare(cells, total);
  expect(statistic).toBeGreaterThan(CHI_SQUARE_99_LOW);
  expect(statistic).toBeLessThan(CHI_SQUARE_99_HIGH);
}

describe('a draw by counter hash', () => {
  it('has these values on every engine', () => {
    // Recorded, not proven.
    expect([0, 1, 2, 3, 1e9].map((i) => counterUniform(42, 'launch-latency', i))).toEqual([
      0.6556521680926477, 0.783121364063472, 0.7457670954034169, 0.07915024182949748,
      0.5033304868606577,
    ]);
  });

  it('is the same in any order, and differs by seed, purpose and ordinal', () => {
    const forward = [0, 1, 2, 3].map((i) => counterUniform(7, 'spot', i));
    const backward = [3, 2, 1, 0].map((i) => counterUniform(7, 'spot', i));
    expect(backward.reverse()).toEqual(forward);
    const all = [
      ...forward,
      counterUniform(8, 'spot', 0),
      counterUniform(7, 'host-failure', 0),
      counterUniform('7', 'spot', 4),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('is uniform over consecutive ordinals (chi-square, 100 cells, 100,000 draws)', () => {
    const cells = new Int32Array(100);
    for (let i = 0; i < 100_000; i++) cells[Math.floor(counterUniform(42, 'spot', i) * 100)]!++;
    expectUniform(cells, 100_000);
  });

  it('is uniform over consecutive seeds with ordinal 0', () => {
    const cells = new Int32Array(100);
    for (let s = 0; s < 100_000; s++) cells[Math.floor(counterUniform(s, 'spot', 0) * 100)]!++;
    expectUniform(cells, 100_000);
  });

  it('does not let one ordinal tell the next (chi-square over pairs, 10 x 10 cells)', () => {
    const cells = new Int32Array(100);
    for (let i = 0; i < 100_000; i++) {
      const first = Math.floor(counterUniform(42, 'spot', 2 * i) * 10);
      const second = Math.floor(counterUniform(42, 'spot', 2 * i + 1) * 10);
      cells[first * 10 + second]!++;
    }
    expectUniform(cells, 100_000);
  });

  it('does not let one purpose tell another', () => {
    const cells = new Int32Array(100);
    for (let i = 0; i < 100_000; i++) {
      const first = Math.floor(counterUniform(42, 'pool-a', i) * 10);
      const second = Math.floor(counterUniform(42, 'pool-b', i) * 10);
      cells[first * 10 + second]!++;
    }
    expectUniform(cells, 100_000);
  });

  it('has even low bits too', () => {
    const cells = new Int32Array(100);
    for (let i = 0; i < 100_000; i++) cells[hash53(`low/${i}`) % 100]!++;
    expectUniform(cells, 100_000);
  });

  it('does not collide among 200,000 texts', () => {
    const seen = new Set<number>();
    for (let i = 0; i < 200_000; i++) seen.add(hash53(`42/spot/${i}`));
    expect(seen.size).toBe(200_000); // Expected collisions: 200000^2 / 2 / 2^53 = 2e-6.
  });

  it('hashes the digits of the ordinal as the text of the whole draw would be hashed', () => {
    const draws = new CounterDraws('42', 'container');
    const powers = Array.from({ length: 16 }, (_, i) => Number(`1e${i}`));
    for (const ordinal of [0, 7, ...powers.flatMap((ten) => [ten - 1, ten]), 2 ** 53 - 1]) {
      expect(draws.uniform(ordinal)).toBe(hash53(`42/container/${ordinal}`) / 2 ** 53);
    }
  });

  it('needs a whole ordinal', () => {
    expect(() => counterUniform(42, 'spot', 0.5)).toThrow(InvariantError);
    expect(() => counterUniform(42, 'spot', -1)).toThrow(InvariantError);
  });
});

describe('the seed of a replication', () => {
  it('is the root seed for replication 0 and a recorded integer for the others', () => {
    expect([0, 1, 2, 3].map((r) => replicationSeed(42, r))).toEqual([
      42, 2192327094720793, 8974789208485364, 7788501672389995,
    ]);
    expect(replicationSeed('berth', 0)).toBe('berth');
  });

  it('can be the root seed of a run of its own', () => {
    const seed = replicationSeed(42, 1);
    expect(Number.isSafeInteger(seed)).toBe(true);
    expect(replicationSeed(seed, 0)).toBe(seed);
  });

  it('is different for each replication, and needs a whole number', () => {
    const seeds = Array.from({ length: 10_000 }, (_, r) => replicationSeed(42, r));
    expect(new Set(seeds).size).toBe(10_000);
    expect(() => replicationSeed(42, -1)).toThrow(InvariantError);
  });
});
