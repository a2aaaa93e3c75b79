/**
 * Which of equally good nodes kube-scheduler takes (kubernetes.md 1.6).
 *
 * >= 1.35    the first met in a pre-order walk of the implicit binary tree with children 2i+1 and 2i+2 over the list of
 *            feasible nodes. 7 nodes: 0,1,3,4,2,5,6.
 * <= 1.34    the k-th of the equals, in order of the list, replaces the one before with probability 1/k.
 */

/** Is place `a` met before place `b` in the walk? The places differ. */
export function precedesInWalk(a: number, b: number): boolean {
  // Counted from 1, a place is the path from the root behind its leading bit: a prefix comes before what extends it.
  const levels = Math.clz32(a + 1) - Math.clz32(b + 1);
  if (levels >= 0) return a + 1 <= (b + 1) >> levels;
  return (a + 1) >> -levels < b + 1;
}

/** Place of the winner from 1.35 on. */
export function preorderMaximum(scores: readonly number[]): number {
  let best = 0;
  for (let place = 1; place < scores.length; place++) {
    const difference = scores[place]! - scores[best]!;
    if (difference > 0 || (difference === 0 && precedesInWalk(place, best))) best = place;
  }
  return best;
}

/** Place of the winner up to 1.34: one draw per equal after the first. */
export function drawnMaximum(scores: readonly number[], draw: () => number): number {
  const best = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  let winner = -1;
  let equals = 0;
  for (const [place, score] of scores.entries()) {
    if (score !== best) continue;
    if (++equals === 1 || draw() * equals < 1) winner = place;
  }
  return winner;
}
