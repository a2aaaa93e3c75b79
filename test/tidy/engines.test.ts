/** The comparison behind `npm run engines`, without any engine. */

import { expect, it } from 'vitest';
import { differences, digestTable } from '../../scripts/engines.ts';
import type { Output } from '../../scripts/engines.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

function wrote(engine: string, files: Record<string, string>, scenario = 'hello'): Output {
  return { engine, scenario, files: new Map(Object.entries(files)) };
}

it('engines that write the same bytes do not differ', () => {
  const files = { 'tasks.csv': A, 'charts/wait.svg': B };
  expect(differences([wrote('node 20', files), wrote('deno', files)])).toEqual([]);
});

it('a file with other bytes is named with both engines', () => {
  const outputs = [wrote('node 20', { 'tasks.csv': A }), wrote('deno', { 'tasks.csv': B })];
  expect(differences(outputs)).toEqual([
    'hello: tasks.csv: node 20 wrote aaaaaaaaaaaa, deno wrote bbbbbbbbbbbb',
  ]);
});

it('a file that only one engine wrote is a difference', () => {
  expect(differences([wrote('node 20', { 'tasks.csv': A }), wrote('deno', {})])).toEqual([
    'hello: tasks.csv: node 20 wrote aaaaaaaaaaaa, deno wrote nothing',
  ]);
  expect(differences([wrote('node 20', {}), wrote('deno', { 'tasks.csv': A })])).toEqual([
    'hello: tasks.csv: node 20 wrote nothing, deno wrote aaaaaaaaaaaa',
  ]);
});

it('different scenarios are not compared', () => {
  const outputs = [wrote('deno', { 'tasks.csv': A }), wrote('deno', { 'tasks.csv': B }, 'spot')];
  expect(differences(outputs)).toEqual([]);
});

it('the table has a line an engine, a column a scenario, and marks what failed', () => {
  const outputs = [
    wrote('node 20', { 'tasks.csv': A }),
    wrote('node 20', { 'tasks.csv': A }, 'spot'),
    wrote('deno', { 'tasks.csv': A }),
  ];
  const [head, node, deno] = digestTable(outputs)
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  expect(head).toEqual(['engine', 'hello', 'spot']);
  expect(node).toEqual(['node 20', expect.stringMatching(/^[0-9a-f]{12}$/), node?.[1]]);
  expect(deno).toEqual(['deno', node?.[1], 'failed']);
});
