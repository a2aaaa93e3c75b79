import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drawnMaximum,
  precedesInWalk,
  preorderMaximum,
} from '../../../../src/orchestration/kubernetes/cycle/heap-order.ts';
import { heapRoot } from './container-heap.ts';

describe('the winner among equal scores', () => {
  it('is the first in the walk 0, 1, 3, 4, 2, 5, 6 of seven nodes', () => {
    const walk = [0, 1, 3, 4, 2, 5, 6];
    for (const [i, earlier] of walk.entries()) {
      for (const later of walk.slice(i + 1)) {
        const scores = [0, 0, 0, 0, 0, 0, 0];
        scores[earlier] = scores[later] = 9;
        expect(preorderMaximum(scores)).toBe(earlier);
      }
    }
  });

  it('is index 0 when all are equal, index 3 when only 2 and 3 are highest', () => {
    expect(preorderMaximum([5, 5, 5, 5, 5, 5, 5])).toBe(0);
    expect(preorderMaximum([1, 1, 5, 5, 1, 1, 1])).toBe(3);
  });

  it("is the root of Go's container/heap, for any scores", () => {
    const few = fc.array(fc.nat(3), { minLength: 1, maxLength: 100, size: 'max' });
    const many = fc.array(fc.nat(100), { minLength: 1, maxLength: 100, size: 'max' });
    fc.assert(
      fc.property(fc.oneof(few, many), (scores) => {
        expect(preorderMaximum(scores)).toBe(heapRoot(scores));
      }),
      { numRuns: 3_000, seed: 42 },
    );
  });

  it('is met before the others in the walk, place by place', () => {
    const walk: number[] = [];
    const visit = (place: number): void => {
      if (place >= 200) return;
      walk.push(place);
      visit(2 * place + 1);
      visit(2 * place + 2);
    };
    visit(0);
    const wrong = walk.flatMap((a, i) =>
      walk.filter((b, j) => i !== j && precedesInWalk(a, b) !== i < j),
    );
    expect(wrong).toEqual([]);
  });

  it('is drawn up to 1.34: the k-th equal takes the place with probability 1/k', () => {
    const draws = [0.49, 0.34, 0.2];
    const next = () => draws.shift()!;
    // Equals at 1, 2, 4, 5: 0.49 x 2 < 1 takes 2, 0.34 x 3 > 1 keeps it, 0.2 x 4 < 1 takes 5.
    expect(drawnMaximum([1, 9, 9, 3, 9, 9], next)).toBe(5);
    expect(draws).toEqual([]);
  });
});
