import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Requirement } from '../../../src/autoscaling/karpenter/requirement.ts';
import type { LabelRequirement } from '../../../src/cluster/spec.ts';

const KEY = 'example.com/size';
/** Values that the small universe of these tests knows: integers, texts, and one outside of every list. */
const UNIVERSE = ['1', '2', '3', '5', '9', 'a', 'b', 'elsewhere'];

function requirement(operator: LabelRequirement['operator'], ...values: string[]): Requirement {
  return Requirement.of({ key: KEY, operator, values });
}

const anyRequirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('In' as const, 'NotIn' as const),
      fc.subarray(UNIVERSE, { minLength: 1 }),
    )
    .map(([operator, values]) => requirement(operator, ...values)),
  fc.constantFrom(requirement('Exists'), requirement('DoesNotExist')),
  fc
    .tuple(fc.constantFrom('Gt' as const, 'Lt' as const), fc.integer({ min: 0, max: 9 }))
    .map(([operator, bound]) => requirement(operator, String(bound))),
);

describe('an operator allows', () => {
  it.each([
    ['In', ['a', 'b'], ['a', 'b']],
    ['NotIn', ['a', 'b'], ['1', '2', '3', '5', '9', 'elsewhere']],
    ['Exists', [], UNIVERSE],
    ['DoesNotExist', [], []],
    // Gt 2 is gte 3, Lt 5 is lte 4; texts lie outside of every bound.
    ['Gt', ['2'], ['3', '5', '9']],
    ['Lt', ['5'], ['1', '2', '3']],
  ] as const)('%s %j', (operator, values, allowed) => {
    const one = requirement(operator, ...values);
    expect(UNIVERSE.filter((value) => one.has(value))).toEqual(allowed);
  });
});

describe('an intersection', () => {
  it('allows exactly what both allow', () => {
    fc.assert(
      fc.property(anyRequirement, anyRequirement, fc.constantFrom(...UNIVERSE), (a, b, value) => {
        expect(a.and(b).has(value)).toBe(a.has(value) && b.has(value));
      }),
      { seed: 17, numRuns: 2_000 },
    );
  });

  it('does not depend on order', () => {
    fc.assert(
      fc.property(anyRequirement, anyRequirement, anyRequirement, (a, b, c) => {
        const left = a.and(b).and(c);
        const right = c.and(b.and(a));
        for (const value of UNIVERSE) expect(left.has(value)).toBe(right.has(value));
      }),
      { seed: 18, numRuns: 1_000 },
    );
  });

  it('exists unless it is the empty set', () => {
    fc.assert(
      fc.property(anyRequirement, anyRequirement, (a, b) => {
        expect(a.meets(b)).toBe(!a.and(b).isNowhere);
      }),
      { seed: 19, numRuns: 2_000 },
    );
  });

  it('of two complements is a complement of all that either forbids', () => {
    const both = requirement('NotIn', 'a').and(requirement('NotIn', 'b'));
    expect(both.complement).toBe(true);
    expect([...both.values]).toEqual(['a', 'b']);
  });

  it('of crossed bounds is DoesNotExist', () => {
    // Gt 5 is gte 6, Lt 5 is lte 4.
    const none = requirement('Gt', '5').and(requirement('Lt', '5'));
    expect(none.isNowhere).toBe(true);
    expect(none.allowsMissing).toBe(true);
  });

  it('with a plain set drops the bounds once they are applied', () => {
    const plain = requirement('In', '1', '5', '9').and(requirement('Gt', '1'));
    expect([...plain.values]).toEqual(['5', '9']);
    expect([plain.gte, plain.lte]).toEqual([-Infinity, Infinity]);
  });

  it('keeps the larger minValues', () => {
    const wish = (minValues: number) =>
      Requirement.of({ key: KEY, operator: 'Exists', values: [] }, minValues);
    expect(wish(3).and(wish(5)).minValues).toBe(5);
  });
});

it('NotIn and DoesNotExist alone are satisfied by a missing label', () => {
  expect(requirement('NotIn', 'a').allowsMissing).toBe(true);
  expect(requirement('DoesNotExist').allowsMissing).toBe(true);
  expect(requirement('Exists').allowsMissing).toBe(false);
  expect(requirement('Gt', '1').allowsMissing).toBe(false);
  expect(requirement('In', 'a').allowsMissing).toBe(false);
});

it('old names of labels are read as the stable ones', () => {
  const zone = Requirement.is('failure-domain.beta.kubernetes.io/zone', 'us-east-1a');
  expect(zone.key).toBe('topology.kubernetes.io/zone');
});

it('a bound that is no integer is refused', () => {
  expect(() => requirement('Gt', 'large')).toThrow('is one integer, found [large]');
});
