/** The group whose new nodes would take the most pods (kubernetes.md 5.5). */

import { lowestBy } from '../expander.ts';
import type { Expander } from '../expander.ts';

export const mostPods: Expander = {
  name: 'most-pods',
  best: (options) => lowestBy(options, ({ podCount }) => -podCount),
};
