/** Asks our budgets, read as NodePools are. */

import { US_PER_SECOND } from '../../../src/base/units.ts';
import { allowedDisruptions } from '../../../src/autoscaling/karpenter/disruption/budgets.ts';
import { budgetsOf } from '../../../src/workload/manifests/node-pool-budget.ts';
import { readPlain } from '../kubernetes/read-plain.ts';
import { REASONS } from './budgets-case.ts';
import type { BudgetsCase } from './budgets-case.ts';

/** Where nothing limits it the real one says the largest number of 32 bits. */
const UNLIMITED = 2_147_483_647;

export function judgeBudgets(input: unknown, output: unknown): string | undefined {
  const { budgets, nowSeconds, nodes } = input as BudgetsCase;
  const known = readPlain(budgets, budgetsOf);
  const found = nodes.map((count) =>
    REASONS.map((reason) =>
      Math.min(UNLIMITED, allowedDisruptions(known, reason, count, 0, nowSeconds * US_PER_SECOND)),
    ),
  );
  const [real, ours] = [JSON.stringify(output), JSON.stringify(found)];
  return real === ours ? undefined : `expected ${real}, found ${ours}`;
}
