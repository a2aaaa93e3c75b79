/** First fit: every host scores the same, so the tie rule `first` gives the lowest row. */

import type { PolicyKind } from '../policy.ts';

export const firstFit: PolicyKind = {
  name: 'first-fit',
  summary: 'the first host, in order of arrival, that has room',
  parameters: {},
  create: () => ({ constant: true, score: () => 0 }),
};
