/**
 * The group that leaves the least unused: the default of Cluster Autoscaler.
 *
 *     waste = (n C - c) / (n C) + (n M - m) / (n M)      n nodes of capacity C, M for pods that ask for c, m together
 *
 * Capacity, not allocatable, and daemons are no pods. Equal scores stay equal options (kubernetes.md 5.5).
 */

import { lowestBy } from '../expander.ts';
import type { Expander, ExpansionOption } from '../expander.ts';

export const leastWaste: Expander = {
  name: 'least-waste',
  best: (options) => lowestBy(options, waste),
};

export function waste(option: ExpansionOption): number {
  const { node, nodeCount, podCpuTicks, podMemoryBytes } = option;
  const cpu = nodeCount * node.cpuCapacityTicks;
  const memory = nodeCount * node.memoryCapacityBytes;
  return (cpu - podCpuTicks) / cpu + (memory - podMemoryBytes) / memory;
}
