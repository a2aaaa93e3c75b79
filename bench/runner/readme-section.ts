/** The figures in README files, between two markers, so that no table there is copied by hand. */

import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { aimText, isAimMet, markdownTable, numberText } from './result-table.ts';
import type { Figure } from './figure.ts';
import type { ProgramResult, Results } from './results.ts';

const BEGIN = '<!-- figures: written by `npm run bench -- --record` -->';
const END = '<!-- figures: end -->';
const BYTES_PER_MIB = 1_048_576;

/** The text with a new section between its markers, formatted. */
export async function withSection(text: string, section: string): Promise<string> {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  const isOnce = begin === text.lastIndexOf(BEGIN) && end === text.lastIndexOf(END);
  if (begin < 0 || end < begin || !isOnce) {
    throw new Error(`a README must hold the lines ${BEGIN} and ${END} once each`);
  }
  const whole = `${text.slice(0, begin)}${BEGIN}\n\n${section}\n\n${text.slice(end)}`;
  return format(whole, { ...(await resolveConfig(README)), parser: 'markdown' });
}

/** Every figure, a table a program. */
export function fullSection(results: Results): string {
  return [measuredOn(results), ...results.programs.map(programSection)].join('\n\n');
}

/** The figures that have an aim, a row for all of one program with the same size, twin and aim. */
export function aimsSection(results: Results): string {
  const groups = new Map<string, { readonly program: string; readonly figures: Figure[] }>();
  for (const { program, figures } of results.programs) {
    for (const figure of figures.filter(({ aim }) => aim)) {
      const key = [program, figure.size, figure.twin, aimText(figure.aim)].join('|');
      const group = groups.get(key) ?? { program, figures: [] };
      group.figures.push(figure);
      groups.set(key, group);
    }
  }
  const rows = [...groups.values()].map(({ program, figures }) => aimRow(program, figures));
  const titles = ['program', 'figures', 'size', 'beside', 'ratio', 'aim', 'met'];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = ['---', '---', '---', '---', '--:', '--:', '--:'];
  return [[titles, rule, ...rows].map(line).join('\n'), measuredOn(results)].join('\n\n');
}

function aimRow(program: string, figures: readonly Figure[]): string[] {
  const { name, size, twin, aim } = figures[0]!;
  const names = new Set(figures.map((figure) => figure.name));
  const ratios = figures.map(({ ratio }) => ratio);
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)].map(numberText);
  return [
    program,
    names.size === 1 ? name : `${names.size} ${name.startsWith('place') ? 'policies' : 'figures'}`,
    size,
    twin,
    low === high ? low! : `${low} to ${high}`,
    aimText(aim),
    `${figures.filter(isAimMet).length} of ${figures.length}`,
  ];
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
