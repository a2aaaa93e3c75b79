import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { readParquet } from '../../src/report/read-parquet.ts';
import { COSTS, type CostRow } from '../../src/report/tables/costs.ts';
import { ParquetRowWriter } from '../../src/report/tables/parquet-writer.ts';
import { SUMMARY } from '../../src/report/tables/summary.ts';
import type { Table } from '../../src/report/tables/table.ts';
import { TASKS } from '../../src/report/tables/tasks.ts';
import { TIMESERIES } from '../../src/report/tables/timeseries.ts';
import { MadeUpTasks } from '../../bench/report/made-up-tasks.ts';
import { syntheticTables } from './synthetic.ts';

function written<Row>(table: Table<Row>, rows: Iterable<Row>, rowsPerGroup?: number): ArrayBuffer {
  const pieces: Uint8Array[] = [];
  const writer = new ParquetRowWriter(table, (bytes) => pieces.push(bytes.slice()), rowsPerGroup);
  for (const row of rows) writer.write(row);
  writer.end();
  return Uint8Array.from(Buffer.concat(pieces)).buffer;
}

async function writtenAndRead<Row>(table: Table<Row>, rows: readonly Row[], perGroup?: number) {
  return [...(await readParquet(table, written(table, rows, perGroup)))];
}

const aLine: CostRow = {
  variant: 'ecs',
  seed: '42',
  workload: 'api, the "front"\n– ünïcode',
  item: 'ec2',
  resource: '',
  quantity: 0.1 + 0.2,
  unit: 'h',
  priceNanoUsd: 96_000_000,
  costMicroUsd: null,
};

describe('a table in a Parquet file', () => {
  it('has typed columns in the units of the CSV file, and null where that is empty', async () => {
    const file = written(COSTS, [aLine, { ...aLine, quantity: NaN }]);
    const known = {
      variant: 'ecs',
      seed: '42',
      workload: 'api, the "front"\n– ünïcode',
      item: 'ec2',
      resource: null,
      quantity: 0.30000000000000004,
      unit: 'h',
      price_usd: 0.096, // 96,000,000 nano-USD
      cost_usd: null,
    };
    expect(await parquetReadObjects({ file })).toEqual([known, { ...known, quantity: null }]);

    const { schema } = parquetMetadata(written(TASKS, syntheticTables().tasks.slice(0, 1)));
    const types = Object.fromEntries(schema.slice(1).map(({ name, type }) => [name, type]));
    expect(types).toMatchObject({
      task: 'BYTE_ARRAY',
      cpu_milli: 'DOUBLE', // an ECS unit is 0.9765625 milli-cores
      memory_bytes: 'INT64',
      submitted_s: 'DOUBLE',
      attempts: 'INT64',
    });
  });

  it('reads back to the rows that it was written from, in whatever groups', async () => {
    const { summary, tasks, costs, timeseries } = syntheticTables();
    expect(await writtenAndRead(SUMMARY, summary)).toEqual(summary);
    expect(await writtenAndRead(TASKS, tasks, 1000)).toEqual(tasks);
    expect(await writtenAndRead(COSTS, costs, 7)).toEqual(costs);
    expect(await writtenAndRead(TIMESERIES, timeseries)).toEqual(timeseries);
    expect(await writtenAndRead(COSTS, [])).toEqual([]);
  });

  it('keeps times to the microsecond for 71 years, and money as fine', async () => {
    const exact = fc.integer({ min: 0, max: 2 ** 51 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(exact, exact), { maxLength: 20 }), async (pairs) => {
        const rows = pairs.map(([costMicroUsd, nano]) => ({
          ...aLine,
          costMicroUsd,
          priceNanoUsd: nano,
        }));
        expect(await writtenAndRead(COSTS, rows)).toEqual(rows);
      }),
      { numRuns: 100, seed: 11 },
    );
  });

  it('is the same bytes every time', () => {
    const { tasks } = syntheticTables();
    expect(Buffer.from(written(TASKS, tasks)).equals(Buffer.from(written(TASKS, tasks)))).toBe(
      true,
    );
  });

  it('holds no more of a long table than one row group', () => {
    const rowCount = 70_000;
    const sizes: number[] = [];
    const writer = new ParquetRowWriter(TASKS, (bytes) => sizes.push(bytes.length));
    const tasks = new MadeUpTasks();
    const rowsAtFlush: number[] = [];
    for (let task = 0; task < rowCount; task++) {
      writer.write(tasks.at(task));
      if (sizes.length > rowsAtFlush.length) rowsAtFlush.push(task + 1);
    }
    // 70,000 = 2 x 32,768 + 4,464: two groups have left before the end, which brings the third and the footer.
    expect(rowsAtFlush).toEqual([32_768, 65_536]);
    expect(sizes[1]! / sizes[0]!).toBeCloseTo(1, 1);
    writer.end();
    expect(sizes).toHaveLength(4);
  });

  it('says in its footer where its groups are, and nothing about when and where it was written', () => {
    const file = parquetMetadata(written(TASKS, syntheticTables().tasks.slice(0, 10), 4));
    expect(file.row_groups.map((group) => Number(group.num_rows))).toEqual([4, 4, 2]);
    expect(file.created_by).toBe('berth');
    expect(file.key_value_metadata).toBeUndefined();
  });

  it('names a column that is missing', async () => {
    await expect(readParquet(TASKS, written(COSTS, [aLine]))).rejects.toThrow(
      'tasks.parquet: expected a column task, found variant, seed, workload,',
    );
  });
});
