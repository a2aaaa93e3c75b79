import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPARISON } from '../../src/report/tables/comparison.ts';
import { COSTS } from '../../src/report/tables/costs.ts';
import { DECISIONS_TABLE } from '../../src/report/tables/decisions.ts';
import { DICTIONARY } from '../../src/report/tables/dictionary.ts';
import { HOSTS } from '../../src/report/tables/hosts.ts';
import { RowWriter } from '../../src/report/tables/row-writer.ts';
import { SUMMARY } from '../../src/report/tables/summary.ts';
import { csvOf, type CellForm, type Table } from '../../src/report/tables/table.ts';
import { TASKS } from '../../src/report/tables/tasks.ts';
import { TIMESERIES } from '../../src/report/tables/timeseries.ts';
import { syntheticTables } from './synthetic.ts';

type AnyRow = Record<string, unknown>;

const TABLES = [
  SUMMARY,
  COMPARISON,
  TASKS,
  HOSTS,
  COSTS,
  TIMESERIES,
  DECISIONS_TABLE,
  DICTIONARY,
] as unknown as readonly Table<AnyRow>[];

interface Written {
  readonly text: string;
  readonly pieces: number;
}

function written<Row>(table: Table<Row>, rows: readonly Row[], bufferBytes?: number): Written {
  const pieces: Uint8Array[] = [];
  const writer = new RowWriter<Row>(table, (bytes) => pieces.push(bytes.slice()), bufferBytes);
  for (const row of rows) writer.write(row);
  writer.flushAll();
  return { text: Buffer.concat(pieces).toString(), pieces: pieces.length };
}

// What makes a cell need quotes, what takes two to four bytes, half of a pair, and plain words.
const CHARACTERS = ['"', ',', '\n', '\r', ' ', 'é', '∓', '🚢', '\ud83d', 'a', '0', '-', '\t', '='];
const aText = fc.oneof(
  fc.constant(''),
  fc.stringMatching(/^[a-z0-9-]{1,12}$/),
  fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const anInteger = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -1000, max: 1000 }),
  // Around powers of ten and of two, where digits and 32-bit parts begin.
  fc
    .tuple(
      fc.constantFrom(1e2, 1e4, 1e6, 1e7, 1e8, 1e9, 1e12, 1e15, 9e15, 2 ** 31, 2 ** 32, 2 ** 52),
      fc.integer({ min: -2, max: 2 }),
      fc.constantFrom(1, -1),
    )
    .map(([power, more, sign]) => sign * (power + more)),
  fc.constantFrom(0, -0, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
);
const aFloat = fc.oneof(
  fc.double(),
  fc.double({ min: 0, max: 1 }),
  fc.constantFrom(0.1 + 0.2, 1e21, 1e-7, 2 ** 53, 123e18, Number.MIN_VALUE, -Number.MAX_VALUE),
);
const unknown = fc.constantFrom(null, NaN, Infinity, -Infinity);

function aValue({ kind }: CellForm): fc.Arbitrary<unknown> {
  if (kind === 'text') return aText;
  const known = kind === 'scaled' ? anInteger : fc.oneof(anInteger, aFloat);
  return fc.oneof({ weight: 5, arbitrary: known }, { weight: 1, arbitrary: unknown });
}

function aRow(table: Table<AnyRow>): fc.Arbitrary<AnyRow> {
  const values = table.columns.map(({ field, form }) => [field, aValue(form)] as const);
  return fc.record(Object.fromEntries(values), { noNullPrototype: true });
}

describe('the writer of rows', () => {
  it.each(TABLES.map((table) => [table.name, table] as const))(
    'writes the bytes of the plain writer: %s',
    (_, table) => {
      // From a buffer for less than a row to one for all rows.
      const bufferBytes = fc.constantFrom(0, 900, 2_000, 1 << 20);
      fc.assert(
        fc.property(fc.array(aRow(table), { maxLength: 8 }), bufferBytes, (rows, size) => {
          const twin = Buffer.from(csvOf(table, rows, { header: false })).toString();
          expect(written(table, rows, size).text).toBe(twin);
        }),
        { numRuns: 300, seed: 42 },
      );
    },
  );

  it('puts a carriage return in quotes, where some readers would end the line', () => {
    const line = written(COSTS, [{ ...aLine, resource: 'two\rlines' }]).text;
    expect(line).toBe('ecs,42,api,ec2,"two\rlines",0.1,h,0.096,0.0288\n');
  });

  it('writes the same rows in one piece or in many', () => {
    const { tasks } = syntheticTables();
    const twin = csvOf(TASKS, tasks, { header: false });
    // 6,000 rows of some 180 bytes: about 1 MB, so at least 100 pieces of 10 kB at most.
    const inMany = written(TASKS, tasks, 10_000);
    expect(inMany.text).toBe(twin);
    expect(inMany.pieces).toBeGreaterThan(100);
    expect(written(TASKS, tasks).text).toBe(twin);
  });

  it('never hands over more than the buffer holds, but for one text that is larger', () => {
    const sizes: number[] = [];
    const writer = new RowWriter(COSTS, (bytes) => sizes.push(bytes.length), 1_000);
    const row = { ...aLine, resource: 'x'.repeat(5_000) };
    for (let i = 0; i < 20; i++) writer.write(i === 10 ? row : aLine);
    writer.flushAll();
    expect(sizes.filter((size) => size > 1_000)).toEqual([5_000]);
  });

  it('takes rows whose keys stand in any order, and the same object again', () => {
    const turned = Object.fromEntries(Object.entries(aLine).reverse()) as unknown as typeof aLine;
    const rows = [aLine, turned, { extra: 1, ...aLine }, aLine];
    const line = csvOf(COSTS, [aLine], { header: false });
    expect(written(COSTS, rows).text).toBe(line.repeat(4));
  });

  it('refuses rows without a field of the table, and money that is no integer', () => {
    const { unit: _, ...short } = aLine;
    expect(() => written(COSTS, [aLine, short as typeof aLine])).toThrow(
      'expected rows with a field unit; found variant, seed',
    );
    expect(() => written(COSTS, [{ ...aLine, costMicroUsd: 0.5 }])).toThrow(
      'a scaled quantity must be an exact integer, it is 0.5',
    );
  });
});

const aLine = {
  variant: 'ecs',
  seed: '42',
  workload: 'api',
  item: 'ec2',
  resource: 'm6i.large',
  quantity: 0.1,
  unit: 'h',
  priceNanoUsd: 96_000_000,
  costMicroUsd: 28_800,
} as const;
