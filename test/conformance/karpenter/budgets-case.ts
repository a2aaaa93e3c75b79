/** Disruption budgets of a NodePool: how many of so many nodes may go now, for each reason? */

import type { Draw } from '../draw.ts';

export interface BudgetsCase {
  readonly budgets: readonly DrawnBudget[];
  readonly nowSeconds: number;
  readonly nodes: readonly number[];
  readonly reasons: readonly string[];
}

interface DrawnBudget {
  readonly nodes: string;
  readonly reasons?: readonly string[];
  readonly schedule?: string;
  readonly duration?: string;
}

export const REASONS = ['Underutilized', 'Empty', 'Drifted'] as const;

const SCHEDULES = [
  '0 9 * * 1-5',
  '*/15 * * * *',
  '30 22 1 * *',
  '0 0 * * 0',
  '5,35 8-18 * * *',
  '0 0 29 2 *',
  '@daily',
  '@hourly',
  '@weekly',
  '0 12 13 * 5',
] as const;

const DURATIONS = ['10m', '1h', '8h', '8h30m', '24h', '1h0m', '168h'] as const;

export function drawBudgetsCase(draw: Draw): BudgetsCase {
  return {
    budgets: Array.from({ length: draw.pick([0, 1, 1, 2, 4]) }, () => ({
      nodes: draw.pick(['0', '1', '5', '100', '0%', '1%', '10%', '33%', '50%', '100%']),
      ...draw.maybe(0.5, () => ({ reasons: draw.some(REASONS, draw.int(1, 3)) })),
      ...draw.maybe(0.6, () => ({
        schedule: draw.pick(SCHEDULES),
        duration: draw.pick(DURATIONS),
      })),
    })),
    // Whole minutes and odd seconds of two years.
    nowSeconds: 1_735_689_600 + draw.int(0, 1_051_200) * 60 + draw.pick([0, 0, 1, 30, 59]),
    nodes: [0, 1, 3, 5, 10, 11, 100, draw.int(1, 2000)],
    reasons: REASONS,
  };
}
