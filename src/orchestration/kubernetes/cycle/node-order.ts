/**
 * kube-scheduler's list of nodes: one of each zone in turn, zones in the order in which they were first seen, nodes in
 * order of joining; and how many feasible nodes a cycle looks for (kubernetes.md 1.4).
 */

/** Round-robin over zones. `nodes` in order of joining. */
export function zoneInterleaved(
  nodes: readonly number[],
  zoneOf: (node: number) => number,
): number[] {
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

/** percentageOfNodesToScore that depends on the number of nodes. */
export const ADAPTIVE = 0;

/** With the adaptive percentage: 100 -> 100, 1000 -> 420, 5000 -> 500. */
export function feasibleNodesToFind(nodeCount: number, percentage: number = ADAPTIVE): number {
  if (nodeCount < ALL_BELOW_NODES) return nodeCount;
  const percent =
    percentage === ADAPTIVE
      ? Math.max(50 - Math.trunc(nodeCount / 125), PERCENT_MIN)
      : Math.min(percentage, 100);
  return Math.max(Math.trunc((nodeCount * percent) / 100), FEASIBLE_MIN);
}
