import { describe, expect, it } from 'vitest';
import { ScenarioError } from '../../src/base/scenario-error.ts';
import { ASSUMPTIONS, AssumedParameters } from '../../src/cloud/assumptions.ts';

describe('the register of assumed parameters', () => {
  it('names each parameter once, and every default lies in its range', () => {
    expect(new Set(ASSUMPTIONS.map(({ name }) => name)).size).toBe(ASSUMPTIONS.length);
    const wrong = ASSUMPTIONS.filter(
      ({ name, default: value, low, high, unit, source, meaning }) =>
        !/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/.test(name) ||
        !(low <= value && value <= high) ||
        [unit, source, meaning].includes(''),
    );
    expect(wrong).toEqual([]);
  });

  it('states seconds exactly where a name ends in -s', () => {
    const wrong = ASSUMPTIONS.filter(
      ({ name, unit }) => (unit === 's') !== (name.endsWith('-s') && !name.endsWith('-per-s')),
    );
    expect(wrong).toEqual([]);
  });

  it('gives the default unless the scenario overrides it', () => {
    const parameters = new AssumedParameters({ 'launch.ec2-accepted-s': 1.5 });
    expect(parameters.get('launch.ec2-accepted-s')).toBe(1.5);
    expect(parameters.us('launch.ec2-accepted-s')).toBe(1_500_000);
    expect(parameters.get('launch.ec2-pending-to-running-s')).toBe(17);
  });

  it('allows a value outside the plausible range, for what-if questions', () => {
    expect(new AssumedParameters({ 'latency.noise-sigma': 0 }).get('latency.noise-sigma')).toBe(0);
  });

  it('lists what was read, sorted, once', () => {
    const parameters = new AssumedParameters({ 'latency.noise-sigma': 0 });
    expect(parameters.used()).toEqual([]);
    parameters.get('price.alb-usd');
    parameters.us('container.start-s');
    parameters.get('price.alb-usd');
    expect(parameters.used()).toEqual(['container.start-s', 'price.alb-usd']);
  });

  it('refuses unknown names and impossible values, all at once, with a suggestion', () => {
    const make = (): unknown =>
      new AssumedParameters({
        'launch.ec2-acepted-s': 3,
        'price.alb-usd': -1,
        'container.start-s': NaN,
      });
    expect(make).toThrow(ScenarioError);
    expect(make).toThrow(/found "launch.ec2-acepted-s" \(did you mean launch.ec2-accepted-s\?\)/);
    expect(make).toThrow(/assumptions.price.alb-usd: expected .* not negative, found -1/);
    expect(make).toThrow(/assumptions.container.start-s: .* found NaN/);
  });

  it('brings a 413 MB image on Fargate to 57 s, and 1.13 GB on EC2 into 29-41 s', () => {
    const p = new AssumedParameters();
    const unpack = p.get('pull.unpack-bytes-per-s');
    const launch =
      p.get('launch.fargate-control-plane-s') +
      p.get('launch.fargate-eni-s') +
      p.get('launch.fargate-micro-vm-s');
    const pull = 413e6 / p.get('pull.fargate-bytes-per-s') + 413e6 / unpack;
    // 28 + 413/26 + 413/37 + 2 = 28 + 15.9 + 11.2 + 2
    expect(launch + pull + p.get('container.start-s')).toBeCloseTo(57, 0);
    const ec2 = 1.13e9 / p.get('pull.ec2-bytes-per-s') + 1.13e9 / unpack;
    expect(ec2).toBeGreaterThan(29);
    expect(ec2).toBeLessThan(41);
  });
});
