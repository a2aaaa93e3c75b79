/** Tolerations: by key and value, by key alone, of all effects, of everything. */

import type { Json } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { POOLS } from './vocabulary.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule'] as const;

export function drawTolerations(draw: Draw): Json[] {
  return Array.from({ length: draw.int(1, 3) }, () => drawToleration(draw));
}

function drawToleration(draw: Draw): Json {
  const effect = draw.maybe(0.6, () => ({ effect: draw.pick(EFFECTS) }));
  return draw.pick<Json>([
    { key: 'dedicated', operator: 'Equal', value: draw.pick(POOLS), ...effect },
    { key: 'dedicated', value: draw.pick(POOLS), ...effect },
    { key: 'dedicated', operator: 'Exists', ...effect },
    { key: 'spot', operator: 'Exists', ...effect },
    { key: 'spot', ...effect },
    { key: 'old', value: 'true', ...effect },
    { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
    {
      key: 'node.kubernetes.io/not-ready',
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    },
    { operator: 'Exists', ...effect },
  ]);
}
