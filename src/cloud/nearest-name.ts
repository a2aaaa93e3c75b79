import { distance } from 'fastest-levenshtein';

/** For "did you mean ...?": the nearest of `names` within a third of the length of `name`; ties go to the first. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const far = distance(name, candidate);
    if (far >= bestDistance) continue;
    best = candidate;
    bestDistance = far;
  }
  return best;
}
