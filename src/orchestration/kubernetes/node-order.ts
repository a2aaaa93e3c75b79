/**
 * kube-scheduler's list of nodes: one of each zone in turn, zones in the order in which they were first seen, nodes in
 * order of joining; and how many feasible nodes a cycle looks for (kubernetes.md 1.4).
 */

/** Round-robin over zones. `nodes` in order of joining. */
export function zoneInterleaved(
  nodes: readonly number[],
  zoneOf: (node: number) => number,
): readonly number[] {
  const zones = new Map<number, number[]>();
  for (const node of nodes) {
    const zone = zoneOf(node);
    const list = zones.get(zone);
    if (list === undefined) zones.set(zone, [node]);
    else list.push(node);
  }
  const lists = [...zones.values()];
  const order: number[] = [];
  for (let round = 0; order.length < nodes.length; round++) {
    for (const list of lists) {
      if (round < list.length) order.push(list[round]!);
    }
  }
  return order;
}

const ALL_BELOW_NODES = 100;
const FEASIBLE_MIN = 100;
const PERCENT_MIN = 5;

/** Adaptive percentageOfNodesToScore: 100 -> 100, 1000 -> 420, 5000 -> 500. */
export function feasibleNodesToFind(nodeCount: number): number {
  if (nodeCount < ALL_BELOW_NODES) return nodeCount;
  const percent = Math.max(50 - Math.trunc(nodeCount / 125), PERCENT_MIN);
  return Math.max(Math.trunc((nodeCount * percent) / 100), FEASIBLE_MIN);
}

/**
 * Position of the winner among equal maxima: the first met in a pre-order walk of the implicit binary tree with
 * children 2i+1 and 2i+2 (kubernetes.md 1.6, versions >= 1.35). 7 nodes: 0,1,3,4,2,5,6.
 */
export function preorderMaximum(scores: readonly number[]): number {
  let best = 0;
  const walk: number[] = [0];
  let bestScore = -Infinity;
  while (walk.length > 0) {
    const at = walk.pop()!;
    if (at >= scores.length) continue;
    if (scores[at]! > bestScore) {
      best = at;
      bestScore = scores[at]!;
    }
    walk.push(2 * at + 2, 2 * at + 1);
  }
  return best;
}
