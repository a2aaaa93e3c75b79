/** Own hosts as the Nodes of a manifest describe them: what they hand out, their labels and taints, as they stand. */

import { ScenarioError, type Fault } from '../../base/scenario-error.ts';
import { TICKS_PER_MILLI } from '../../base/units.ts';
import { manifestObjects } from './manifest-object.ts';
import { nodeSpec } from './node-object.ts';
import { readYaml } from './yaml-cursor.ts';
import type { HostShape } from '../../cluster/spec.ts';
import type { NodeSpec } from '../../cluster/node-spec.ts';

const GPU = 'nvidia.com/gpu';

/** In the order of the file; other kinds are passed over. Throws ScenarioError with every fault, or when there is no Node. */
export function readNodeList(file: string, text: string): HostShape[] {
  const faults: Fault[] = [];
  const nodes = readYaml(file, text, faults)
    .flatMap(manifestObjects)
    .filter(({ type }) => type === '/Node')
    .map(nodeSpec);
  if (nodes.length === 0 && faults.length === 0) {
    const message = 'expected at least one Node, found none';
    faults.push({ file, line: 1, column: 1, path: '', message });
  }
  if (faults.length > 0) throw new ScenarioError(faults);
  return nodes.map(shapeOf);
}

function shapeOf({ name, labels, taints, capacity, allocatable }: NodeSpec): HostShape {
  const sizeOf = (amounts: NodeSpec['capacity']) => ({
    cpuTicks: (amounts['cpu'] ?? 0) * TICKS_PER_MILLI,
    memoryBytes: amounts['memory'] ?? 0,
  });
  return {
    name,
    ...sizeOf(capacity),
    gpuCount: allocatable[GPU] ?? 0,
    gpuModel: '',
    node: { labels, taints, ...sizeOf(allocatable), pods: allocatable['pods'] ?? 0 },
  };
}
