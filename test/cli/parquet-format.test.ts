import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import type { Manifest } from '../../src/experiment/manifest.ts';
import { COMPARISON } from '../../src/report/tables/comparison.ts';
import { COSTS } from '../../src/report/tables/costs.ts';
import { DECISIONS_TABLE } from '../../src/report/tables/decisions.ts';
import { HOSTS } from '../../src/report/tables/hosts.ts';
import { SUMMARY } from '../../src/report/tables/summary.ts';
import { TASKS } from '../../src/report/tables/tasks.ts';
import { TIMESERIES } from '../../src/report/tables/timeseries.ts';
import { readRows } from '../../src/report/read-tables.ts';
import { columnsOf, type Table } from '../../src/report/tables/table.ts';
import { BATCH, command, folderWith } from './command.ts';

const TABLES = [SUMMARY, COMPARISON, TASKS, HOSTS, COSTS, TIMESERIES, DECISIONS_TABLE];
const OPTIONS = ['--quiet', '--record', 'decisions'];

/** The cells of a CSV file as text, by column. */
function csvCells({ name, columns }: (typeof TABLES)[number], folder: string) {
  const { text } = columnsOf<Record<string, string>>();
  const asText: Table<Record<string, string>> = {
    name,
    rowPer: '',
    columns: columns.map((column) => text(column.name, column.name, '')),
  };
  return [...readRows(asText, [readFileSync(join(folder, `${name}.csv`), 'utf8')])];
}

/** As a reader of the CSV file takes the cell of a column of that kind. */
function valueOf(cell: string, kind: string): unknown {
  if (cell === '') return null;
  if (kind === 'text') return cell;
  return kind === 'integer' ? BigInt(cell) : Number(cell);
}

function digests(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(
    files.filter((name) => name !== 'performance.json').map((name) => [name, digest(name)]),
  );
}

it('every cell of every Parquet table is the one of the CSV table, with its type', async () => {
  const folder = folderWith({ 'scenario.yaml': BATCH });
  const [csv, parquet] = [join(folder, 'csv'), join(folder, 'parquet')];
  const run = ['run', folder, '--workers', '1', ...OPTIONS];
  await command([...run, '--out', csv]);
  const { err, code } = await command([...run, '--out', parquet, '--format', 'parquet']);
  expect([err, code]).toEqual(['', 0]);
  for (const table of TABLES) {
    const { columns, name } = table;
    const expected = csvCells(table, csv).map((cells) =>
      Object.fromEntries(
        columns.map((column) => [column.name, valueOf(cells[column.name]!, column.form.kind)]),
      ),
    );
    expect(expected.length).toBeGreaterThan(0);
    const file = await asyncBufferFromFile(join(parquet, `${name}.parquet`));
    expect(await parquetReadObjects({ file })).toEqual(expected);
    expect(existsSync(join(parquet, `${name}.csv`))).toBe(false);
  }
  const dictionary = readFileSync(join(parquet, 'dictionary.csv'), 'utf8');
  expect(dictionary).toMatch(/^tasks\.parquet,wait_s,s,/m);
  expect(dictionary.match(/^\w+\.csv,/gm)).toEqual(Array(7).fill('dictionary.csv,'));
  // What the tables say does not depend on how they are written.
  for (const name of readdirSync(join(csv, 'charts'))) {
    const drawn = (out: string) => readFileSync(join(out, 'charts', name), 'utf8');
    expect(drawn(parquet)).toBe(drawn(csv));
  }
});

it('Parquet tables are the same bytes with one worker, with two, and drawn again', async () => {
  const folder = folderWith({ 'scenario.yaml': BATCH });
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  const options = ['--format', 'parquet', ...OPTIONS];
  await command(['run', folder, '--out', one, '--workers', '1', ...options]);
  await command(['compare', folder, '--out', two, '--workers', '2', ...options]);
  const bytes = digests(one);
  expect(digests(two)).toEqual(bytes);

  const text = readFileSync(join(one, 'manifest.json'), 'utf8');
  const { format, rerun, outputs } = JSON.parse(text) as Manifest;
  expect(format).toBe('parquet');
  expect(rerun).toContain(' --format parquet');
  expect(outputs['tasks.parquet']).toBe(bytes['tasks.parquet']);

  const { code } = await command(['report', one]);
  expect(code).toBe(0);
  expect(digests(one)).toEqual(bytes);
});

it('a folder holds one format: the tables of the other go', async () => {
  const folder = folderWith({ 'scenario.yaml': BATCH });
  const out = join(folder, 'out');
  const run = ['run', folder, '--out', out, '--workers', '1', '--quiet'];
  await command([...run, '--format', 'parquet']);
  expect(existsSync(join(out, 'tasks.parquet'))).toBe(true);
  await command(run);
  expect(readdirSync(out).filter((name) => name.endsWith('.parquet'))).toEqual([]);
  expect(existsSync(join(out, 'tasks.csv'))).toBe(true);
});

it('a format that there is not is 2', async () => {
  const { code, err } = await command(['run', 'x.yaml', '--format', 'arrow']);
  expect(code).toBe(2);
  expect(err).toContain("'arrow' is invalid. Allowed choices are csv, parquet.");
});
