/**
 * The committed goldens: for each kind a compressed file of JSON lines. The first line tells the seed and the versions;
 * each other line is the digest of one case's input, which is drawn again from the seed, and what the real code answered.
 */

import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CASE_KINDS, caseDigest, caseLine, MODULE_FOLDERS } from './kinds.ts';
import type { KindName, Program } from './kinds.ts';

export interface GoldenHeader {
  readonly kind: KindName;
  readonly seed: number;
  readonly cases: number;
  /** Modules that answered, with their versions. */
  readonly modules: Readonly<Record<string, string>>;
}

/** What the real code answered to one case. */
export interface Golden {
  readonly index: number;
  readonly inputDigest: string;
  readonly output: unknown;
}

export interface Goldens {
  readonly header: GoldenHeader;
  readonly goldens: readonly Golden[];
}

/** A golden with its input beside it. */
export interface GoldenCase {
  readonly index: number;
  readonly input: unknown;
  readonly output: unknown;
}

/** Where a program's goldens are: beside its module. */
export function goldenFolder(program: Program): string {
  return new URL(`${MODULE_FOLDERS[program]}/../goldens`, import.meta.url).pathname;
}

export function goldenPath(kind: KindName): string {
  return `${goldenFolder(CASE_KINDS[kind].program)}/${kind}.jsonl.gz`;
}

export function hasGoldens(kind: KindName): boolean {
  return existsSync(goldenPath(kind));
}

export function readGoldens(kind: KindName): Goldens {
  const [head, ...lines] = gunzipSync(readFileSync(goldenPath(kind)))
    .toString('utf8')
    .trimEnd()
    .split('\n');
  const header = JSON.parse(head!) as GoldenHeader;
  const goldens = lines.map((line, index) => ({
    index,
    ...(JSON.parse(line) as { inputDigest: string; output: unknown }),
  }));
  return { header, goldens };
}

/** Draws each input again and hands it out with its answer. Stops at an input that is not the one that was recorded. */
export function* goldenCases(kind: KindName): Generator<GoldenCase> {
  const { header, goldens } = readGoldens(kind);
  for (const { index, inputDigest, output } of goldens) {
    const line = caseLine(kind, header.seed, index);
    const digest = caseDigest(line);
    if (digest !== inputDigest) {
      throw new Error(
        `expected case ${index} of ${kind} to have the digest ${inputDigest}; found ${digest}: ` +
          `the generator has changed since the goldens were recorded`,
      );
    }
    yield { index, input: JSON.parse(line), output };
  }
}
