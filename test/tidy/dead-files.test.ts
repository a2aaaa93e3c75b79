/** A file of src that no way into the program leads to is dead, even when a test keeps it company. */

import { expect, it } from 'vitest';
import {
  importedModules,
  parseSource,
  readSources,
  resolveImport,
} from '../support/source-files.ts';
import type { SourceFile } from '../support/source-files.ts';

/** The ways in: the library, the command, and what a worker thread is started with. */
const ENTRIES = ['src/index.ts', 'src/cli/main.ts', 'src/experiment/node/worker.ts'];

function deadFiles(files: readonly SourceFile[]): readonly string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const pending = [...ENTRIES];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const file = byPath.get(path);
    if (file === undefined || reached.has(path)) continue;
    reached.add(path);
    for (const module of importedModules(file)) pending.push(resolveImport(file, module) ?? module);
  }
  return files
    .filter((file) => !reached.has(file.path))
    .map((file) => `${file.path}: no entry leads to it`);
}

it('every file of src is reached from the library, the command or the worker', () => {
  expect(deadFiles(readSources('src'))).toEqual([]);
});

it('files that only import each other are dead', () => {
  const files = [
    parseSource('src/index.ts', `export * from './base/a.ts';`),
    parseSource('src/base/a.ts', `import type { B } from './b.ts';`),
    parseSource('src/base/b.ts', ''),
    parseSource('src/base/c.ts', `import './d.ts';`),
    parseSource('src/base/d.ts', `import './c.ts';`),
  ];
  expect(deadFiles(files)).toEqual([
    'src/base/c.ts: no entry leads to it',
    'src/base/d.ts: no entry leads to it',
  ]);
});
