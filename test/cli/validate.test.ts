import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BATCH, command, folderWith } from './command.ts';

const TRACE = BATCH.replace(
  /^ {2}- jobs.*$/m,
  '  - trace: { name: log, format: csv, file: log.csv }\n  - trace: { name: far, format: swf, file: "data:swf/far.swf.gz" }',
);

it('every fault of a bad file is printed with its place', async () => {
  const bad = 'test/scenario/bad/services.yaml';
  const { code, out, err } = await command(['validate', bad]);
  expect(err.trim().split('\n').length).toBeGreaterThan(5);
  for (const line of err.trim().split('\n')) expect(line).toMatch(/^test\/\S+\.yaml:\d+:\d+: /);
  expect(err).toContain('workload[4].service.traffic.profile: expected one of constant, daily');
  expect(out).toBe('');
  expect(code).toBe(2);
});

it('good files are said to be fine, and one bad file among them decides the code', async () => {
  const folder = folderWith({ 'scenario.yaml': BATCH, 'bad.yaml': BATCH.replace('1h', 'soon') });
  const good = await command(['validate', folder]);
  expect(good.out).toBe(`${folder}: fine, 2 variants x 2 seeds\n`);
  expect(good.code).toBe(0);
  const both = await command(['validate', join(folder, 'bad.yaml'), folder]);
  expect(both.err).toContain('bad.yaml:4:11: duration: ');
  expect(both.out).toBe(good.out);
  expect(both.code).toBe(2);
});

it('a file that a scenario names must be there; one under BERTH_DATA only when that is set', async () => {
  const folder = folderWith({ 'scenario.yaml': TRACE });
  const unset = await command(['validate', folder]);
  expect(unset.err.trim().split('\n')).toEqual([
    `${folder}/scenario.yaml: expected the file log.csv (trace) at ${folder}/log.csv, found nothing there`,
  ]);
  const set = await command(['validate', folder], { BERTH_DATA: '/nowhere' });
  expect(set.err).toContain('data:swf/far.swf.gz (trace) at /nowhere/swf/far.swf.gz');
});

it('faults come as JSON when asked for', async () => {
  const folder = folderWith({ 'scenario.yaml': BATCH.replace('seed: 42', 'sed: 42') });
  mkdirSync(join(folder, 'empty'));
  const { out, code } = await command(['validate', folder, join(folder, 'empty'), '--json']);
  expect(JSON.parse(out)).toEqual([
    expect.objectContaining({ path: 'seed' }),
    expect.objectContaining({ line: 2, column: 1, path: 'sed' }),
    expect.objectContaining({ file: `${folder}/empty` }),
  ]);
  expect(code).toBe(2);
});
