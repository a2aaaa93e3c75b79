/** Keeps every option: the draw at the end of the chain decides (kubernetes.md 5.5). */

import type { Expander } from '../expander.ts';

export const random: Expander = {
  name: 'random',
  best: (options) => options,
};
