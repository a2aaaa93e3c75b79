import { expect, it } from 'vitest';
import { gamma } from '../../src/random/gamma.ts';
import { normalQuantile } from '../../src/random/normal-quantile.ts';
import { cos, exp, ln, pow, sin } from '../../src/random/portable-math.ts';

it('agrees with the engine on logarithm, exponential, power, cosine and sine to a few units in the last place', () => {
  for (let i = 1; i <= 1_000; i++) {
    const x = i * 0.037;
    expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(1e-15 * Math.max(1, Math.abs(Math.log(x))));
    expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-15);
    expect(Math.abs(pow(x, 1.7) / Math.pow(x, 1.7) - 1)).toBeLessThan(1e-15);
    expect(Math.abs(cos(x) - Math.cos(x))).toBeLessThan(1e-15);
    expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThan(1e-14);
  }
});

it('the normal quantile has its tabulated values to full precision', () => {
  const table: [p: number, z: number][] = [
    [1e-300, -37.0470962993612],
    [1e-10, -6.361340902404056],
    [0.01, -2.3263478740408408],
    [0.3, -0.5244005127080407],
    [0.5, 0],
    [0.575, 0.18911842627279238],
    [0.95, 1.6448536269514715],
    [0.975, 1.9599639845400536],
    [0.999999, 4.753424308817089],
    [0, -Infinity],
    [1, Infinity],
  ];
  for (const [p, z] of table) expect(normalQuantile(p)).toBe(z);
});

it('the normal quantile is odd about one half and never falls', () => {
  let before = -Infinity;
  for (let i = 1; i < 4_096; i++) {
    const z = normalQuantile(i / 4_096);
    expect(z).toBeGreaterThan(before);
    expect(normalQuantile(1 - i / 4_096)).toBe(i === 2_048 ? z : -z);
    before = z;
  }
});

it('the gamma function interpolates the factorial', () => {
  const table: [x: number, value: number][] = [
    [1, 1],
    [5, 24], // 4!
    [11, 3_628_800], // 10!
    [0.5, 1.772453850905516], // sqrt(pi)
    [1.5, 0.886226925452758], // sqrt(pi) / 2
    [3.25, 2.5492569667185285],
  ];
  for (const [x, value] of table) expect(Math.abs(gamma(x) / value - 1)).toBeLessThan(1e-14);
});
