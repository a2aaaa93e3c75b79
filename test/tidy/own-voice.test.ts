/** The project speaks of itself alone: not of the machine it was written on, nor of how or by what it was written. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** One letter of each stands in brackets, so that this file passes its own rule. */
const FOREIGN = [
  /(?<![\w.~-])[/]work[/]/,
  /share[d]\/(facts|design|style|prototypes|hooks)/,
  /[/]tmp[/]berth[/]/,
  /\b[c]laude\b/i,
  /\b[a]nthropic\b/i,
  /\b[A]I (agent|assistant)s?\b/,
  /\b[l]anguage models?\b/i,
  /\b[c]o-authored-by\b/i,
];

function foreignWords(path: string, text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      FOREIGN.flatMap((pattern) => pattern.exec(line)?.[0] ?? []).map(
        (word) => `${path}:${index + 1}: '${word}' is not about the project`,
      ),
    );
}

it.skipIf(!existsSync('.git'))(
  'every tracked text file speaks of the project (skipped outside a git checkout)',
  () => {
    const tracked = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0');
    const complaints = tracked
      .filter((path) => path !== '' && existsSync(path))
      .map((path) => [path, readFileSync(path, 'utf8')] as const)
      .filter(([, text]) => !text.includes('\0'))
      .flatMap(([path, text]) => foreignWords(path, text));
    expect(complaints).toEqual([]);
  },
);

it.each([
  ['see /wo|rk/main', '/wo|rk/'],
  ['see shar|ed/facts/aws.md 4.1', 'shar|ed/facts'],
  ['made by an AI| agent', 'AI| agent'],
  ['Cl|aude wrote it', 'Cl|aude'],
])('%s, without the bar, is refused', (text, word) => {
  expect(foreignWords('README.md', `fine\n${text.replace('|', '')}`)).toEqual([
    `README.md:2: '${word.replace('|', '')}' is not about the project`,
  ]);
});

it.each(['aws.md 4.1', 'stream seed/work/0', 'the ECS agent', 'https://example.org/work'])(
  '%s is fine',
  (text) => {
    expect(foreignWords('README.md', text)).toEqual([]);
  },
);
