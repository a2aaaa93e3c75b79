/**
 * The files of manifests that a path stands for: itself, or the .yaml, .yml and .json files of a folder in the order of
 * their names, as `kubectl apply -f` takes them; with `recursive` those of the folders in it too (`kubectl apply -R -f`).
 * Hidden folders and node_modules are left out.
 */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const MANIFEST_NAME = /\.(ya?ml|json)$/;

/** Paths below `path`, '' for itself; empty for a folder without manifests. */
export async function manifestFiles(path: string, recursive: boolean): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [''];
  const names: string[] = [];
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isDirectory()) {
      if (MANIFEST_NAME.test(name)) names.push(name);
    } else if (recursive && !name.startsWith('.') && name !== 'node_modules') {
      const inside = await manifestFiles(join(path, name), true);
      names.push(...inside.map((one) => `${name}/${one}`));
    }
  }
  return names.sort((a, b) => (a < b ? -1 : 1));
}
