import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import type { ExperimentRequest } from '../../../src/experiment/node/experiment-request.ts';
import { runExperiment } from '../../../src/experiment/node/run-experiment.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { BATCH, folderWith } from '../../cli/command.ts';

function request(folder: string, more: Partial<ExperimentRequest> = {}): ExperimentRequest {
  return {
    experiment: loadScenario(BATCH, 'batch.yaml'),
    scenario: { path: 'batch.yaml', sha256: '' },
    dataFolder: undefined,
    outFolder: join(folder, 'out'),
    workers: 1,
    format: 'csv',
    recordDecisions: false,
    skipBadRows: false,
    policies: { kinds: [], files: [], paths: [], importer: '' },
    rerun: 'berth run batch.yaml',
    replay: (seed) => `berth run batch.yaml --seed ${seed}`,
    signal: new AbortController().signal,
    watcher: { progressed: () => {}, finished: () => {} },
    ...more,
  };
}

function lines(path: string): string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}

it.each([1, 2])('an interrupt keeps what was finished (%i workers)', async (workers) => {
  const folder = folderWith({});
  const stopping = new AbortController();
  const finished: number[] = [];
  const result = await runExperiment(
    request(folder, {
      workers,
      signal: stopping.signal,
      watcher: {
        progressed: () => {},
        finished: ({ index }) => {
          finished.push(index);
          stopping.abort();
        },
      },
    }),
  );
  expect(result.summary).toHaveLength(finished.length);
  expect(result.missing.length + finished.length).toBe(4);
  expect(result.missing.length).toBeGreaterThan(0);
  const missing = result.missing.map(({ variant, seed }) => ({ variant, seed }));
  expect(result.manifest).toMatchObject({ missing });
  expect(result.manifest?.warnings[0]).toBe(
    `Interrupted: ${missing.length} of 4 runs are missing.`,
  );
  expect(lines(join(folder, 'out', 'summary.csv'))).toHaveLength(1 + finished.length);
  expect(existsSync(join(folder, 'out', 'report.html'))).toBe(true);
});

it('an interrupt before the first run leaves the folder as it was', async () => {
  const folder = folderWith({});
  await runExperiment(request(folder));
  const before = lines(join(folder, 'out', 'manifest.json'));
  const result = await runExperiment(request(folder, { signal: AbortSignal.abort() }));
  expect(result.manifest).toBeUndefined();
  expect(result.missing).toHaveLength(4);
  expect(lines(join(folder, 'out', 'manifest.json'))).toEqual(before);
  expect(readdirSync(join(folder, 'out'))).not.toContain('.berth-partial');
});

it('too many tasks for one table stay by run, and tasks.csv is a sample of them', async () => {
  const folder = folderWith({});
  const out = join(folder, 'out');
  await runExperiment(request(folder));
  const [header, ...all] = lines(join(out, 'tasks.csv'));

  const { manifest } = await runExperiment(request(folder, { taskRowsMax: 10 }));
  expect(manifest?.warnings).toEqual([
    'tasks.csv is a sample of 1 %; every run has its own in runs/VARIANT/SEED.',
  ]);
  const runs = manifest!.runs.map(({ variant, seed }) => `runs/${variant}/${seed}/tasks.csv`);
  const kept = runs.map((name) => lines(join(out, name)));
  expect(kept.map(([first]) => first)).toEqual(runs.map(() => header));
  expect(kept.flatMap(([, ...rows]) => rows)).toEqual(all);
  expect(Object.keys(manifest!.outputs)).toEqual(expect.arrayContaining(runs));

  // Sampled by the name of the task: what one variant shows, the other does.
  const [sampleHeader, ...sample] = lines(join(out, 'tasks.csv'));
  expect(sampleHeader).toBe(header);
  expect(sample.length).toBeLessThan(all.length / 10);
  for (const row of sample) expect(all).toContain(row);
  const shown = (variant: string) =>
    sample
      .map((row) => row.split(','))
      .filter(([own]) => own === variant)
      .map(([, seed, task]) => `${seed} ${task}`)
      .sort((a, b) => (a < b ? -1 : 1));
  expect(shown('best')).toEqual(shown('first'));
});

it('too many tasks for one Parquet table stay by run, and tasks.parquet is a sample of them', async () => {
  const folder = folderWith({});
  const out = join(folder, 'out');
  const rowsOf = async (name: string) =>
    parquetReadObjects({ file: await asyncBufferFromFile(join(out, name)) });
  await runExperiment(request(folder, { format: 'parquet' }));
  const all = await rowsOf('tasks.parquet');

  const { manifest } = await runExperiment(request(folder, { format: 'parquet', taskRowsMax: 10 }));
  expect(manifest?.warnings).toEqual([
    'tasks.parquet is a sample of 1 %; every run has its own in runs/VARIANT/SEED.',
  ]);
  const kept = [];
  for (const { variant, seed } of manifest!.runs) {
    kept.push(...(await rowsOf(`runs/${variant}/${seed}/tasks.parquet`)));
  }
  expect(kept).toEqual(all);
  const sample = await rowsOf('tasks.parquet');
  expect(sample.length).toBeLessThan(all.length / 10);
  for (const row of sample) expect(all).toContainEqual(row);
});
