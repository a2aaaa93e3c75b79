import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  feasibleNodesToFind,
  zoneInterleaved,
} from '../../../../src/orchestration/kubernetes/cycle/node-order.ts';

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
