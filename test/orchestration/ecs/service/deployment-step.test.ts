import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  deploymentStep,
  lowerBound,
  upperBound,
} from '../../../../src/orchestration/ecs/service/deployment-step.ts';
import type { ServiceTask } from '../../../../src/orchestration/ecs/service/deployment-step.ts';

const percent = (minimumHealthyPercent: number, maximumPercent: number) => ({
  minimumHealthyPercent,
  maximumPercent,
});

/** `f` fresh, `o` old; capitals are healthy, `x` is fresh and found unhealthy. Numbered from 0, oldest first. */
function tasksOf(text: string): ServiceTask[] {
  return text.split('').map((letter, task) => ({
    task,
    isFresh: 'fFx'.includes(letter),
    isHealthy: 'FO'.includes(letter),
    isUnhealthy: letter === 'x',
  }));
}

function step(text: string, desired: number, min: number, max: number) {
  return deploymentStep(tasksOf(text), desired, desired, percent(min, max));
}

describe('the bounds of an ECS service', () => {
  it('worked value 10.2.1: minimum rounds up, maximum rounds down', () => {
    // 4 x 50 % = 2, 4 x 200 % = 8; 2 x 75 % = 1.5 -> 2; 3 x 125 % = 3.75 -> 3.
    expect(lowerBound(4, percent(50, 200))).toBe(2);
    expect(upperBound(4, percent(50, 200))).toBe(8);
    expect(lowerBound(2, percent(75, 200))).toBe(2);
    expect(upperBound(3, percent(100, 125))).toBe(3);
  });
});

describe('one step of a deployment', () => {
  it('pitfall 14.12: with 3 tasks and 125 % nothing can be started before something stops', () => {
    // U = floor(3.75) = 3 = desired, L = 3: stuck.
    expect(step('OOO', 3, 100, 125)).toEqual({ starts: 0, stops: [], surplus: 0, isStuck: true });
    // L = ceil(1.5) = 2: one of the three may go.
    expect(step('OOO', 3, 50, 125)).toMatchObject({ starts: 0, stops: [0], isStuck: false });
  });

  it('starts all of the new revision at 100 % and 200 %, and stops an old task for each that is healthy', () => {
    expect(step('OOOO', 4, 100, 200)).toMatchObject({ starts: 4, stops: [] });
    // 5 healthy, 4 have to stay.
    expect(step('OOOOFfff', 4, 100, 200)).toMatchObject({ starts: 0, stops: [0] });
    expect(step('OOOOFFFF', 4, 100, 200)).toMatchObject({ stops: [0, 1, 2, 3] });
  });

  it('stops old tasks that are not healthy at once', () => {
    expect(step('OoOO', 4, 100, 200).stops).toEqual([1]);
  });

  it('replaces an unhealthy task first where there is room, and stops it when the new one is healthy', () => {
    expect(step('FFx', 3, 100, 200)).toMatchObject({ starts: 1, stops: [] });
    expect(step('FFxf', 3, 100, 200)).toMatchObject({ starts: 0, stops: [] });
    expect(step('FFxF', 3, 100, 200)).toMatchObject({ starts: 0, stops: [2] });
  });

  it('stops unhealthy tasks one at a time where a replacement has no room', () => {
    // U = 3: there are three.
    expect(step('Fxx', 3, 100, 100)).toMatchObject({ starts: 0, stops: [1] });
  });

  it('scales in what is too many of the newest revision', () => {
    expect(step('FFFF', 2, 100, 200)).toEqual({ starts: 0, stops: [], surplus: 2, isStuck: false });
  });
});

describe('steps until nothing happens', () => {
  const cases = fc.record({
    old: fc.nat(12),
    min: fc.nat(100),
    max: fc.integer({ min: 100, max: 250 }),
    picks: fc.array(fc.nat(1_000), { minLength: 40, maxLength: 40 }),
  });

  it('never run more tasks than U nor fewer healthy ones than L, and end with the new revision or stuck', () => {
    fc.assert(
      fc.property(cases, ({ old, min, max, picks }) => {
        const lower = lowerBound(old, percent(min, max));
        const upper = upperBound(old, percent(min, max));
        let tasks: ServiceTask[] = tasksOf('O'.repeat(old));
        let next = old;
        let isStuck = false;
        for (const pick of picks) {
          const {
            starts,
            stops,
            isStuck: stuck,
          } = deploymentStep(tasks, old, old, percent(min, max));
          isStuck = stuck;
          for (let i = 0; i < starts; i++) {
            tasks.push({ task: next++, isFresh: true, isHealthy: false, isUnhealthy: false });
          }
          expect(tasks.length).toBeLessThanOrEqual(Math.max(upper, old));
          tasks = tasks.filter(({ task }) => !stops.includes(task));
          expect(tasks.filter(({ isHealthy }) => isHealthy).length).toBeGreaterThanOrEqual(lower);
          // One that starts becomes healthy.
          const starting = tasks.filter(({ isHealthy }) => !isHealthy);
          const chosen = starting[pick % Math.max(1, starting.length)];
          tasks = tasks.map((one) => (one === chosen ? { ...one, isHealthy: true } : one));
        }
        const isDone = tasks.length === old && tasks.every(({ isFresh }) => isFresh);
        expect(isStuck || isDone).toBe(true);
      }),
      { numRuns: 300, seed: 42 },
    );
  });
});
