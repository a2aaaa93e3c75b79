/** Pods that are on nodes already. They start a second apart, so that none ties with another. */

import type { Pod } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { drawPod } from './pods.ts';
import type { Feature } from './pods.ts';
import { instant, NOW_SECONDS } from './vocabulary.ts';

const DAY_SECONDS = 86_400;

// What a placed pod's constraints can still mean to others: its own terms, its ports and its volumes.
const FELT_BY_OTHERS: readonly Feature[] = [
  'affinity',
  'affinityPreferred',
  'antiAffinity',
  'antiPreferred',
  'ports',
  'volumes',
];

export interface PlacedMix {
  readonly perNode: number;
  readonly felt: number;
  readonly terminating: number;
  readonly volumes: boolean;
}

export function drawPlacedPods(draw: Draw, nodeNames: readonly string[], mix: PlacedMix): Pod[] {
  return nodeNames.flatMap((node, row) =>
    Array.from({ length: draw.int(0, mix.perNode) }, (_, index) =>
      drawPlacedPod(draw, node, row, index, nodeNames, mix),
    ),
  );
}

function drawPlacedPod(
  draw: Draw,
  node: string,
  row: number,
  index: number,
  nodeNames: readonly string[],
  mix: PlacedMix,
): Pod {
  const features = new Set(
    FELT_BY_OTHERS.filter(
      (feature) => draw.chance(mix.felt) && (mix.volumes || feature !== 'volumes'),
    ),
  );
  if (draw.chance(0.25)) features.add('elsewhere');
  const pod = drawPod(draw, { name: `placed-${row}-${index}`, features, nodeNames });
  const startedAt = NOW_SECONDS - DAY_SECONDS + row * 300 + index;
  return {
    metadata: {
      ...pod.metadata,
      ...draw.maybe(mix.terminating, () => ({
        deletionTimestamp: instant(NOW_SECONDS + 10),
        deletionGracePeriodSeconds: 30,
      })),
    },
    spec: { ...pod.spec, nodeName: node },
    status: { phase: 'Running', startTime: instant(startedAt) },
  };
}
