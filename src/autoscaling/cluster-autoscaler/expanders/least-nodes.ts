/** The group that needs the fewest new nodes (kubernetes.md 5.5). */

import { lowestBy } from '../expander.ts';
import type { Expander } from '../expander.ts';

export const leastNodes: Expander = {
  name: 'least-nodes',
  best: (options) => lowestBy(options, ({ nodeCount }) => nodeCount),
};
