/**
 * What changed between two results: the change of each ratio, whether it is beyond the noise, and hashes that changed.
 *
 * Noise   the spreads of both ratios. A change is beyond it when the spreads have no ratio in common; of a single round
 *         nothing is known.
 */

import { alignedTable } from '../aligned-table.ts';
import { numberText } from './result-table.ts';
import { identityOf } from './results.ts';
import type { Figure } from './figure.ts';
import type { Results } from './results.ts';

type Verdict = 'better' | 'worse' | 'within the noise' | 'noise unknown';

interface Change {
  readonly program: string;
  readonly before: Figure;
  readonly after: Figure;
}

const TITLES = ['figure', 'size', 'twin', 'before', 'after', 'change', 'noise', 'verdict', 'hash'];

export function comparisonText(before: Results, after: Results): string {
  const earlier = figuresByIdentity(before);
  const later = figuresByIdentity(after);
  const changes = [...later].flatMap(([identity, { program, figure }]): Change[] => {
    const old = earlier.get(identity);
    return old === undefined ? [] : [{ program, before: old.figure, after: figure }];
  });
  const ran = new Set(after.programs.map(({ program }) => program));
  const gone = [...earlier].filter(
    ([identity, { program }]) => ran.has(program) && !later.has(identity),
  );
  const fresh = [...later.keys()].filter((identity) => !earlier.has(identity));
  const changedHashes = changes.filter((one) => one.before.hash !== one.after.hash);
  return [
    alignedTable(TITLES, changes.map(cells)),
    ...otherMachine(before, after),
    ...fresh.map((identity) => `only after: ${identity}`),
    ...gone.map(([identity]) => `only before: ${identity}`),
    ...changedHashes.map(
      ({ program, before: old, after: now }) =>
        `CHANGED RESULT: ${identityOf(program, now)}: hash ${old.hash} before, ${now.hash} after`,
    ),
  ].join('\n');
}

export function verdictOf(before: Figure, after: Figure): Verdict {
  if (before.rounds === 1 || after.rounds === 1) return 'noise unknown';
  const isHigher = after.spread[0] > before.spread[1];
  const isLower = after.spread[1] < before.spread[0];
  if (!isHigher && !isLower) return 'within the noise';
  return isHigher === after.isGrowth ? 'worse' : 'better';
}

function cells({ before, after }: Change): string[] {
  const percent = (after.ratio / before.ratio - 1) * 100;
  return [
    `${after.name}, ${after.workload}`,
    after.size,
    after.twin,
    numberText(before.ratio),
    numberText(after.ratio),
    `${percent >= 0 ? '+' : ''}${percent.toFixed(1)} %`,
    `${noiseText(before)} / ${noiseText(after)}`,
    verdictOf(before, after),
    before.hash === after.hash ? 'same' : 'CHANGED',
  ];
}

/** Half of the spread, in percent of the ratio. */
function noiseText({ ratio, spread, rounds }: Figure): string {
  return rounds === 1 ? '?' : `±${(((spread[1] - spread[0]) / 2 / ratio) * 100).toFixed(0)} %`;
}

function figuresByIdentity({ programs }: Results) {
  return new Map(
    programs.flatMap(({ program, figures }) =>
      figures.map((figure) => [identityOf(program, figure), { program, figure }] as const),
    ),
  );
}

function otherMachine(before: Results, after: Results): string[] {
  const text = ({ node, cpu, cores }: Results): string => `Node ${node}, ${cores} x ${cpu}`;
  if (text(before) === text(after)) return [];
  return [`not the same machine: ${text(before)} before, ${text(after)} after`];
}
