/**
 * The folder that an experiment writes. Everything is written to a folder of its own inside, `.berth-partial`, and moved to
 * its place at the end, the manifest last: a reader sees the old tables or the new ones. Files that are not Berth's stay.
 */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, posix, sep } from 'node:path';
import type { Manifest } from '../manifest.ts';
import { inputFault } from './input-path.ts';

export const MANIFEST_FILE = 'manifest.json';
const STAGING = '.berth-partial';

export class OutputFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Throws ScenarioError when what stands there was not written by Berth. */
  refuseForeign(): void {
    if (!existsSync(this.path)) return;
    const expected = 'expected a new or empty folder, or one that Berth wrote';
    if (!statSync(this.path).isDirectory())
      throw inputFault(this.path, `${expected}, found a file`);
    const names = readdirSync(this.path).filter((name) => name !== STAGING);
    if (names.length === 0 || this.oldManifest() !== undefined) return;
    const others = names.length > 3 ? ' and others' : '';
    throw inputFault(this.path, `${expected}, found ${names.slice(0, 3).join(', ')}${others}`);
  }

  /** An empty place to write to. */
  async begin(): Promise<void> {
    await this.discard();
    await mkdir(this.staged(), { recursive: true });
  }

  /** Where the file of that name is written; with folders made. */
  async make(name: string): Promise<string> {
    const file = this.staged(name);
    await mkdir(dirname(file), { recursive: true });
    return file;
  }

  staged(name = ''): string {
    return join(this.path, STAGING, name);
  }

  /** Names of all that was written so far, sorted, with `/` between folders. */
  async names(): Promise<string[]> {
    const entries = await readdir(this.staged(), { recursive: true, withFileTypes: true });
    const root = this.staged();
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
      .map((name) => name.split(sep).join(posix.sep).replace(/^\//, ''))
      .sort((a, b) => (a < b ? -1 : 1));
  }

  /** Moves everything to its place and removes what an older manifest lists and this one does not. */
  async publish(manifest: Manifest): Promise<void> {
    const old = Object.keys(this.oldManifest()?.outputs ?? {});
    const names = (await this.names()).filter((name) => name !== MANIFEST_FILE);
    for (const name of [...names, MANIFEST_FILE]) {
      const target = join(this.path, name);
      await mkdir(dirname(target), { recursive: true });
      await rename(this.staged(name), target);
    }
    for (const name of old) {
      const isInside = !isAbsolute(name) && !name.split('/').includes('..');
      if (isInside && !Object.hasOwn(manifest.outputs, name))
        await rm(join(this.path, name), { force: true });
    }
    await this.discard();
  }

  async discard(): Promise<void> {
    await rm(this.staged(), { recursive: true, force: true });
  }

  /** The manifest of what Berth wrote here before. */
  oldManifest(): Manifest | undefined {
    try {
      const text = readFileSync(join(this.path, MANIFEST_FILE), 'utf8');
      const manifest = JSON.parse(text) as Partial<Manifest> | null;
      return typeof manifest?.berth === 'string' ? (manifest as Manifest) : undefined;
    } catch {
      return undefined;
    }
  }
}
