/** A disruption budget of a NodePool: how many of its nodes may be on their way out at once, for what, and when (aws.md 1.21). */

import { DISRUPTION_REASONS } from './node-pool-spec.ts';
import { durationOrNever } from './node-pool-duration.ts';
import { parseCron } from '../../base/cron-schedule.ts';
import type { DisruptionBudget } from './node-pool-spec.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const BUDGETS_MAX = 50;

export function budgetsOf(budgets: YamlCursor): DisruptionBudget[] {
  const items = budgets.items();
  if (items.length > BUDGETS_MAX) {
    budgets.faultSaying(`expected at most ${BUDGETS_MAX} budgets, found ${items.length}`);
  }
  return items.map((budget) => {
    const window = windowOf(budget);
    return {
      nodes: shareOrCount(budget.get('nodes')),
      reasons: budget
        .get('reasons')
        .items()
        .map((reason) => reason.oneOf(DISRUPTION_REASONS, 'Underutilized')),
      ...(window === undefined ? {} : { window }),
    };
  });
}

function windowOf(budget: YamlCursor): DisruptionBudget['window'] {
  const [schedule, duration] = [budget.get('schedule'), budget.get('duration')];
  if (schedule.isAbsent && duration.isAbsent) return undefined;
  if (schedule.isAbsent || duration.isAbsent) {
    budget.faultSaying('expected schedule and duration together, found one of them');
    return undefined;
  }
  const parsed = parseCron(schedule.text());
  if (typeof parsed === 'string') schedule.faultSaying(parsed);
  return { schedule: schedule.text(), durationUs: durationOrNever(duration, 0) };
}

function shareOrCount(nodes: YamlCursor): DisruptionBudget['nodes'] {
  const text = nodes.isAbsent ? '10%' : String(nodes.textOrNumber());
  const [, digits, sign] = /^(\d+)(%?)$/.exec(text) ?? [];
  if (digits === undefined || (sign === '%' && Number(digits) > 100)) {
    nodes.fault('a number of nodes, or a whole percentage such as "10%"');
    return { count: 0 };
  }
  return sign === '%' ? { percent: Number(digits) } : { count: Number(digits) };
}
