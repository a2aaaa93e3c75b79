/** The options that every command with runs shares, and the command line that repeats them. */

import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { TABLE_FORMATS, type TableFormat } from '../report/tables/table-format.ts';
import type { Override } from '../scenario/override.ts';

export interface ExperimentOptions {
  readonly out?: string;
  readonly seed?: string;
  readonly replications?: number;
  readonly workers: number;
  readonly set: readonly Override[];
  readonly policy: readonly string[];
  readonly format: TableFormat;
  readonly record?: 'decisions';
  readonly skipBadRows?: true;
  readonly quiet?: true;
  readonly json?: true;
}

export function addExperimentOptions(command: Command): Command {
  return command
    .option('--out <dir>', 'folder to write (default: out/<scenario name>)')
    .option('--seed <seed>', 'root of all randomness, instead of the one of the scenario')
    .option('--replications <count>', 'runs of each variant, each with its own seed', wholeNumber)
    .option(
      '--workers <count>',
      'cells run at a time; the bytes do not depend on it',
      wholeNumber,
      workersAtFirst(),
    )
    .option('--set <path=value>', 'write a value into the scenario (repeatable)', addOverride, [])
    .option('--policy <file>', 'a module with your own policies (repeatable)', addText, [])
    .addOption(
      new Option('--format <format>', 'how to write the tables')
        .choices(TABLE_FORMATS)
        .default('csv'),
    )
    .addOption(
      new Option('--record <what>', 'also write the table decisions').choices(['decisions']),
    )
    .option('--skip-bad-rows', 'leave malformed rows of traces out, list them in a table rejected')
    .option('--quiet', 'no progress and no notes')
    .option('--json', 'print the result as JSON');
}

/** What the options write into the scenario, in order. */
export function overridesOf(options: ExperimentOptions): Override[] {
  const overrides = [...options.set];
  const { seed, replications } = options;
  if (seed !== undefined) {
    overrides.push({ path: 'seed', value: /^\d+$/.test(seed) ? seed : JSON.stringify(seed) });
  }
  if (replications !== undefined) {
    overrides.push({ path: 'replications', value: String(replications) });
  }
  return overrides;
}

/** The command that writes the same tables again; with a seed, the one that runs this replication alone. */
export function commandLine(scenario: string, options: ExperimentOptions, seed?: string): string {
  const { set, policy, format, record, skipBadRows } = options;
  const root = seed ?? options.seed;
  const replications = seed === undefined ? options.replications : 1;
  const words = ['berth', 'run', scenario];
  for (const { path, value } of set) words.push('--set', `${path}=${value}`);
  if (root !== undefined) words.push('--seed', root);
  if (replications !== undefined) words.push('--replications', String(replications));
  for (const file of policy) words.push('--policy', file);
  if (format !== 'csv') words.push('--format', format);
  if (record !== undefined) words.push('--record', record);
  if (skipBadRows) words.push('--skip-bad-rows');
  if (seed !== undefined) words.push('--workers', '1');
  return words.map(quoted).join(' ');
}

// The thread pool is tried on Node only.
function workersAtFirst(): number {
  return process.versions['deno'] === undefined ? availableParallelism() : 1;
}

export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`Expected a whole number from 1, found "${text}".`);
}

function addOverride(text: string, overrides: readonly Override[]): Override[] {
  const at = text.indexOf('=');
  if (at > 0) return [...overrides, { path: text.slice(0, at), value: text.slice(at + 1) }];
  throw new InvalidArgumentError(`Expected PATH=VALUE such as duration=6h, found "${text}".`);
}

export function addText(text: string, texts: readonly string[]): string[] {
  return [...texts, text];
}

/** A word as a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
