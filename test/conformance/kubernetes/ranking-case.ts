/** Pods of one ReplicaSet: in which order would a scale-in delete them? */

import type { Json, Pod } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { instant, NOW_SECONDS } from './vocabulary.ts';

export interface RankingCase {
  readonly now: string;
  readonly pods: readonly Pod[];
  /** How many pods of the same owner share each pod's node. */
  readonly rank: readonly number[];
}

export function drawRankingCase(draw: Draw): RankingCase {
  // Up to 12 elements Go's sort is an insertion sort and so stable; above it is not.
  const count = draw.pick([draw.int(2, 12), draw.int(13, 60)]);
  const alike = draw.chance(0.5);
  const pods = Array.from({ length: count }, (_, index) => drawRankedPod(draw, index, alike));
  const crowd = new Map<string, number>();
  for (const { spec } of pods)
    crowd.set(spec.nodeName ?? '', (crowd.get(spec.nodeName ?? '') ?? 0) + 1);
  return {
    now: instant(NOW_SECONDS),
    pods,
    rank: pods.map(({ spec }) =>
      draw.chance(0.9) ? crowd.get(spec.nodeName ?? '')! : draw.int(0, 4),
    ),
  };
}

function drawRankedPod(draw: Draw, index: number, alike: boolean): Pod {
  const ages = [draw.int(0, 40), draw.int(0, 4000), draw.int(0, 1_000_000)];
  const age = draw.pick(ages);
  const assigned = alike || draw.chance(0.9);
  return {
    metadata: {
      name: `pod-${index}`,
      uid: `${draw.int(0, 0xffff).toString(16)}-${index}`,
      creationTimestamp: instant(NOW_SECONDS - age),
      ...draw.maybe(0.15, () => ({
        annotations: {
          'controller.kubernetes.io/pod-deletion-cost': draw.pick([
            '5',
            '-7',
            '100',
            '+1',
            '007',
            'many',
          ]),
        },
      })),
    },
    spec: {
      containers: [{ name: 'main', image: 'registry.example/shop:1' }],
      ...(assigned ? { nodeName: `node-${draw.int(0, 5)}` } : {}),
    },
    status: {
      phase: alike || draw.chance(0.8) ? 'Running' : draw.pick(['Pending', 'Unknown']),
      conditions: drawConditions(draw, age, alike),
      containerStatuses: [drawRestarts(draw, 'main')],
      ...draw.maybe(0.2, () => ({ initContainerStatuses: [drawRestarts(draw, 'side')] })),
    },
  };
}

function drawConditions(draw: Draw, age: number, alike: boolean): Json[] {
  if (!alike && draw.chance(0.05)) return [];
  const status = alike || draw.chance(0.8) ? 'True' : 'False';
  const since = draw.chance(0.05) ? null : instant(NOW_SECONDS - draw.int(0, age));
  return [{ type: 'Ready', status, lastTransitionTime: since }];
}

function drawRestarts(draw: Draw, name: string): Json {
  return { name, restartCount: draw.pick([0, 0, 1, 3]) };
}
