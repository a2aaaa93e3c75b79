/**
 * Which of several equally good hosts is taken.
 *
 * first      the lowest row.
 * permuted   the first in one permutation of all rows, the same for a whole run.
 * random     a uniform draw. Up to RESERVOIR_HOSTS_MAX hosts: one draw per equal after the first. In larger sets:
 *            at most REJECTIONS_MAX draws among all hosts until one hits an equal, then one draw for the k-th equal.
 * preorder   the first in a pre-order walk of the list of feasible hosts seen as a heap (kubernetes.md 1.6).
 * rotating   the first behind the host taken last, around the end. No scenario names it: a scenario has the policy
 *            `next-fit`, which begins at that host and finds it in the journal.
 *
 * What changes from choice to choice, the stream of `draw` and the row `after`, belongs to the caller, who saves it.
 */

/** The next uniform draw in [0, 1). */
export type Draw = () => number;

export interface RotatingTie {
  readonly kind: 'rotating';
  /** The host taken last; -1 before the first. The placer moves it. */
  after: number;
}

export type TieRule =
  | { readonly kind: 'first' }
  | { readonly kind: 'permuted'; readonly seed: number }
  | { readonly kind: 'random'; readonly draw: Draw }
  | { readonly kind: 'preorder' }
  | RotatingTie;

export const FIRST: TieRule = { kind: 'first' };

/** The rules that a scenario can name, as the parameter `tieBreak` of a policy; the first is the default. */
export const TIE_BREAKS = ['first', 'preorder', 'permuted', 'random'] as const;
export type TieBreak = (typeof TIE_BREAKS)[number];

/** Sets of at most so many hosts are drawn from by reservoir, which needs to see each equal anyway. */
export const RESERVOIR_HOSTS_MAX = 64;
const REJECTIONS_MAX = 64;

/** Who knows the equals. */
export interface Judge {
  isBest(host: number): boolean;
}

/** Draws one of the best of `hosts`, given in row order; there is at least one. */
export function drawOneOf(hosts: readonly number[], judge: Judge, draw: Draw): number {
  for (let i = 0; i < REJECTIONS_MAX; i++) {
    const host = hosts[Math.floor(draw() * hosts.length)]!;
    if (judge.isBest(host)) return host;
  }
  const equals = hosts.filter((host) => judge.isBest(host));
  return equals[Math.floor(draw() * equals.length)]!;
}

/** Place of a row in the permutation of `seed`: a mixing of 32 bits that maps no two rows to one place. */
export function permutedPlace(seed: number, row: number): number {
  let x = row ^ Math.imul(seed, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/** A number that orders equally good hosts: the lowest is taken. For the rules that order rows. */
export function tiePlace(rule: TieRule, row: number): number {
  switch (rule.kind) {
    case 'permuted':
      return permutedPlace(rule.seed, row);
    case 'rotating':
      return row > rule.after ? row : row + ROWS_MAX;
    case 'first':
    case 'random':
    case 'preorder':
      return row;
  }
}

/** More than any number of rows. */
const ROWS_MAX = 1_099_511_627_776;
