/** Results as an aligned table, a figure a row, and as the same table in Markdown. */

import { alignedTable } from '../aligned-table.ts';
import type { Aim, Figure } from './figure.ts';
import type { Results } from './results.ts';

const TITLES = [
  'figure',
  'workload',
  'size',
  'Berth',
  'twin',
  'takes',
  'ratio',
  'spread',
  'aim',
  'hash',
  'results',
] as const;

/** A table a program. */
export function resultTable(results: Results): string {
  return [
    ...results.programs.map(({ program, figures, faults }) =>
      [program, alignedTable(TITLES, figures.map(cells)), ...faults].join('\n'),
    ),
    `berth ${results.berth}; Node ${results.node}; ${results.cores} x ${results.cpu}`,
  ].join('\n\n');
}

export function markdownTable(figures: readonly Figure[]): string {
  const titles = ['figure', 'workload', 'size', 'Berth', 'twin', 'ratio', 'spread', 'aim'];
  const rows = figures.map((figure) => {
    const [name, workload, size, value, twin, twinValue, ratio, spread, aim] = cells(figure);
    const isMet = figure.aim === undefined ? '' : isAimMet(figure) ? ' ✓' : ' **not met**';
    return [
      name!,
      workload!,
      size!,
      value!,
      `${twin}: ${twinValue}`,
      ratio!,
      spread!,
      `${aim}${isMet}`,
    ];
  });
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  const rule = titles.map((_, column) => (column === 3 || column > 4 ? '--:' : '---'));
  return [titles, rule, ...rows].map(line).join('\n');
}

function cells(figure: Figure): string[] {
  const { name, workload, size, unit, value, twin, twinValue, ratio, spread, rounds } = figure;
  return [
    name,
    workload,
    size,
    `${numberText(value)} ${unit}`,
    twin,
    `${numberText(twinValue)} ${unit}`,
    numberText(ratio),
    rounds === 1 ? 'one round' : `${numberText(spread[0])} to ${numberText(spread[1])}`,
    aimText(figure.aim),
    figure.hash,
    figure.agree ? 'same' : 'DIFFER',
  ];
}

/** Three digits that count, and all of those before the point: 0.0123, 4.56, 1234. */
export function numberText(value: number): string {
  if (!Number.isFinite(value) || value === 0) return `${value}`;
  let digits = 2;
  for (let size = Math.abs(value); size >= 10 && digits > 0; size /= 10) digits--;
  for (let size = Math.abs(value); size < 1 && digits < 8; size *= 10) digits++;
  return value.toFixed(digits);
}

export function aimText(aim: Aim | undefined): string {
  if (aim?.atLeast !== undefined) return `>= ${aim.atLeast}`;
  return aim?.atMost === undefined ? '' : `<= ${aim.atMost}`;
}

export function isAimMet({ ratio, aim }: Figure): boolean {
  return ratio >= (aim?.atLeast ?? -Infinity) && ratio <= (aim?.atMost ?? Infinity);
}
