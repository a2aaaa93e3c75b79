import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCellJob } from '../../../src/experiment/node/cell-job.ts';
import { joinParts } from '../../../src/experiment/node/cell-parts.ts';
import { COSTS } from '../../../src/report/tables/costs.ts';
import { HOSTS } from '../../../src/report/tables/hosts.ts';
import { csvOf, type Table } from '../../../src/report/tables/table.ts';
import { TASKS } from '../../../src/report/tables/tasks.ts';
import { TIMESERIES } from '../../../src/report/tables/timeseries.ts';
import { BATCH } from '../../cli/command.ts';
import { experimentOf, NO_INPUTS, runVariant } from '../../support/run-scenario.ts';

it('the parts of the cells, written as tasks leave and joined, are the tables of rows that were kept', async () => {
  const parts = mkdtempSync(join(tmpdir(), 'berth-parts-'));
  onTestFinished(() => rmSync(parts, { recursive: true }));
  const { variants } = experimentOf(BATCH);
  const setup = { variants, inputs: NO_INPUTS, recordDecisions: false, parts };
  const outcomes = variants.map((variant, index) =>
    runCellJob(setup, [], { index, variant: variant.name, seed: '42' }, () => {}),
  );
  const kept = variants.map((variant) => runVariant(variant, '42'));
  expect(outcomes.map((one) => one.taskRows)).toEqual(kept.map((one) => one.tasks.length));
  // Two jobs a minute for an hour: about 120.
  expect(outcomes[0]!.taskRows).toBeGreaterThan(50);

  const expectJoined = async <Row>(table: Table<Row>, rows: readonly Row[]): Promise<void> => {
    const target = join(parts, table.name);
    await joinParts(parts, [0, 1], table, target, 'csv');
    expect(readFileSync(target, 'utf8')).toBe(csvOf(table, rows, { header: true }));
  };
  await expectJoined(
    TASKS,
    kept.flatMap((one) => one.tasks),
  );
  await expectJoined(
    HOSTS,
    kept.flatMap((one) => [...one.hosts]),
  );
  await expectJoined(
    COSTS,
    kept.flatMap((one) => [...one.costs]),
  );
  await expectJoined(
    TIMESERIES,
    kept.flatMap((one) => one.timeseries),
  );
});
