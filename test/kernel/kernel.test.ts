import { describe, expect, it } from 'vitest';
import { LadderCalendar } from '../../src/kernel/ladder-calendar.ts';
import { Kernel, STEPS_IN_INSTANT_MAX } from '../../src/kernel/kernel.ts';
import type { EventHandler } from '../../src/kernel/kernel.ts';

function kernelWith(handler: EventHandler): Kernel {
  return new Kernel(new LadderCalendar(), handler);
}

describe('the kernel', () => {
  it('advances the clock before the handler runs', () => {
    const seen: number[] = [];
    const kernel = kernelWith(() => seen.push(kernel.nowUs));
    kernel.schedule(7, 0, 0, 0);
    kernel.schedule(3, 0, 0, 0);
    while (kernel.step());
    expect(seen).toEqual([3, 7]);
    expect(kernel.stepCount).toBe(2);
  });

  it('hands the event to the handler with its subject and detail', () => {
    const seen: unknown[] = [];
    const kernel = kernelWith((event) => seen.push({ ...event }));
    kernel.schedule(3, 2, 4, 5, 0.25);
    kernel.step();
    expect(seen).toEqual([
      { timeUs: 3, phase: 2, kind: 4, subject: 5, detail: 0.25, background: false },
    ]);
  });

  it('runs an event that a handler schedules for the present instant within that instant', () => {
    const seen: number[] = [];
    const kernel = kernelWith((event) => {
      seen.push(event.subject);
      if (event.subject === 1) kernel.schedule(kernel.nowUs, 0, 0, 2);
    });
    kernel.schedule(5, 4, 0, 1);
    kernel.schedule(5, 6, 0, 3);
    while (kernel.step());
    expect(seen).toEqual([1, 2, 3]);
  });

  it('refuses an event in the past with both times', () => {
    const kernel = kernelWith(() => {});
    kernel.schedule(10, 0, 0, 0);
    kernel.step();
    expect(() => kernel.schedule(9, 0, 3, 0)).toThrow(
      'event of kind 3 is in the past: 9 us, now 10 us',
    );
    expect(() => kernel.scheduleBackground(9, 0, 3, 0)).toThrow('is in the past');
  });

  it('refuses a handler that steps', () => {
    const kernel = kernelWith(() => kernel.step());
    kernel.schedule(0, 0, 0, 0);
    expect(() => kernel.step()).toThrow('never re-enter');
  });

  it('stops a model that loops without advancing time', () => {
    const kernel = kernelWith(() => kernel.schedule(kernel.nowUs, 0, 9, 0));
    kernel.schedule(5, 0, 9, 0);
    kernel.step();
    // Near the limit at once: the steps before it are like the first.
    kernel.restore({ ...kernel.save(), stepsInInstant: STEPS_IN_INSTANT_MAX - 2 });
    kernel.step();
    kernel.step();
    expect(() => kernel.step()).toThrow('more than 10000000 events at 5 us, the last of kind 9');
  });

  it('counts the events of an instant anew in the next', () => {
    const kernel = kernelWith(() => {});
    for (const timeUs of [5, 5, 6]) kernel.schedule(timeUs, 0, 0, 0);
    kernel.step();
    kernel.step();
    expect(kernel.save().stepsInInstant).toBe(2);
    kernel.step();
    expect(kernel.save().stepsInInstant).toBe(1);
  });

  it('does not count background events as work that keeps a run alive', () => {
    const kernel = kernelWith(() => {});
    const loop = kernel.scheduleBackground(1, 0, 0, 0);
    const arrival = kernel.schedule(2, 0, 0, 0);
    expect([kernel.calendar.size, kernel.calendar.foregroundSize]).toEqual([2, 1]);
    kernel.cancel(arrival);
    expect([kernel.calendar.size, kernel.calendar.foregroundSize]).toEqual([1, 0]);
    kernel.cancel(loop);
    expect([kernel.calendar.size, kernel.calendar.foregroundSize]).toEqual([0, 0]);
  });

  it('says that nothing is pending, and leaves the clock where it was', () => {
    const kernel = kernelWith(() => {});
    kernel.schedule(4, 0, 0, 0);
    expect(kernel.step()).toBe(true);
    expect(kernel.step()).toBe(false);
    expect(kernel.nowUs).toBe(4);
  });

  it('goes on from a saved state as if nothing had happened', () => {
    const run = (interruptAt: number): number[] => {
      const seen: number[] = [];
      const handler: EventHandler = ({ timeUs, subject }) => {
        seen.push(subject);
        if (subject < 200) kernel.schedule(timeUs + (subject % 3), subject % 5, 0, subject + 10);
      };
      let kernel = kernelWith(handler);
      for (let subject = 0; subject < 10; subject++) kernel.schedule(subject % 4, 0, 0, subject);
      while (kernel.step()) {
        if (kernel.stepCount !== interruptAt) continue;
        const state = kernel.save();
        kernel = kernelWith(handler);
        kernel.restore(state);
      }
      return seen;
    };
    const whole = run(-1);
    for (const interruptAt of [1, 2, 50, 120]) expect(run(interruptAt)).toEqual(whole);
  });
});
