import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ELIGIBLE,
  HAS_TAINT,
  MISSES_SELECTOR,
  Specs,
  eligibilityOf,
  requirementHolds,
  tolerates,
} from '../../src/cluster/specs.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { HostKind } from '../../src/cluster/specs.ts';
import type { LabelRequirement, Taint, TaskSpec, Toleration } from '../../src/cluster/spec.ts';

const labels = { zone: 'a', cores: '8', empty: '', word: 'x8' };

/** kubernetes.md 1.8 NodeAffinity, clause by clause. */
const OPERATORS: readonly [string, LabelRequirement['operator'], readonly string[], boolean][] = [
  ['zone', 'In', ['a', 'b'], true],
  ['zone', 'In', ['b'], false],
  ['absent', 'In', ['a'], false],
  ['zone', 'NotIn', ['b'], true],
  ['zone', 'NotIn', ['a', 'b'], false],
  ['absent', 'NotIn', ['a'], true],
  ['zone', 'Exists', [], true],
  ['empty', 'Exists', [], true],
  ['absent', 'Exists', [], false],
  ['zone', 'DoesNotExist', [], false],
  ['absent', 'DoesNotExist', [], true],
  ['cores', 'Gt', ['7'], true],
  ['cores', 'Gt', ['8'], false],
  // As integers: as text '8' would be greater than '16'.
  ['cores', 'Gt', ['16'], false],
  ['cores', 'Lt', ['16'], true],
  ['cores', 'Lt', ['8'], false],
  ['absent', 'Gt', ['0'], false],
  ['absent', 'Lt', ['9'], false],
  ['word', 'Gt', ['0'], false],
  ['empty', 'Gt', ['-1'], false],
  ['empty', 'Lt', ['1'], false],
  ['cores', 'Gt', ['7.5'], false],
];

describe('a label requirement', () => {
  it.each(OPERATORS)('%s %s %j holds: %s', (key, operator, values, holds) => {
    expect(requirementHolds({ key, operator, values }, labels)).toBe(holds);
  });
});

const taint: Taint = { key: 'gpu', value: 'a100', effect: 'NoSchedule' };

/** kubernetes.md 1.8 TaintToleration. */
const TOLERATIONS: readonly [Toleration, boolean][] = [
  [{ key: 'gpu', operator: 'Equal', value: 'a100', effect: 'NoSchedule' }, true],
  [{ key: 'gpu', operator: 'Equal', value: 'h100', effect: 'NoSchedule' }, false],
  [{ key: 'gpu', operator: 'Exists', value: '', effect: 'NoSchedule' }, true],
  [{ key: 'gpu', operator: 'Exists', value: '', effect: '' }, true],
  [{ key: 'gpu', operator: 'Exists', value: '', effect: 'NoExecute' }, false],
  [{ key: 'other', operator: 'Exists', value: '', effect: '' }, false],
  [{ key: '', operator: 'Exists', value: '', effect: '' }, true],
  [{ key: '', operator: 'Exists', value: '', effect: 'NoExecute' }, false],
  // An empty key requires Exists.
  [{ key: '', operator: 'Equal', value: 'a100', effect: '' }, false],
];

describe('a toleration', () => {
  it.each(TOLERATIONS)('%j agrees with gpu=a100:NoSchedule: %s', (toleration, agrees) => {
    expect(tolerates(toleration, taint)).toBe(agrees);
  });
});

const spec = (parts: Partial<TaskSpec>): TaskSpec => ({
  ...plainTaskSpec('web', 'service', 1, 1),
  ...parts,
});
const kind = (parts: Partial<HostKind>): HostKind => ({ labels, taints: [], ...parts });

describe('eligibility', () => {
  it('asks for every label of the selector and every requirement', () => {
    const selector = { zone: 'a', cores: '8' };
    expect(eligibilityOf(spec({ nodeSelector: selector }), kind({}))).toBe(ELIGIBLE);
    expect(eligibilityOf(spec({ nodeSelector: { ...selector, disk: 'ssd' } }), kind({}))).toBe(
      MISSES_SELECTOR,
    );
    const inZoneA = { key: 'zone', operator: 'In', values: ['a'] } as const;
    const small = { key: 'cores', operator: 'Lt', values: ['4'] } as const;
    expect(eligibilityOf(spec({ requirements: [inZoneA] }), kind({}))).toBe(ELIGIBLE);
    expect(eligibilityOf(spec({ requirements: [inZoneA, small] }), kind({}))).toBe(MISSES_SELECTOR);
  });

  it('asks that every taint is tolerated, those apart that only prefer', () => {
    const preferred: Taint = { key: 'slow', value: '', effect: 'PreferNoSchedule' };
    const evicting: Taint = { key: 'old', value: '', effect: 'NoExecute' };
    const any: Toleration = { key: 'gpu', operator: 'Exists', value: '', effect: '' };
    expect(eligibilityOf(spec({}), kind({ taints: [preferred] }))).toBe(ELIGIBLE);
    expect(eligibilityOf(spec({}), kind({ taints: [taint] }))).toBe(HAS_TAINT);
    expect(eligibilityOf(spec({}), kind({ taints: [evicting] }))).toBe(HAS_TAINT);
    expect(eligibilityOf(spec({ tolerations: [any] }), kind({ taints: [taint] }))).toBe(ELIGIBLE);
    expect(eligibilityOf(spec({ tolerations: [any] }), kind({ taints: [taint, evicting] }))).toBe(
      HAS_TAINT,
    );
  });

  it('is named by the labels first when both refuse', () => {
    const picky = spec({ nodeSelector: { zone: 'b' } });
    expect(eligibilityOf(picky, kind({ taints: [taint] }))).toBe(MISSES_SELECTOR);
  });

  it('is remembered per spec and kind as if it were asked anew', () => {
    const specs = new Specs();
    const zones = ['a', 'b', 'c'];
    const kinds = Array.from({ length: 40 }, (_, i) =>
      kind({ labels: { zone: zones[i % 3]!, row: `${i}` }, taints: i % 4 === 0 ? [taint] : [] }),
    );
    const wishes = zones.map((zone) => spec({ nodeSelector: { zone } }));
    const specRows = wishes.map((wish) => specs.rowOf(wish));
    const pair = fc.tuple(fc.nat(wishes.length - 1), fc.nat(kinds.length - 1));
    fc.assert(
      fc.property(pair, ([wish, of]) => {
        const answer = specs.eligibility(specRows[wish]!, specs.kindRowOf(kinds[of]!));
        expect(answer).toBe(eligibilityOf(wishes[wish]!, kinds[of]!));
      }),
      { numRuns: 1_000, seed: 42 },
    );
  });

  it('is asked anew after a restore, which may give a row to another spec', () => {
    const specs = new Specs();
    const state = specs.save();
    const row = specs.kindRowOf(kind({}));
    expect(specs.eligibility(specs.rowOf(spec({ nodeSelector: { zone: 'b' } })), row)).toBe(
      MISSES_SELECTOR,
    );
    specs.restore(state);
    expect(specs.count).toBe(0);
    specs.kindRowOf(kind({}));
    const other = specs.rowOf(spec({ cpuTicks: 7 }));
    expect([other, specs.cpuTicks[other], specs.eligibility(other, row)]).toEqual([0, 7, ELIGIBLE]);
  });
});
