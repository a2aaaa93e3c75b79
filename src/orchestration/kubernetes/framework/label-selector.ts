/**
 * Label selectors as the API has them. Three cases differ: absent matches nothing; empty matches every set of labels; any
 * other matches where all its parts hold.
 */

import { requirementHolds } from '../../../cluster/specs.ts';
import type { LabelSelector } from '../../../cluster/pod-template.ts';

export type Labels = Readonly<Record<string, string>>;

export const NO_LABELS: Labels = {};

export function selectorMatches(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  const { matchLabels, matchExpressions } = selector;
  for (const key in matchLabels) {
    if (labels[key] !== matchLabels[key]) return false;
  }
  for (const expression of matchExpressions) {
    if (!requirementHolds(expression, labels)) return false;
  }
  return true;
}

/** Is the selector there, but without any condition? */
export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  if (selector === undefined || selector.matchExpressions.length > 0) return false;
  return Object.keys(selector.matchLabels).length === 0;
}
