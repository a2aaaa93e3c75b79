/** Asks our requirement algebra. */

import { WELL_KNOWN_LABELS } from '../../../src/autoscaling/karpenter/well-known-labels.ts';
import { byCode, canonical, operatorsOf } from './solve-judge.ts';
import { requirementsOf } from './solve-world.ts';
import type { Requirement } from '../../../src/autoscaling/karpenter/requirement.ts';
import type { Requirements } from '../../../src/autoscaling/karpenter/requirements.ts';
import type { RequirementsCase } from './requirements-case.ts';

export function judgeRequirements(input: unknown, output: unknown): string | undefined {
  const asked = input as RequirementsCase;
  const a = requirementsOf(asked.a);
  const b = requirementsOf(asked.b);
  const meets: Record<string, boolean> = {};
  for (const one of a.all()) {
    const other = b.get(one.key);
    if (other !== undefined) meets[one.key] = one.meets(other);
  }
  const found = {
    a: tell(a, asked.values),
    b: tell(b, asked.values),
    both: tell(a.and(b), asked.values),
    intersects: a.intersects(b),
    meets,
    compatible: a.isCompatible(b, new Set()),
    compatibleOpen: a.isCompatible(b, WELL_KNOWN_LABELS),
  };
  const [real, ours] = [canonical(output), canonical(found)];
  return real === ours ? undefined : `expected ${real}, found ${ours}`;
}

function tell(requirements: Requirements, values: readonly string[]): Record<string, unknown> {
  const told: Record<string, unknown> = {};
  for (const one of requirements.all()) {
    told[one.key] = {
      operator: operatorOf(one),
      values: [...one.values].sort(byCode),
      has: values.map((value) => one.has(value)),
      ...(one.minValues > 0 ? { minValues: one.minValues } : {}),
      written: operatorsOf(one),
    };
  }
  return told;
}

function operatorOf({ complement, values }: Requirement): string {
  if (complement) return values.size > 0 ? 'NotIn' : 'Exists';
  return values.size > 0 ? 'In' : 'DoesNotExist';
}
