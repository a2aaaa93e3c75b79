/**
 * Runs one program in a fresh process and takes its figures.
 *
 * Memory   the largest resident memory of any process of the program, those that it starts itself among them.
 * Failure  a program that ends with another code than 0, or prints what are no figures, fails alone: the others run on.
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileOf } from './programs.ts';
import type { Figure } from './figure.ts';
import type { Program } from './programs.ts';

export interface ProgramRun {
  readonly program: string;
  readonly figures: readonly Figure[];
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  /** A sentence, when the program failed. */
  readonly fault?: string;
}

const PEAK_MEMORY = new URL('peak-memory.mjs', import.meta.url).href;

export async function runProgram(program: Program, isSmoke: boolean): Promise<ProgramRun> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-memory-'));
  const start = process.hrtime.bigint();
  try {
    const args = [
      '--import',
      'tsx',
      fileOf(program.name),
      '--json',
      ...(isSmoke ? ['--smoke'] : []),
    ];
    const { code, printed } = await outputOf(args, folder);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const peakMemoryBytes = largestNumberIn(folder);
    const run = { program: program.name, seconds, peakMemoryBytes };
    const figures = figuresIn(program, printed);
    if (code === 0 && figures !== undefined) return { ...run, figures };
    const found = figures === undefined ? `printed ${printed.slice(0, 80)}` : 'printed figures';
    const fault = `${program.name} must end with code 0 and print figures, ended with ${code} and ${found}`;
    return { ...run, figures: figures ?? [], fault };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function outputOf(
  args: readonly string[],
  memoryFolder: string,
): Promise<{ readonly code: number | null; readonly printed: string }> {
  const options = process.env['NODE_OPTIONS'] ?? '';
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      BENCH_MEMORY: memoryFolder,
      NODE_OPTIONS: `${options} --import ${PEAK_MEMORY}`.trim(),
    },
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, printed }));
  });
}

function figuresIn(program: Program, printed: string): readonly Figure[] | undefined {
  try {
    const value: unknown = JSON.parse(printed);
    if (program.figures !== undefined) return program.figures(value);
    return Array.isArray(value) ? (value as Figure[]) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function largestNumberIn(folder: string): number {
  return readdirSync(folder).reduce(
    (most, name) => Math.max(most, Number(readFileSync(join(folder, name), 'utf8'))),
    0,
  );
}
