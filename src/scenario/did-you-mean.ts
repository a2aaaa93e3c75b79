/**
 * The end of a fault that names the nearest known word, when it is near enough to be a slip (cloud/nearest-name.ts) and
 * shares a letter with what was found. A short list of known words is given whole when none is near.
 */

import { distance } from 'fastest-levenshtein';
import { nearestName } from '../cloud/nearest-name.ts';

const SHORT_LIST = 14;

/** ` (did you mean "x"?)`, or, when nothing is near and the list is short, ` (one of a, b, c)`. */
export function didYouMean(found: string, known: readonly string[]): string {
  const words = [...new Set(known)];
  const nearest = nearestWord(found, known);
  if (nearest !== undefined) return ` (did you mean "${nearest}"?)`;
  return words.length > 0 && words.length <= SHORT_LIST ? ` (one of ${words.join(', ')})` : '';
}

/** Only the suggestion, for sentences that already list what is known. */
export function nearestHint(found: string, known: readonly string[]): string {
  const nearest = nearestWord(found, known);
  return nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
}

function nearestWord(found: string, known: readonly string[]): string | undefined {
  const nearest = nearestName(found, known);
  return nearest !== undefined && distance(found, nearest) < found.length ? nearest : undefined;
}
