import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  feasibleNodesToFind,
  preorderMaximum,
  zoneInterleaved,
} from '../../../src/orchestration/kubernetes/node-order.ts';
import { heapRoot } from './container-heap.ts';

describe('the list of nodes', () => {
  it('takes one node of each zone in turn, zones as first seen, nodes as they joined', () => {
    const zones = [1, 1, 0, 1, 2, 0];
    // Zone 1: nodes 0, 1, 3; zone 0: 2, 5; zone 2: 4.
    const order = zoneInterleaved([0, 1, 2, 3, 4, 5], (node) => zones[node]!);
    expect(order).toEqual([0, 2, 4, 1, 5, 3]);
  });

  it('has every node once, whatever the zones', () => {
    const zonesOfNodes = fc.array(fc.nat(4), { maxLength: 30, size: 'max' });
    fc.assert(
      fc.property(zonesOfNodes, (zones) => {
        const nodes = zones.map((_, node) => node * 3);
        const order = zoneInterleaved(nodes, (node) => zones[node / 3]!);
        expect([...order].sort((a, b) => a - b)).toEqual(nodes);
      }),
      { numRuns: 200, seed: 42 },
    );
  });
});

describe('how many feasible nodes a cycle looks for', () => {
  // The table of kubernetes.md 6.
  it.each([
    [1, 1],
    [99, 99],
    [100, 100],
    [200, 100],
    [250, 120],
    [300, 144],
    [500, 230],
    [1_000, 420],
    [2_000, 680],
    [3_000, 780],
    [5_000, 500],
    [5_625, 281],
    [10_000, 500],
  ])('of %d nodes: %d', (nodes, wanted) => {
    expect(feasibleNodesToFind(nodes)).toBe(wanted);
  });
});

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
});
