import { describe, expect, it } from 'vitest';
import {
  isEmptySelector,
  selectorMatches,
} from '../../../../src/orchestration/kubernetes/framework/label-selector.ts';
import { selector } from './pods-and-nodes.ts';
import type { LabelRequirement } from '../../../../src/cluster/spec.ts';

describe('a label selector', () => {
  it('matches nothing when it is absent and everything when it is empty', () => {
    expect(selectorMatches(undefined, {})).toBe(false);
    expect(selectorMatches(selector({}), {})).toBe(true);
    expect(isEmptySelector(undefined)).toBe(false);
    expect(isEmptySelector(selector({}))).toBe(true);
  });

  it('matches where all its labels and expressions hold', () => {
    const both = {
      matchLabels: { app: 'web' },
      matchExpressions: [{ key: 'tier', operator: 'In' as const, values: ['front', 'back'] }],
    };
    expect(selectorMatches(both, { app: 'web', tier: 'back' })).toBe(true);
    expect(selectorMatches(both, { app: 'web' })).toBe(false);
    expect(selectorMatches(both, { app: 'db', tier: 'back' })).toBe(false);
    expect(isEmptySelector(both)).toBe(false);
  });

  it.each<[LabelRequirement['operator'], boolean, boolean]>([
    ['In', true, false],
    ['NotIn', false, true],
    ['Exists', true, false],
    ['DoesNotExist', false, true],
  ])('with %s matches the label %s, its absence %s', (operator, present, absent) => {
    const one = { matchLabels: {}, matchExpressions: [{ key: 'app', operator, values: ['web'] }] };
    expect(selectorMatches(one, { app: 'web' })).toBe(present);
    expect(selectorMatches(one, {})).toBe(absent);
  });
});
