import { describe, expect, it } from 'vitest';
import {
  CircuitBreaker,
  failureThreshold,
} from '../../../../src/orchestration/ecs/service/circuit-breaker.ts';
import { LaunchThrottle } from '../../../../src/orchestration/ecs/service/launch-throttle.ts';
import { US_PER_MINUTE, US_PER_SECOND } from '../../../../src/base/units.ts';

const HALF = { kind: 'bounded-percent', percent: 50 } as const;
const options = { threshold: HALF, resetsOnHealthyTask: true, rollsBack: false };

describe('the deployment circuit breaker', () => {
  it('worked value 10.2.2: half of the desired count, at least 3 and at most 200, unless unbounded', () => {
    const counts = [1, 25, 400, 800].map((desired) => failureThreshold(HALF, desired));
    expect(counts).toEqual([3, 13, 200, 200]);
    expect(failureThreshold({ kind: 'unbounded-percent', percent: 50 }, 800)).toBe(400);
    expect(failureThreshold({ kind: 'count', count: 7 }, 800)).toBe(7);
  });

  it('counts tasks that never ran until one does, then those that a health check took', () => {
    const breaker = new CircuitBreaker(options);
    expect([breaker.taskFailed(true, 4), breaker.taskFailed(false, 4)]).toEqual([false, false]);
    breaker.taskRan();
    // From here on only the second kind counts, from 0: the third of them opens it.
    expect([false, true, true, true].map((hadRun) => breaker.taskFailed(hadRun, 4))).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(breaker.isOpen).toBe(true);
  });

  it('begins anew at a healthy task, unless it counts all', () => {
    for (const resetsOnHealthyTask of [true, false]) {
      const breaker = new CircuitBreaker({ ...options, resetsOnHealthyTask });
      breaker.taskRan();
      breaker.taskFailed(true, 4);
      breaker.taskFailed(true, 4);
      breaker.taskHealthy();
      expect(breaker.taskFailed(true, 4)).toBe(!resetsOnHealthyTask);
    }
  });
});

describe('the throttle of launches', () => {
  it('doubles the delay from 1 s up to 27 minutes', () => {
    const throttle = new LaunchThrottle({ firstUs: US_PER_SECOND, factor: 2 });
    const delays = Array.from({ length: 13 }, () => {
      throttle.failed(0);
      return throttle.openUs / US_PER_SECOND;
    });
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 1_620, 1_620]);
    expect(throttle.openUs).toBe(27 * US_PER_MINUTE);
    throttle.reset();
    expect(throttle.openUs).toBe(0);
  });
});
