/** What a reader must know before the numbers, as sentences: runs that got stuck or are missing, prices without a source. */

import { variantsOf } from '../report/comparison.ts';
import type { CellOutcome } from './cell-outcome.ts';
import type { Cell } from './cells.ts';

export function warningsOf(outcomes: readonly CellOutcome[], missing: readonly Cell[]): string[] {
  const summary = outcomes.map((outcome) => outcome.summary);
  const warnings: string[] = [];
  if (missing.length > 0) {
    const all = outcomes.length + missing.length;
    warnings.push(`Interrupted: ${missing.length} of ${all} runs are missing.`);
  }
  for (const variant of variantsOf(summary)) {
    const own = outcomes.filter((outcome) => outcome.summary.variant === variant);
    const stuck = own.filter((outcome) => outcome.ending === 'stuck');
    const [first] = stuck;
    if (first !== undefined) {
      const extent = `${stuck.length} of ${own.length} runs got stuck`;
      warnings.push(`${variant}: ${extent}; seed ${first.summary.seed}: ${first.explanation}.`);
    }
    if (own.some((outcome) => outcome.summary.costMicroUsd === null)) {
      warnings.push(`${variant}: its cost is unknown, since a price of its bill has no source.`);
    }
  }
  return warnings;
}

/** Notes of all runs, each once; those that not every variant has begin with the names of its variants. */
export function notesOf(outcomes: readonly CellOutcome[]): string[] {
  const variantsByNote = new Map<string, Set<string>>();
  for (const { notes, summary } of outcomes) {
    for (const note of notes) {
      const variants = variantsByNote.get(note) ?? new Set();
      variantsByNote.set(note, variants.add(summary.variant));
    }
  }
  const count = variantsOf(outcomes.map((outcome) => outcome.summary)).length;
  return [...variantsByNote].map(([note, variants]) =>
    variants.size === count ? note : `${[...variants].join(', ')}: ${note}`,
  );
}
