/** A file is named after the one thing in it, in kebab-case; a name that would fit any file says nothing. */

import { expect, it } from 'vitest';
import { readSources } from '../support/source-files.ts';

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const EMPTY_WORDS = /^(manager|helper|util|utilitie|utility|data)s?$/;

/** Here `data` is the thing itself: the table behind the catalogue, and the command `berth data`. */
const NAMED_DATA = ['src/cloud/catalogue-data.ts', 'src/cli/data.ts', 'src/cli/commands/data.ts'];

function badNames(path: string): readonly string[] {
  const names = path.replace(/(\.test)?\.ts$/, '').split('/');
  const misspelt = names.filter((name) => !KEBAB_CASE.test(name));
  const empty = NAMED_DATA.includes(path)
    ? []
    : names.flatMap((name) => name.split('-')).filter((word) => EMPTY_WORDS.test(word));
  return [
    ...misspelt.map((name) => `${path}: '${name}' is not kebab-case`),
    ...empty.map((word) => `${path}: '${word}' does not say what is in it`),
  ];
}

it('every source file has a kebab-case name that says what is in it', () => {
  const paths = readSources('src', 'test', 'bench', 'scripts').map((file) => file.path);
  expect(paths.flatMap(badNames)).toEqual([]);
});

it.each([
  ['src/base/bitSet.ts', ["src/base/bitSet.ts: 'bitSet' is not kebab-case"]],
  ['src/Base/heap.ts', ["src/Base/heap.ts: 'Base' is not kebab-case"]],
  ['test/base/bit_set.test.ts', ["test/base/bit_set.test.ts: 'bit_set' is not kebab-case"]],
  ['src/base/host-manager.ts', ["src/base/host-manager.ts: 'manager' does not say what is in it"]],
  ['src/utils/heap.ts', ["src/utils/heap.ts: 'utils' does not say what is in it"]],
  ['src/base/trace-data.ts', ["src/base/trace-data.ts: 'data' does not say what is in it"]],
  ['src/cloud/catalogue-data.ts', []],
  ['test/base/bit-set.test.ts', []],
  ['src/workload/metadata.ts', []],
])('%s: %j', (path, complaints) => {
  expect(badNames(path)).toEqual(complaints);
});
