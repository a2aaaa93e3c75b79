/** What a run of the benchmarks found: the file bench/out/results.json, and bench/baseline/results.json when recorded. */

import { cpus } from 'node:os';
import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { median, middleOf } from './middle.ts';
import type { Figure } from './figure.ts';
import type { ProgramRun } from './run-program.ts';

export interface ProgramResult {
  readonly program: string;
  /** UTC, to the second: the only thing here that tells of a time. */
  readonly date: string;
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  readonly faults: readonly string[];
  readonly figures: readonly Figure[];
}

export interface Results {
  readonly size: 'full' | 'smoke';
  /** How many times in a row everything ran. */
  readonly times: number;
  readonly berth: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly programs: readonly ProgramResult[];
}

/** The same from run to run. */
export function identityOf(program: string, figure: Figure): string {
  return [program, figure.name, figure.workload, figure.size, figure.twin].join(' | ');
}

/** A result of runs in a row: medians of the runs, and the spread of their ratios. */
export function resultOf(runs: readonly ProgramRun[], date: string): ProgramResult {
  const { program } = runs[0]!;
  const groups = new Map<string, Figure[]>();
  for (const figure of runs.flatMap((run) => run.figures)) {
    const identity = identityOf(program, figure);
    groups.set(identity, [...(groups.get(identity) ?? []), figure]);
  }
  return {
    program,
    date,
    seconds: runs.reduce((sum, run) => sum + run.seconds, 0),
    peakMemoryBytes: Math.max(...runs.map((run) => run.peakMemoryBytes)),
    faults: [...new Set(runs.flatMap((run) => run.fault ?? []))],
    figures: [...groups.values()].map(figureOfRuns),
  };
}

/** Different hashes in a row are a disagreement. */
function figureOfRuns(figures: readonly Figure[]): Figure {
  const first = figures[0]!;
  if (figures.length === 1) return first;
  const ratios = figures.map(({ ratio }) => ratio);
  return {
    ...first,
    value: median(figures.map(({ value }) => value)),
    twinValue: median(figures.map(({ twinValue }) => twinValue)),
    ratio: median(ratios),
    spread: middleOf(ratios),
    rounds: figures.reduce((sum, { rounds }) => sum + rounds, 0),
    agree: figures.every(({ agree, hash }) => agree && hash === first.hash),
  };
}

/** The programs of `latest` in place of those of the same name in `earlier`. */
export function merged(earlier: Results, latest: Results, order: readonly string[]): Results {
  const of = (program: string): readonly ProgramResult[] =>
    [latest, earlier]
      .flatMap(({ programs }) => programs.filter((result) => result.program === program))
      .slice(0, 1);
  return { ...latest, programs: order.flatMap(of) };
}

export function isSound({ programs }: Results): boolean {
  return programs.every(
    ({ faults, figures }) => faults.length === 0 && figures.every(({ agree }) => agree),
  );
}

export function machine(): Pick<Results, 'berth' | 'node' | 'cpu' | 'cores'> {
  const processors = cpus();
  return {
    berth: berthVersion(),
    node: process.version,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
  };
}

/** The version of the package, and the commit where there is one. */
function berthVersion(): string {
  const folder = new URL('../../', import.meta.url);
  const { version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as {
    readonly version: string;
  };
  const git = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: folder, encoding: 'utf8' });
  return git.status === 0 ? `${version}, commit ${git.stdout.trim()}` : version;
}
