/** Random: every host scores the same and the tie is drawn; see `tieBreakOf` in the register. aws.md 3.6 `random`. */

import type { PolicyKind } from '../policy.ts';

export const random: PolicyKind = {
  name: 'random',
  summary: 'a draw among the hosts that have room',
  parameters: {},
  create: () => ({ constant: true, score: () => 0 }),
};
