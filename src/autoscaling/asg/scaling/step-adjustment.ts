/**
 * How far a step policy changes the size of a group (aws.md 2.6).
 *
 *   steps      relative to the alarm's threshold; above it the lower bound belongs to the step and the upper one does not, below
 *              it the reverse
 *   change     so many hosts; exact the size itself; percent of the size it has: more than 1 is rounded down, between 0 and 1
 *              it is 1, between -1 and 0 it is -1, less than -1 is rounded toward zero; `least` hosts at least
 */

export type AdjustmentType = 'change' | 'percent' | 'exact';

export interface StepAdjustment {
  /** Difference to the threshold at which the step begins and ends; infinite at the ends. */
  readonly from: number;
  readonly to: number;
  readonly by: number;
}

/** The step that a metric value falls in; undefined outside all. */
export function stepFor(
  steps: readonly StepAdjustment[],
  threshold: number,
  value: number,
): StepAdjustment | undefined {
  const difference = value - threshold;
  return steps.find(({ from, to }) =>
    difference >= 0 ? difference >= from && difference < to : difference > from && difference <= to,
  );
}

/** Hosts that a percentage of `current` comes to. */
export function percentChange(current: number, percent: number, least = 0): number {
  const exact = (current * percent) / 100;
  if (exact === 0) return 0;
  const whole = Math.abs(exact) < 1 ? Math.sign(exact) : Math.trunc(exact);
  return Math.abs(whole) < least ? Math.sign(whole) * least : whole;
}

/** The size that an adjustment asks for. */
export function adjusted(type: AdjustmentType, current: number, by: number, least = 0): number {
  if (type === 'exact') return by;
  return current + (type === 'change' ? by : percentChange(current, by, least));
}
