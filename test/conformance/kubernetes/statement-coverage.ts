/**
 * Which share of the Go statements that decide the cases reached, by package.
 *
 * Counted are the statements of the chosen packages, twice: all of them, and those of functions that take part in a
 * decision. The second leaves out, by name, what our cases do not drive: construction, names, events that bring a pod back
 * to the queue, signatures for batching, binding, pod groups, and the loops of the controllers.
 */

import { readFileSync } from 'node:fs';
import type { Program } from './kinds.ts';
import { go, moduleFlags } from './oracle.ts';

export interface PackageCoverage {
  readonly package: string;
  readonly statements: number;
  readonly reached: number;
  readonly decidingStatements: number;
  readonly decidingReached: number;
}

// Functions that decide nothing our cases ask for.
const ASIDE =
  /^(New|new|Name$|EventsToRegister|is\w*[Ss]chedulableAfter|is\w*AfterPod|SignPod|Sign|Bind|Run$|With|Reserve|Unreserve|PreBind|Permit|PostBind|PodGroup|actuatePodGroup|podGroup|Clone$|Less$|String$)/;

// Files that belong to nothing our cases ask for.
const FILES_ASIDE =
  /(dynamicresources|gangscheduling|podgroup|topologyaware|testing|fake_|test_utils|nodedeclaredfeatures|extender\.go|eventhandlers|scheduler\.go|defaultbinder|schedulinggates|queuesort|volumebinding\/|controller_ref_manager|horizontal\.go|checkpoint|cluster\.go|vpa\.go)/;

// Our own packages only ask.
const OURS = 'berth.example/';

interface Block {
  readonly file: string;
  readonly line: number;
  readonly statements: number;
  readonly reached: boolean;
}

export function statementCoverage(program: Program, coverageFolder: string): PackageCoverage[] {
  const profile = `${coverageFolder}/profile.txt`;
  go(program, 'tool', 'covdata', 'textfmt', `-i=${coverageFolder}`, `-o=${profile}`);
  const byPackage = new Map<string, Block[]>();
  for (const block of readProfile(readFileSync(profile, 'utf8'))) {
    const name = block.file.slice(0, block.file.lastIndexOf('/'));
    const blocks = byPackage.get(name) ?? [];
    blocks.push(block);
    byPackage.set(name, blocks);
  }
  const folders = moduleFolders(program);
  return [...byPackage]
    .map(([name, blocks]) => countPackage(name, blocks, folders))
    .sort((a, b) => (a.package < b.package ? -1 : 1));
}

// A line: file.go:startLine.startColumn,endLine.endColumn statements count
function readProfile(text: string): Block[] {
  const blocks: Block[] = [];
  for (const line of text.split('\n')) {
    const parts = /^(.+\.go):(\d+)\.\d+,\d+\.\d+ (\d+) (\d+)$/.exec(line);
    if (parts === null || line.startsWith(OURS)) continue;
    const [, file, start, statements, count] = parts;
    blocks.push({
      file: file!,
      line: Number(start),
      statements: Number(statements),
      reached: count !== '0',
    });
  }
  return blocks;
}

function countPackage(
  name: string,
  blocks: readonly Block[],
  folders: ReadonlyMap<string, string>,
): PackageCoverage {
  const functions = new Map<string, FunctionStart[]>();
  const count = {
    package: name,
    statements: 0,
    reached: 0,
    decidingStatements: 0,
    decidingReached: 0,
  };
  for (const block of blocks) {
    const starts = functions.get(block.file) ?? functionStarts(block.file, folders);
    functions.set(block.file, starts);
    count.statements += block.statements;
    if (block.reached) count.reached += block.statements;
    if (!decides(block, starts)) continue;
    count.decidingStatements += block.statements;
    if (block.reached) count.decidingReached += block.statements;
  }
  return count;
}

interface FunctionStart {
  readonly line: number;
  readonly name: string;
}

function decides(block: Block, starts: readonly FunctionStart[]): boolean {
  const start = starts.findLast(({ line }) => line <= block.line);
  return !FILES_ASIDE.test(block.file) && (start === undefined || !ASIDE.test(start.name));
}

function functionStarts(file: string, folders: ReadonlyMap<string, string>): FunctionStart[] {
  const module = [...folders.keys()].find((path) => file.startsWith(`${path}/`));
  if (module === undefined) return [];
  const lines = readFileSync(folders.get(module)! + file.slice(module.length), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const name = /^func (?:\([^)]*\) )?(\w+)/.exec(line)?.[1];
    return name === undefined ? [] : [{ line: index + 1, name }];
  });
}

function moduleFolders(program: Program): Map<string, string> {
  const listed = go(
    program,
    'list',
    ...moduleFlags(program),
    '-m',
    '-f',
    '{{.Path}} {{.Dir}}',
    'all',
  );
  return new Map(
    listed
      .split('\n')
      .map((line) => line.split(' ') as [string, string | undefined])
      .filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== ''),
  );
}
