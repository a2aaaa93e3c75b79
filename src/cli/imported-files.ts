/** The files that an import is given: files, folders or standard input, with their texts. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { inputFault } from '../experiment/node/input-path.ts';
import { manifestFiles } from '../experiment/node/manifest-files.ts';
import type { ManifestFile } from '../workload/manifests/kubernetes.ts';
import type { Terminal } from './terminal.ts';

/** The path that means standard input. */
export const STDIN = '-';

export async function importedFiles(
  paths: readonly string[],
  recursive: boolean,
  terminal: Terminal,
): Promise<ManifestFile[]> {
  const files = await Promise.all(paths.map((path) => filesOf(path, recursive, terminal)));
  return files.flat();
}

/** A name for the scenario that is made of a path. */
export function nameOfImport(path: string): string {
  const base = path === STDIN ? 'imported' : basename(resolve(path)).replace(/\.[a-z]+$/, '');
  const name = base
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return name === '' ? 'imported' : name;
}

async function filesOf(
  path: string,
  recursive: boolean,
  terminal: Terminal,
): Promise<ManifestFile[]> {
  if (path === STDIN) return [{ file: '(stdin)', text: terminal.input() }];
  if (!existsSync(path)) throw inputFault(path, 'expected a file or folder, found nothing there');
  const names = await manifestFiles(path, recursive);
  if (names.length === 0) {
    const hint = recursive ? '' : ' (-R takes the folders in it too)';
    throw inputFault(path, `expected .yaml, .yml or .json files in this folder, found none${hint}`);
  }
  return Promise.all(
    names.map(async (name) => {
      const file = name === '' ? path : join(path, name);
      return { file, text: await readFile(file, 'utf8') };
    }),
  );
}
