/** The figures in README files, between two markers, so that no table there is copied by hand. */

import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { isAimMet, markdownTable } from './result-table.ts';
import type { ProgramResult, Results } from './results.ts';

const BEGIN = '<!-- figures: written by `npm run bench -- --record` -->';
const END = '<!-- figures: end -->';
const BYTES_PER_MIB = 1_048_576;

/** The text with a new section between its markers, formatted. */
export async function withSection(text: string, section: string): Promise<string> {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`a README must hold the lines ${BEGIN} and ${END}`);
  }
  const whole = `${text.slice(0, begin)}${BEGIN}\n\n${section}\n\n${text.slice(end)}`;
  return format(whole, { parser: 'markdown', printWidth: 100, proseWrap: 'preserve' });
}

/** Every figure, a table a program. */
export function fullSection(results: Results): string {
  return [measuredOn(results), ...results.programs.map(programSection)].join('\n\n');
}

/** The figures that have an aim. */
export function aimsSection(results: Results): string {
  const figures = results.programs.flatMap((one) => one.figures).filter(({ aim }) => aim);
  const met = figures.filter(isAimMet).length;
  return [
    markdownTable(figures),
    `${met} of ${figures.length} aims are met. ${measuredOn(results)}`,
  ].join('\n\n');
}

function programSection({ program, figures, peakMemoryBytes, seconds }: ProgramResult): string {
  const peak = `${(peakMemoryBytes / BYTES_PER_MIB).toFixed(0)} MiB`;
  const took = `At most ${peak} of resident memory in a process; ${seconds.toFixed(0)} s in all.`;
  return [`### ${program}`, markdownTable(figures), took].join('\n\n');
}

function measuredOn({ berth, node, cpu, cores, times }: Results): string {
  const runs = times === 1 ? 'in one run' : `in ${times} runs in a row, medians`;
  return `Berth ${berth}, Node ${node}, ${cores} cores of ${cpu}, ${runs}.`;
}

export const README = fileURLToPath(new URL('../../README.md', import.meta.url));
export const BENCH_README = fileURLToPath(new URL('../README.md', import.meta.url));
