import { FIRST, type TieRule } from '../../src/placement/tie-rule.ts';

/** As many rules of a kind as placers: what a rule keeps is its own. */
export const TIE_RULES: Readonly<Record<string, () => TieRule>> = {
  first: () => FIRST,
  permuted: () => ({ kind: 'permuted', seed: 42 }),
  rotating: () => ({ kind: 'rotating', after: -1 }),
  random: () => {
    let state = 1;
    return {
      kind: 'random',
      draw: () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 4_294_967_296,
    };
  },
};
