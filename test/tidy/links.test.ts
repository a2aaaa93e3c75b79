/** A page that sends its reader nowhere is worse than no page: relative links lead to something that exists. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, it } from 'vitest';

const FOLDERS = ['src', 'test', 'bench', 'scenarios', 'notebooks', 'scripts'];

function brokenLinks(
  path: string,
  text: string,
  exists: (path: string) => boolean,
): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link.replace(/#.*$/, ''))
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
    .map((link) => posix.join(posix.dirname(path), link))
    .filter((target) => !exists(target))
    .map((target) => `${path}: ${target} does not exist`);
}

function pages(): readonly string[] {
  const below = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  return [...readdirSync('.'), ...below].filter((path) => path.endsWith('.md'));
}

it('every relative link of every page leads somewhere', () => {
  const broken = pages().flatMap((path) =>
    brokenLinks(path, readFileSync(path, 'utf8'), existsSync),
  );
  expect(broken).toEqual([]);
});

it('a link is taken from the folder of its page', () => {
  const text =
    '[a](../base/a.ts) [b](b.ts#top) [c](https://example.org) [d](#here) [e](../../README.md)';
  const exists = (path: string): boolean => path === 'src/base/a.ts' || path === 'README.md';
  expect(brokenLinks('src/x/README.md', text, exists)).toEqual([
    'src/x/README.md: src/x/b.ts does not exist',
  ]);
});
