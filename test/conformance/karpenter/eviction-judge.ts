/** Asks our costs of disruption. */

import { US_PER_SECOND } from '../../../src/base/units.ts';
import {
  evictionCost,
  lifetimeLeft,
} from '../../../src/autoscaling/karpenter/disruption/candidate.ts';
import { canonical } from './solve-judge.ts';
import type { EvictionCase } from './eviction-case.ts';

export function judgeEviction(input: unknown, output: unknown): string | undefined {
  const { pods, expireAfterSeconds = Infinity, ageSeconds } = input as EvictionCase;
  const costs = pods.map(({ priority = 0, deletionCost = '0' }) =>
    evictionCost(priority, Number(deletionCost)),
  );
  const found = {
    costs,
    rescheduling: costs.reduce((sum, cost) => sum + cost, 0),
    lifetimeRemaining: lifetimeLeft(ageSeconds * US_PER_SECOND, expireAfterSeconds * US_PER_SECOND),
  };
  const [real, ours] = [canonical(output), canonical(found)];
  return real === ours ? undefined : `expected ${real}, found ${ours}`;
}
