/**
 * DefaultNormalize (kubernetes.md 1.9): the best node gets 100, the others their share of it.
 *
 *     max = 0          all 0, reversed all 100
 *     else             100 s div max, reversed 100 - that
 */

export const MAX_SCORE = 100;

/** In place. */
export function normalizeByMax(scores: number[]): void {
  let max = 0;
  for (const score of scores) if (score > max) max = score;
  if (max === 0) return;
  for (const [i, score] of scores.entries()) scores[i] = Math.trunc((MAX_SCORE * score) / max);
}

/** In place: the fewer the better. */
export function normalizeReversed(scores: number[]): void {
  normalizeByMax(scores);
  for (const [i, score] of scores.entries()) scores[i] = MAX_SCORE - score;
}
