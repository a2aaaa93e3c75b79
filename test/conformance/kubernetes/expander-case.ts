/** Several node groups that could grow: which of them does each of the Cluster Autoscaler's expanders find best? */

import type { Node } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { drawPodGroup } from './estimator-case.ts';
import type { PodGroup } from './estimator-case.ts';
import { drawNode, drawNodeMix } from './nodes.ts';

export interface ExpanderCase {
  readonly options: readonly Option[];
  /** YAML as in the autoscaler's ConfigMap: a priority, then patterns of the names of groups. Absent: there is no map. */
  readonly priorities?: string;
}

interface Option {
  readonly id: string;
  readonly node: Node;
  readonly count: number;
  readonly group: PodGroup;
}

/** The autoscaler reads them as no priorities at all. */
const UNREADABLE = ['', 'many: [', '10: ["("]', 'first: [".*"]'] as const;

export function drawExpanderCase(draw: Draw): ExpanderCase {
  const mix = drawNodeMix(draw);
  const names = ['web-small', 'web-large', 'batch-small', 'batch-large', 'gpu', 'spot'];
  const ids = draw.some(names, draw.int(0, 6));
  const options = ids.map((id) => ({
    id,
    node: drawNode(draw, id, mix),
    count: draw.int(1, 6),
    group: drawPodGroup(draw, `pods-of-${id}`, draw.pick([1, 2, 2, 6]), [id]),
  }));
  // Sometimes two options are alike in everything but their name.
  const [first, second, ...others] = options;
  const twins = first !== undefined && second !== undefined && draw.chance(0.3);
  return {
    options: twins
      ? [first, { ...second, node: first.node, count: first.count, group: first.group }, ...others]
      : options,
    ...draw.maybe(0.9, () => ({
      priorities: draw.chance(0.95) ? drawPriorities(draw) : draw.pick(UNREADABLE),
    })),
  };
}

function drawPriorities(draw: Draw): string {
  const patterns = draw.some(
    ['web-.*', '.*-large', 'batch-small', 'gpu', '.*', 's'],
    draw.int(1, 4),
  );
  const byPriority = new Map<number, string[]>();
  for (const pattern of patterns) {
    const priority = draw.pick([1, 10, 10, 50]);
    byPriority.set(priority, [...(byPriority.get(priority) ?? []), pattern]);
  }
  return [...byPriority]
    .map(
      ([priority, found]) =>
        `${priority}:\n${found.map((pattern) => `  - "${pattern}"\n`).join('')}`,
    )
    .join('');
}
