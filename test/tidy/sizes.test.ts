/** What does not fit on a screen or in a sitting is two things. Comments before a function do not count as its lines. */

import ts from 'typescript';
import { expect, it } from 'vitest';
import { lineOf, parseSource, readSources, visitNodes } from '../support/source-files.ts';
import type { SourceFile } from '../support/source-files.ts';

const FUNCTION_LINES_MAX = 70;
const FILE_LINES_MAX = 450;

/** Tables written by a program, which nobody reads in a sitting. */
const GENERATED = ['src/cloud/catalogue-data.ts'];

function longFunctions(file: SourceFile): readonly string[] {
  const complaints: string[] = [];
  visitNodes(file.tree, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node)) return;
    const lines = lineCount(node.getText(file.tree));
    if (lines <= FUNCTION_LINES_MAX) return;
    complaints.push(
      `${file.path}:${lineOf(file, node)}: a function of ${lines} lines, at most ${FUNCTION_LINES_MAX}`,
    );
  });
  return complaints;
}

function longFiles(file: SourceFile): readonly string[] {
  const lines = lineCount(file.text.trimEnd());
  if (lines <= FILE_LINES_MAX || GENERATED.includes(file.path)) return [];
  return [`${file.path}: a file of ${lines} lines, at most ${FILE_LINES_MAX}`];
}

function lineCount(text: string): number {
  return text.split('\n').length;
}

it(`no function is longer than ${FUNCTION_LINES_MAX} lines`, () => {
  expect(readSources('src', 'bench', 'scripts').flatMap(longFunctions)).toEqual([]);
});

it(`no file is longer than ${FILE_LINES_MAX} lines`, () => {
  expect(readSources('src', 'test', 'bench', 'scripts').flatMap(longFiles)).toEqual([]);
});

it.each([
  ['function f() {', '}'],
  ['const f = () => {', '};'],
  ['class A { m() {', '} }'],
  ['class A { constructor() {', '} }'],
])('%s ... %s is counted', (opening, closing) => {
  const withLines = (lines: number): SourceFile =>
    parseSource(
      'src/x/x.ts',
      `/** Told\n * before. */\n${opening}${'\n'.repeat(lines - 1)}${closing}`,
    );
  expect(longFunctions(withLines(70))).toEqual([]);
  expect(longFunctions(withLines(71))).toEqual([
    'src/x/x.ts:3: a function of 71 lines, at most 70',
  ]);
});

it('a file may have 450 lines and a generated one any number', () => {
  const withLines = (path: string, lines: number): SourceFile =>
    parseSource(path, 'x;\n'.repeat(lines));
  expect(longFiles(withLines('src/x/x.ts', 450))).toEqual([]);
  expect(longFiles(withLines('src/x/x.ts', 451))).toEqual([
    'src/x/x.ts: a file of 451 lines, at most 450',
  ]);
  expect(longFiles(withLines('src/cloud/catalogue-data.ts', 9000))).toEqual([]);
});
