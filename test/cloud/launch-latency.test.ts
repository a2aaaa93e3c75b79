import { describe, expect, it } from 'vitest';
import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { launchLatency, terminateLatencyUs } from '../../src/cloud/launch-latency.ts';
import type { LaunchKind } from '../../src/cloud/launch-latency.ts';

const EXACT = new AssumedParameters({ 'latency.noise-sigma': 0 });

describe('the latency of a launch', () => {
  it('is the sum of its steps when there is no noise', () => {
    const seconds = (kind: LaunchKind): number[] => {
      const { acceptedUs, runningUs, readyUs } = launchLatency(kind, EXACT, 'seed', 0);
      return [acceptedUs / 1e6, runningUs / 1e6, readyUs / 1e6];
    };
    expect(seconds('ec2-ecs')).toEqual([4.9, 21.9, 59.9]); // + 17 + 38: inside 45-75 s
    expect(seconds('ec2-eks')).toEqual([4.9, 21.9, 47.9]); // + 17 + 26: inside 41-55 s
    expect(seconds('fargate-ecs')).toEqual([10, 18, 28]); // 10 + 8 + 10
    expect(seconds('fargate-eks')).toEqual([10, 18, 43]); // + 15 to join
    expect(terminateLatencyUs(EXACT, 'seed', 0)).toBe(45_000_000);
  });

  it('depends on the launch, not on what was drawn before it', () => {
    const parameters = new AssumedParameters();
    const draw = (ordinal: number): unknown =>
      launchLatency('ec2-eks', parameters, 'seed', ordinal);
    const forwards = [0, 1, 2].map(draw);
    const backwards = [2, 1, 0].map(draw).reverse();
    expect(forwards).toEqual(backwards);
    expect(forwards[0]).not.toEqual(forwards[1]);
    expect(launchLatency('ec2-eks', parameters, 'other', 0)).not.toEqual(forwards[0]);
  });

  it('has the stated median and spread over 4,000 launches', () => {
    const accepted = Array.from(
      { length: 4000 },
      (_, i) => launchLatency('ec2-ecs', new AssumedParameters(), 42, i).acceptedUs / 1e6,
    ).sort((a, b) => a - b);
    expect(accepted[2000]).toBeCloseTo(4.9, 1);
    // p95 = 4.9 * exp(1.645 * 0.15) = 6.27; the standard error of the estimate is about 0.03
    expect(Math.abs(accepted[3800]! - 6.27)).toBeLessThan(0.12);
  });

  it('never goes backwards: accepted, then running, then ready, in whole microseconds', () => {
    for (let i = 0; i < 500; i++) {
      const steps = launchLatency('fargate-eks', new AssumedParameters(), 7, i);
      expect(steps.acceptedUs < steps.runningUs && steps.runningUs < steps.readyUs).toBe(true);
      expect(Object.values(steps).every(Number.isSafeInteger)).toBe(true);
    }
  });
});
