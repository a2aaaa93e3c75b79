/**
 * The order in which the autoscaler tries nodes: all in turn, starting behind the one that matched last
 * (kubernetes.md 5.3). The first probe of all is node 1.
 */

import { NO_ROW } from '../../cluster/hosts.ts';

/** The first of the nodes from `first` to `count` - 1 that will do, or NO_ROW. */
export function firstInCycle(
  first: number,
  count: number,
  lastMatch: number,
  willDo: (node: number) => boolean,
): number {
  const searched = count - first;
  if (searched <= 0) return NO_ROW;
  const start = Math.max(first, (lastMatch + 1) % count);
  for (let step = 0; step < searched; step++) {
    const node = start + step < count ? start + step : start + step - searched;
    if (willDo(node)) return node;
  }
  return NO_ROW;
}
