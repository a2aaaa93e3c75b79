/**
 * `npm run bench`: all benchmarks, one after the other, each in a fresh process; one table, and bench/out/results.json.
 *
 * Output   the table on standard output, progress on standard error. Ends with 1 when a program failed or a twin did
 *          something else.
 */

import { Command, InvalidArgumentError } from 'commander';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { PROGRAMS, programsLike } from './runner/programs.ts';
import {
  BENCH_README,
  README,
  aimsSection,
  fullSection,
  withSection,
} from './runner/readme-section.ts';
import { comparisonText } from './runner/comparison.ts';
import { isSound, machine, merged, resultOf } from './runner/results.ts';
import { placementCharts } from './runner/placement-charts.ts';
import { resultTable } from './runner/result-table.ts';
import { runProgram } from './runner/run-program.ts';
import type { Program } from './runner/programs.ts';
import type { ProgramRun } from './runner/run-program.ts';
import type { Results } from './runner/results.ts';

const BASELINE = fileURLToPath(new URL('baseline/results.json', import.meta.url));
const OUT = fileURLToPath(new URL('out', import.meta.url));
const CHARTS = fileURLToPath(new URL('../docs/images', import.meta.url));

const EXAMPLES = `
EXAMPLES
  $ npm run bench                                    everything, a quarter of an hour on idle cores
  $ npm run bench -- --smoke                         small sizes, below a minute; times mean nothing
  $ npm run bench -- --only kernel --times 3         one program, three times in a row
  $ npm run bench -- --compare                       and what changed since the baseline was recorded
  $ npm run bench -- --from bench/out/results.json --compare
                                                     the same for the last run, without running again
  $ npm run bench -- --record                        and record it: baseline, tables of the READMEs, charts`;

interface Options {
  readonly smoke?: true;
  readonly only?: string;
  readonly times: number;
  readonly list?: true;
  readonly from?: string;
  readonly compare?: true | string;
  readonly record?: true;
  readonly charts?: true;
  readonly out: string;
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError(`must be 1, 2, ..., found ${text}`);
  return Number(text);
}

const command = new Command('npm run bench --')
  .description('Runs the benchmarks and prints how many times as much the plain twins cost.')
  .option('--smoke', 'small sizes')
  .option('--only <pattern>', 'programs whose names hold the pattern; * stands for anything')
  .option('--times <n>', 'everything so many times in a row; medians and spreads', wholeNumber, 1)
  .option('--list', 'print the programs and what they measure')
  .option('--from <file>', 'take the results of an earlier run and run nothing')
  .option(
    '--compare [file]',
    'print what changed since the baseline, or since the results in a file',
  )
  .option('--record', 'make the results the baseline, with the tables and charts made of it')
  .option('--charts', 'draw the charts of the baseline again and run nothing')
  .option('--out <folder>', 'where results.json is written', OUT)
  .addHelpText('after', EXAMPLES)
  .action(main);

async function main(options: Options): Promise<void> {
  if (options.list === true) {
    for (const { name, question } of PROGRAMS) console.log(`${name.padEnd(28)}${question}`);
    return;
  }
  if (options.charts === true) return drawCharts(readResults(BASELINE));
  if (options.record === true && options.smoke === true) {
    command.error('--record takes the full size, found --smoke');
  }
  const before = earlierResults(options);
  const results = options.from === undefined ? await measure(options) : readResults(options.from);
  console.log(resultTable(results));
  if (before !== undefined && before.size !== results.size) {
    command.error(`--compare takes results of one size, found ${before.size} and ${results.size}`);
  }
  if (before !== undefined) console.log(`\n${comparisonText(before, results)}`);
  if (!isSound(results)) process.exitCode = 1;
  else if (options.record === true) await record(results, options);
}

/** Read before anything is written: the file may be the one that this run replaces. */
function earlierResults({ compare }: Options): Results | undefined {
  if (compare === undefined) return undefined;
  return readResults(compare === true ? BASELINE : compare);
}

async function measure(options: Options): Promise<Results> {
  const isSmoke = options.smoke === true;
  const programs = programsLike(options.only);
  if (programs.length === 0) {
    command.error(`--only must match a program, found ${options.only}; see --list`);
  }
  const runs = new Map<Program, ProgramRun[]>(programs.map((program) => [program, []]));
  for (let time = 1; time <= options.times; time++) {
    for (const [at, program] of programs.entries()) {
      const turn = options.times === 1 ? '' : `, time ${time} of ${options.times}`;
      process.stderr.write(`[${at + 1}/${programs.length}${turn}] ${program.name} ... `);
      const run = await runProgram(program, isSmoke);
      runs.get(program)!.push(run);
      process.stderr.write(
        `${run.seconds.toFixed(1)} s${run.fault === undefined ? '' : ', FAILED'}\n`,
      );
    }
  }
  const results: Results = {
    size: isSmoke ? 'smoke' : 'full',
    times: options.times,
    ...machine(),
    programs: [...runs.values()].map((all) => resultOf(all, now())),
  };
  await writeResults(join(options.out, 'results.json'), results);
  return results;
}

/** A run of some programs leaves the others of the baseline as they were. */
async function record(results: Results, options: Options): Promise<void> {
  if (results.size === 'smoke') command.error('--record takes results of the full size');
  const order = PROGRAMS.map(({ name }) => name);
  const whole =
    options.only === undefined ? results : merged(readResults(BASELINE), results, order);
  await writeResults(BASELINE, whole);
  for (const [file, section] of [
    [README, aimsSection(whole)],
    [BENCH_README, fullSection(whole)],
  ] as const) {
    writeFileSync(file, await withSection(readFileSync(file, 'utf8'), section));
  }
  await drawCharts(whole);
}

async function drawCharts(results: Results): Promise<void> {
  for (const [name, svg] of await placementCharts(results)) {
    writeFileSync(join(CHARTS, name), svg);
    process.stderr.write(`${join(CHARTS, name)}\n`);
  }
}

async function writeResults(file: string, results: Results): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await format(JSON.stringify(results), { parser: 'json', printWidth: 100 }));
}

function readResults(file: string): Results {
  return JSON.parse(readFileSync(file, 'utf8')) as Results;
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+/, '');
}

await command.parseAsync();
