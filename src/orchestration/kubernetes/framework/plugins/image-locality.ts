/**
 * ImageLocality (kubernetes.md 1.9): nodes that hold the pod's images already, large ones above all.
 *
 *     sum     over init containers, containers and image volumes whose image the node has: int(size x nodesWithImage / nodes)
 *     score   100 (clamp(sum, 23 MiB, M) - 23 MiB) div (M - 23 MiB),   M = 1000 MiB x (init containers + containers)
 *
 * Names    without a tag mean `:latest`.
 */

import { MAX_SCORE } from './default-normalize.ts';
import { MIB } from '../../../../base/units.ts';
import type { NodeDescription } from '../node-info.ts';
import type { PodTemplate } from '../../../../cluster/pod-template.ts';
import type { ScorePlugin } from '../plugin.ts';

const LEAST_BYTES = 23 * MIB;
const MOST_BYTES_PER_CONTAINER = 1000 * MIB;

/** State: number of all nodes. */
export const imageLocality: ScorePlugin<number> = {
  name: 'ImageLocality',

  preScore: (_pod, _feasible, all, { nodeCount }) => nodeCount ?? all.length,

  score: ({ spec: { template } }, { node }, nodes) =>
    localityScore(bytesOn(template, node, nodes), template),
};

/** Of a pod on a node that holds so much of its images. */
export function localityScore(heldBytes: number, template: PodTemplate): number {
  const containers = template.initContainers.length + template.containers.length;
  const most = MOST_BYTES_PER_CONTAINER * containers;
  const held = Math.min(Math.max(heldBytes, LEAST_BYTES), most);
  return Math.trunc((MAX_SCORE * (held - LEAST_BYTES)) / (most - LEAST_BYTES));
}

/** What one image on a node counts. */
export function spreadBytes(sizeBytes: number, nodesWithImage: number, nodes: number): number {
  return Math.trunc(sizeBytes * (nodesWithImage / nodes));
}

function bytesOn(template: PodTemplate, { images }: NodeDescription, nodes: number): number {
  let sum = 0;
  for (const name of imagesOf(template)) {
    const image = images.get(withTag(name));
    if (image !== undefined) sum += spreadBytes(image.sizeBytes, image.nodes, nodes);
  }
  return sum;
}

/** Every image of the pod, as often as it is named. */
export function imagesOf({ initContainers, containers, volumes }: PodTemplate): string[] {
  const names = [...initContainers, ...containers].map(({ image }) => image);
  for (const volume of volumes) if (volume.kind === 'image') names.push(volume.image);
  return names;
}

function withTag(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}
