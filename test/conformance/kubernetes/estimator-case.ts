/** Groups of equal pending pods and a node template: how many nodes does the Cluster Autoscaler's estimator ask for? */

import type { Node, Pod } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { drawNode, drawNodeMix } from './nodes.ts';
import { drawPlacedPods } from './placed-pods.ts';
import { drawPod } from './pods.ts';
import type { Feature } from './pods.ts';

export interface PodGroup {
  readonly pod: Pod;
  readonly names: readonly string[];
}

export interface EstimatorCase {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly template: Node;
  readonly daemonPods: readonly Pod[];
  readonly groups: readonly PodGroup[];
  readonly nodesMax: number;
  readonly clusterMax: number;
  readonly groupMax: number;
  readonly groupTarget: number;
  readonly similarRoom: number;
  /** `--fastpath-binpacking`. */
  readonly fastPath: boolean;
}

const GROUP_FEATURES: readonly Feature[] = [
  'tolerations',
  'nodeSelector',
  'spreadHard',
  'antiAffinity',
  'affinity',
  'ports',
];

export function drawEstimatorCase(draw: Draw): EstimatorCase {
  const mix = { ...drawNodeMix(draw), trouble: draw.pick([0, 0.2]) };
  const nodes = Array.from({ length: draw.int(0, 5) }, (_, index) =>
    drawNode(draw, `node-${index}`, mix),
  );
  const nodeNames = nodes.map((node) => node.metadata.name);
  const template = drawNode(draw, 'template', mix);
  return {
    nodes,
    pods: drawPlacedPods(draw, nodeNames, {
      perNode: 2,
      felt: 0.1,
      terminating: 0,
      volumes: false,
    }),
    template,
    daemonPods: draw.chance(0.4)
      ? [drawPod(draw, { name: 'daemon', features: new Set(), nodeNames })]
      : [],
    groups: drawPodGroups(draw, ['template', ...nodeNames]),
    nodesMax: draw.pick([1000, 1000, 3, 1]),
    clusterMax: draw.pick([0, 0, nodes.length + 2, nodes.length]),
    groupMax: draw.pick([100, 100, 4, 1]),
    groupTarget: draw.int(0, 1),
    similarRoom: draw.pick([0, 0, 2]),
    fastPath: draw.chance(0.4),
  };
}

// Sizes of groups differ, and so mostly do their scores: the order of equal scores is an accident of the real sort.
function drawPodGroups(draw: Draw, nodeNames: readonly string[]): PodGroup[] {
  return Array.from({ length: draw.int(1, 6) }, (_, group) =>
    drawPodGroup(draw, `group-${group}`, draw.pick([1, 3, 8, 25, 25, 0]), nodeNames),
  );
}

export function drawPodGroup(
  draw: Draw,
  name: string,
  size: number,
  nodeNames: readonly string[],
): PodGroup {
  const features = new Set(draw.some(GROUP_FEATURES, draw.pick([0, 0, 1, 2])));
  const pod = drawPod(draw, { name, features, nodeNames });
  return { pod, names: Array.from({ length: size }, (_, index) => `${name}-${index}`) };
}
