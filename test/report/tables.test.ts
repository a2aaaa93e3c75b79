import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRows, readTable } from '../../src/report/read-tables.ts';
import { COMPARISON } from '../../src/report/tables/comparison.ts';
import { COSTS, type CostRow } from '../../src/report/tables/costs.ts';
import { DECISIONS_TABLE } from '../../src/report/tables/decisions.ts';
import { DICTIONARY, dictionaryRows } from '../../src/report/tables/dictionary.ts';
import { HOSTS } from '../../src/report/tables/hosts.ts';
import { SUMMARY } from '../../src/report/tables/summary.ts';
import { csvOf, type Table } from '../../src/report/tables/table.ts';
import { TASKS, type TaskRow } from '../../src/report/tables/tasks.ts';
import { TIMESERIES } from '../../src/report/tables/timeseries.ts';
import { syntheticTables } from './synthetic.ts';

const TABLES = [SUMMARY, COMPARISON, TASKS, HOSTS, COSTS, TIMESERIES, DECISIONS_TABLE, DICTIONARY];

const aLine: CostRow = {
  variant: 'ecs',
  seed: '42',
  workload: 'api, the "front"',
  item: 'ec2',
  resource: 'm6i.large',
  quantity: 0.1 + 0.2,
  unit: 'h',
  priceNanoUsd: 96_000_000,
  costMicroUsd: 28_800,
};

function writtenAndRead<Row>(table: Table<Row>, rows: readonly Row[]): Row[] {
  return readTable(table, csvOf(table, rows, { header: true }));
}

describe('a table', () => {
  it('prints money exactly, floats shortest-round-trip and quotes only where it must', () => {
    // 96,000,000 nano-USD = 0.096 USD; 28,800 micro-USD = 0.0288 USD
    expect(csvOf(COSTS, [aLine], { header: true })).toBe(
      'variant,seed,workload,item,resource,quantity,unit,price_usd,cost_usd\n' +
        'ecs,42,"api, the ""front""",ec2,m6i.large,0.30000000000000004,h,0.096,0.0288\n',
    );
  });

  it('leaves unknown values empty, never zero', () => {
    const unknown = { ...aLine, quantity: NaN, priceNanoUsd: null, costMicroUsd: Infinity };
    expect(csvOf(COSTS, [unknown], { header: false })).toBe(
      'ecs,42,"api, the ""front""",ec2,m6i.large,,h,,\n',
    );
  });

  it('is the same text in one piece and row by row', () => {
    const { tasks } = syntheticTables();
    const some = tasks.slice(0, 50);
    const whole = csvOf(TASKS, some, { header: true });
    const pieces = some.map((row) => csvOf(TASKS, [row], { header: false }));
    expect(csvOf(TASKS, [], { header: true }) + pieces.join('')).toBe(whole);
  });

  it('reads back to the rows that it was written from', () => {
    const tables = syntheticTables();
    expect(writtenAndRead(SUMMARY, tables.summary)).toEqual(tables.summary);
    expect(writtenAndRead(TASKS, tables.tasks)).toEqual(tables.tasks);
    expect(writtenAndRead(COSTS, tables.costs)).toEqual(tables.costs);
    expect(writtenAndRead(TIMESERIES, tables.timeseries)).toEqual(tables.timeseries);
    expect(writtenAndRead(DICTIONARY, dictionaryRows('csv'))).toEqual(dictionaryRows('csv'));
  });

  it('reads the same rows wherever the text is cut', () => {
    const odd = { ...aLine, workload: 'two\nlines', resource: '""', unit: ' ' };
    const rows = [aLine, odd, { ...aLine, costMicroUsd: null }];
    const text = csvOf(COSTS, rows, { header: true });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 6 }), (cuts) => {
        const places = [0, ...cuts, text.length].sort((a, b) => a - b);
        const chunks = places.slice(1).map((end, index) => text.slice(places[index], end));
        expect([...readRows(COSTS, chunks)]).toEqual(rows);
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it('reads only the fields that are asked for', () => {
    const text = csvOf(TASKS, syntheticTables().tasks.slice(0, 1), { header: true });
    const rows: Pick<TaskRow, 'variant' | 'state'>[] = [
      ...readRows(TASKS, [text], ['variant', 'state']),
    ];
    expect(rows).toEqual([{ variant: 'ecs-ec2-asg', state: 'completed' }]);
  });

  it('without rows reads as no rows', () => {
    expect(readTable(COSTS, csvOf(COSTS, [], { header: true }))).toEqual([]);
  });

  it('names file and line of a cell that is not one of its column, and a column that is missing', () => {
    const text = csvOf(COSTS, [aLine, aLine], { header: true });
    expect(() => readTable(COSTS, text.replace(/0\.0288\n$/, 'dear\n'))).toThrow(
      'costs.csv:3:0: expected a number in column cost_usd, found "dear"',
    );
    expect(() => readTable(COSTS, text.replace('price_usd', 'price'))).toThrow(
      'costs.csv:1:0: expected a column price_usd, found variant, seed,',
    );
    expect(() => readTable(COSTS, '')).toThrow('expected a header line');
  });
});

describe('the tables together', () => {
  it('have every column that the output folder promises, in its order', () => {
    const names = (table: { columns: readonly { name: string }[] }) =>
      table.columns.map((column) => column.name).join(', ');
    expect(names(SUMMARY)).toBe(
      'variant, seed, tasks_submitted, tasks_completed, tasks_failed, tasks_cancelled, tasks_running, tasks_pending, wait_s_mean, wait_s_p50, wait_s_p95, wait_s_p99, wait_s_max, cpu_utilization, memory_utilization, hosts_peak, hosts_launched, host_hours, interruptions, evictions, cost_usd, cost_usd_window, events, digest, cpu_used, wait_pending_tasks',
    );
    expect(names(COMPARISON)).toBe(
      'metric, unit, baseline, variant, replications, mean, ci_low, ci_high, difference, difference_ci_low, difference_ci_high',
    );
    expect(names(TASKS)).toBe(
      'variant, seed, task, workload, kind, orchestrator, launch_type, zone, host, instance_type, cpu_milli, memory_bytes, gpu_milli, submitted_s, placed_s, pulled_s, started_s, ready_s, finished_s, wait_s, state, origin, attempts, reason',
    );
    expect(names(HOSTS)).toBe(
      'variant, seed, host, instance_type, capacity_type, zone, requested_s, running_s, ready_s, terminated_s, termination_reason, cpu_milli, memory_bytes, price_usd_per_hour, billed_s, cost_usd, cpu_utilization, launch_type, pool',
    );
    expect(names(COSTS)).toBe(
      'variant, seed, workload, item, resource, quantity, unit, price_usd, cost_usd',
    );
    expect(names(TIMESERIES)).toBe(
      'variant, seed, time_s, pending, running, hosts, cpu_requested_milli, cpu_allocatable_milli, memory_requested_bytes, memory_allocatable_bytes, cost_usd',
    );
    expect(names(DECISIONS_TABLE)).toBe('variant, seed, time_s, actor, subject, decision, reason');
  });

  it('are explained in the dictionary, column by column and word by word', () => {
    const rows = dictionaryRows('csv');
    for (const table of TABLES) {
      for (const column of table.columns) {
        const meanings = rows
          .filter((row) => row.file === `${table.name}.csv` && row.column === column.name)
          .filter((row) => row.word === '')
          .map((row) => row.meaning);
        expect(meanings).toEqual([column.meaning]);
        expect(column.meaning).not.toBe('');
      }
    }
    expect(rows.find((row) => row.word === 'insufficient-cpu')).toMatchObject({
      file: 'tasks.csv',
      column: 'reason',
      realWord: 'kube-scheduler: Insufficient cpu; ECS: RESOURCE:CPU',
    });
    const words = rows.filter((row) => row.word !== '');
    for (const row of words) expect(row.word).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    const keys = words.map((row) => `${row.file} ${row.column} ${row.word}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
