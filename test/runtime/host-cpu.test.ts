import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { HostCpu } from '../../src/runtime/host-cpu.ts';
import { containerStarts } from '../../src/runtime/container-start.ts';

const CORE = 128_000;
const SECOND = 1_000_000;

/** Advances from event to event; the tasks in order of completion with their times. */
function runOut(cpu: HostCpu): [task: number, atUs: number][] {
  const done: [number, number][] = [];
  const out: number[] = [];
  for (let atUs = cpu.nextEventAtUs(); atUs < Infinity; atUs = cpu.nextEventAtUs()) {
    out.length = 0;
    cpu.advance(atUs, out);
    for (const task of out) done.push([task, atUs]);
  }
  return done;
}

describe('the CPU of a host', () => {
  it('serves a task alone at its cap', () => {
    const cpu = new HostCpu(4 * CORE, 0);
    cpu.add(7, 10 * SECOND * CORE, 2 * CORE, CORE, 0);
    // 10 core-seconds on 2 cores
    expect(runOut(cpu)).toEqual([[7, 5 * SECOND]]);
  });

  it('shares a contended core by request and speeds up when a task leaves', () => {
    const cpu = new HostCpu(CORE, 0);
    cpu.add(1, 3 * SECOND * CORE, Infinity, 300, 0);
    cpu.add(2, 3 * SECOND * CORE, Infinity, 100, 0);
    // Task 1 at 3/4 core: 3 / 0.75 = 4 s. Task 2 has then 3 - 4 x 1/4 = 2 left, alone: 4 + 2 = 6 s.
    expect(runOut(cpu)).toEqual([
      [1, 4 * SECOND],
      [2, 6 * SECOND],
    ]);
  });

  it('rounds a completion up to whole microseconds', () => {
    const cpu = new HostCpu(3, 0);
    cpu.add(1, 10, Infinity, 1, 0);
    expect(cpu.nextEventAtUs()).toBe(4); // 10 / 3 = 3.33
  });

  it('lets a service in the background take its weighted share, and reports what it got', () => {
    const cpu = new HostCpu(2 * CORE, 0);
    cpu.setBackground(2 * CORE, CORE, 0);
    expect(cpu.nextEventAtUs()).toBe(Infinity);
    expect(cpu.backgroundRateTicks).toBe(2 * CORE);
    cpu.add(1, SECOND * CORE, Infinity, CORE, 0);
    expect(cpu.backgroundRateTicks).toBe(CORE);
    expect(cpu.rateOf(1)).toBe(CORE);
    expect(cpu.usedTicks).toBe(2 * CORE);
    expect(cpu.nextEventAtUs()).toBe(SECOND);
    // From half time on the background wants a quarter core only: half of the work is left for 1.75 cores.
    cpu.advance(SECOND / 2, []);
    cpu.setBackground(CORE / 4, CORE, SECOND / 2);
    expect(cpu.nextEventAtUs()).toBe(785_715); // 500,000 + 500,000 / 1.75 = 785,714.3
  });

  it('hands back the work that a stopped task had left', () => {
    const cpu = new HostCpu(CORE, 0);
    cpu.add(1, 5 * SECOND * CORE, Infinity, 1, 0);
    cpu.advance(2 * SECOND, []);
    expect(cpu.remove(1, 2 * SECOND)).toBe(3 * SECOND * CORE);
    expect(cpu.taskCount).toBe(0);
    expect(cpu.nextEventAtUs()).toBe(Infinity);
  });

  it('reports tasks that end together in order of arrival', () => {
    const cpu = new HostCpu(3 * CORE, 0);
    for (const task of [9, 4, 6]) cpu.add(task, SECOND * CORE, CORE, 1, 0);
    expect(runOut(cpu).map(([task]) => task)).toEqual([9, 4, 6]);
  });

  it('refuses to be changed at a time it was not advanced to, or to skip a completion', () => {
    const cpu = new HostCpu(CORE, 0);
    cpu.add(1, SECOND * CORE, Infinity, 1, 0);
    expect(() => cpu.add(2, 1, 1, 1, 5)).toThrow('was advanced to 0 us and is changed at 5 us');
    expect(() => cpu.advance(SECOND + 1, [])).toThrow('a task completes at 1000000 us');
  });
});

const job = fc.record({
  work: fc.integer({ min: 1, max: 5_000_000 }),
  cap: fc.oneof(fc.integer({ min: 1, max: 900 }), fc.constant(Infinity)),
  weight: fc.integer({ min: 1, max: 500 }),
  afterUs: fc.integer({ min: 0, max: 3000 }),
});
const jobs = fc.array(job, { minLength: 1, maxLength: 12 });

type Job = { work: number; cap: number; weight: number; afterUs: number };

/** Adds each job `afterUs` after the one before; calls `watch` before every advance. */
function drive(
  cpu: HostCpu,
  arrivals: readonly Job[],
  watch: (cpu: HostCpu, fromUs: number, toUs: number) => HostCpu,
): number[] {
  let at = cpu;
  let nowUs = 0;
  const done: number[] = [];
  const advanceTo = (timeUs: number): void => {
    while (nowUs < timeUs) {
      const nextUs = Math.min(timeUs, at.nextEventAtUs());
      if (nextUs === Infinity) return;
      at = watch(at, nowUs, nextUs);
      at.advance(nextUs, done);
      nowUs = nextUs;
    }
  };
  for (const [task, { work, cap, weight, afterUs }] of arrivals.entries()) {
    advanceTo(nowUs + afterUs);
    at.add(task, work, cap, weight, nowUs);
  }
  advanceTo(Infinity);
  return [...done, nowUs];
}

describe('conservation on a host', () => {
  it('serves as much work as the integral of its rates, up to the last microsecond of each task', () => {
    fc.assert(
      fc.property(jobs, (arrivals) => {
        let servedTickUs = 0;
        const cpu = new HostCpu(1000, 0);
        const done = drive(cpu, arrivals, (host, fromUs, toUs) => {
          expect(host.usedTicks).toBeLessThanOrEqual(1000);
          servedTickUs += host.usedTicks * (toUs - fromUs);
          return host;
        });
        expect(done.length - 1).toBe(arrivals.length);
        const workTickUs = arrivals.reduce((sum, { work }) => sum + work, 0);
        // A completion is rounded up by less than 1 us at no more than the capacity.
        expect(servedTickUs).toBeGreaterThanOrEqual(workTickUs);
        expect(servedTickUs).toBeLessThan(workTickUs + 1000 * arrivals.length);
      }),
      { numRuns: 200, seed: 42 },
    );
  });

  it('goes on alike from a saved state', () => {
    fc.assert(
      fc.property(jobs, (arrivals) => {
        const straight = drive(new HostCpu(1000, 0), arrivals, (host) => host);
        const restored = drive(new HostCpu(1000, 0), arrivals, (host) => {
          const copy = new HostCpu(1000, 0);
          copy.restore(host.save());
          return copy;
        });
        expect(restored).toEqual(straight);
      }),
      { numRuns: 100, seed: 3 },
    );
  });
});

describe('the start of a container', () => {
  it('takes 2 s without noise, and depends on the task alone (aws.md 9)', () => {
    expect(containerStarts(new AssumedParameters({ 'latency.noise-sigma': 0 }), 1).us(5)).toBe(
      2 * SECOND,
    );
    const noisy = new AssumedParameters();
    expect(containerStarts(noisy, 'seed').us(5)).toBe(containerStarts(noisy, 'seed').us(5));
    expect(containerStarts(noisy, 'seed').us(5)).not.toBe(containerStarts(noisy, 'seed').us(6));
  });
});
