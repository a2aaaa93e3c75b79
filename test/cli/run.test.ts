import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/experiment/manifest.ts';
import { BATCH, command, folderWith } from './command.ts';

const HERE = ['--workers', '1'];

/** SHA-256 of every file of a folder, by name. */
function digests(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(
    files.sort((a, b) => (a < b ? -1 : 1)).map((name) => [name, digest(join(folder, name))]),
  );
}

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
}

function lines(folder: string, name: string): string[] {
  return readFileSync(join(folder, name), 'utf8').trim().split('\n');
}

describe('a scenario of two variants and two seeds', () => {
  it('writes the same bytes with one worker, with two, and drawn again', async () => {
    const folder = folderWith({ 'scenario.yaml': BATCH });
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    const options = ['--quiet', '--record', 'decisions'];
    const printed = await command(['run', folder, '--out', one, ...HERE, ...options]);
    expect(printed.err).toBe('');
    expect(printed.code).toBe(0);
    const other = await command(['compare', folder, '--out', two, '--workers', '2', ...options]);
    expect(other.err).toBe('');
    const { 'performance.json': _, ...bytes } = digests(one);
    const { 'performance.json': __, ...same } = digests(two);
    expect(same).toEqual(bytes);

    const { 'manifest.json': ___, ...outputs } = bytes;
    expect(manifestOf(one).outputs).toEqual(outputs);
    expect(Object.keys(outputs)).toContain('decisions.csv');

    await command(['report', one]);
    const { 'performance.json': ____, ...again } = digests(one);
    expect(again).toEqual(bytes);
  });

  it('has its rows in the order of the scenario', async () => {
    const folder = folderWith({ 'scenario.yaml': BATCH });
    const out = join(folder, 'out');
    await command(['run', folder, '--out', out, '--workers', '2', '--quiet']);
    const { seeds, runs } = manifestOf(out);
    expect(seeds[0]).toBe('42');
    const expected = ['first', 'best'].flatMap((name) => seeds.map((seed) => `${name},${seed}`));
    expect(runs.map(({ variant, seed }) => `${variant},${seed}`)).toEqual(expected);
    const cellOf = (line: string) => line.split(',').slice(0, 2).join(',');
    expect(lines(out, 'summary.csv').slice(1).map(cellOf)).toEqual(expected);
    const [header, ...tasks] = lines(out, 'tasks.csv');
    expect(header).toMatch(/^variant,seed,task,/);
    expect([...new Set(tasks.map(cellOf))]).toEqual(expected);
    expect(existsSync(join(out, 'decisions.csv'))).toBe(false);
  });

  it('prints one line a variant, or JSON', async () => {
    const folder = folderWith({ 'scenario.yaml': BATCH });
    const options = ['--out', join(folder, 'out'), ...HERE, '--quiet'];
    const { out } = await command(['run', folder, ...options]);
    const [heading, first, best, ...rest] = out.split('\n');
    expect(heading).toMatch(/^variant +runs +completed +pending .* cost, USD$/);
    // Two hosts for one hour at 0.50 and at 0.75 USD; the shares of the workloads are rounded one by one.
    expect(first).toMatch(/^first +2 .* 1\.00$/);
    expect(best).toMatch(/^best +2 .* 1\.50$/);
    expect(rest).toEqual(['', join(folder, 'out', 'report.html'), '']);
    const json = await command(['compare', folder, ...options, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      baseline: 'first',
      variants: [
        { variant: 'first', runs: 2, means: { cost_usd: expect.closeTo(1, 4) } },
        { variant: 'best' },
      ],
      comparison: expect.arrayContaining([expect.objectContaining({ metric: 'wait_s_p95' })]),
    });
  });

  it('compares each variant with the baseline, seed by seed', async () => {
    const folder = folderWith({ 'scenario.yaml': BATCH });
    const args = ['compare', folder, '--out', join(folder, 'out'), ...HERE, '--quiet'];
    const { out } = await command(args);
    expect(out).toMatch(/^first is the cheapest variant: /);
    expect(out).toContain('first (baseline)');
    expect(out).toMatch(/^metric +variant +mean +minus first +95 % from +to$/m);
    expect(out).toMatch(/^cost_usd_window +best +1\.5 +0\.5 +0\.5 +0\.5$/m);
  });
});

it('an expectation that does not hold is 1, and says what was found', async () => {
  const expectations = 'expect: ["cost_usd[best] < 1.4", "cost_usd[first] <= cost_usd[best]"]\n';
  const folder = folderWith({ 'scenario.yaml': BATCH + expectations });
  const { code, out } = await command(['run', folder, '--out', join(folder, 'out'), ...HERE]);
  expect(code).toBe(1);
  expect(out).toMatch(/^FAILS +cost_usd\[best\] < 1\.4 +best +1\.5 +1\.4$/m);
  expect(out).toMatch(/^holds +cost_usd\[first\] <= cost_usd\[best\] +first +1 +1\.5$/m);
});

it('a run that gets stuck is warned about with its reason', async () => {
  const folder = folderWith({ 'scenario.yaml': BATCH });
  const args = ['run', folder, '--out', join(folder, 'out'), ...HERE];
  const { err } = await command([
    ...args,
    '--set',
    'workload.work.cpu=8',
    '--set',
    'duration=6h',
    '--set',
    'workload.work.limit=1',
  ]);
  expect(err).toMatch(/^warning: first: 2 of 2 runs got stuck; seed 42: task 0 of work, /m);
});

it('options are written into the scenario, and the manifest says how to run it again', async () => {
  const folder = folderWith({ 'scenario.yaml': BATCH });
  const out = join(folder, 'out');
  const options = ['--seed', '7', '--replications', '1', '--set', 'zones=[a, b]'];
  await command(['run', folder, '--out', out, ...HERE, ...options]);
  const { rerun, seeds, scenario } = manifestOf(out);
  const file = join(folder, 'scenario.yaml');
  expect(rerun).toBe(`berth run ${file} --set 'zones=[a, b]' --seed 7 --replications 1`);
  expect(seeds).toEqual(['7']);
  expect(scenario.resolved).toMatchObject({ seed: 7, replications: 1, zones: ['a', 'b'] });
});

describe('the output folder', () => {
  it('is not taken from somebody else', async () => {
    const folder = folderWith({ 'scenario.yaml': BATCH, 'thesis.tex': 'years of work' });
    const { code, err } = await command(['run', folder, '--out', folder, ...HERE]);
    expect(code).toBe(2);
    expect(err).toContain('one that Berth wrote, found scenario.yaml, thesis.tex');
    expect(readdirSync(folder)).toEqual(['scenario.yaml', 'thesis.tex']);
  });

  it('keeps files that are not Berth’s and drops tables that are no longer written', async () => {
    const folder = folderWith({ 'scenario.yaml': BATCH });
    const out = join(folder, 'out');
    await command(['run', folder, '--out', out, ...HERE, '--record', 'decisions']);
    writeFileSync(join(out, 'my-notes.md'), 'mine');
    await command(['run', folder, '--out', out, ...HERE]);
    expect(existsSync(join(out, 'decisions.csv'))).toBe(false);
    expect(readFileSync(join(out, 'my-notes.md'), 'utf8')).toBe('mine');
  });

  it('that cannot be written is 74', async () => {
    const folder = folderWith({ 'scenario.yaml': BATCH });
    const under = join(folder, 'scenario.yaml', 'out');
    const { code, err } = await command(['run', folder, '--out', under, ...HERE]);
    expect(err).toContain('The output cannot be written: ');
    expect(code).toBe(74);
  });
});

describe('a policy of the user', () => {
  const policy = (score: string) => `export default {
    name: 'mine', summary: 'as I like it', parameters: {},
    create: (): object => ({ score: (host: number): number => { ${score} } }),
  };`;
  const args = ['--set', 'variants.best.placement=mine', '--replications', '1', ...HERE];

  it('is known to the scenario and recorded by its digest', async () => {
    const folder = folderWith({ 'scenario.yaml': BATCH, 'mine.ts': policy('return host;') });
    const [file, out] = [join(folder, 'mine.ts'), join(folder, 'out')];
    const { err, code } = await command(['run', folder, '--out', out, '--policy', file, ...args]);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(manifestOf(out).policies).toEqual([
      { path: file, sha256: digest(file), names: ['mine'] },
    ]);
  });

  it('that throws is 70, with the command that shows it again', async () => {
    const folder = folderWith({
      'scenario.yaml': BATCH,
      'mine.ts': policy("throw new Error('no');"),
    });
    const file = join(folder, 'mine.ts');
    const { err, code } = await command([
      'run',
      folder,
      '--policy',
      file,
      '--out',
      join(folder, 'out'),
      ...args,
    ]);
    expect(code).toBe(70);
    expect(err).toContain(`in variant best, seed 42; to see it again: berth run ${folder}`);
    expect(err).toContain('--seed 42 --replications 1');
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  it('that is none is refused', async () => {
    const folder = folderWith({ 'scenario.yaml': BATCH, 'mine.ts': 'export default 3;' });
    const { err, code } = await command(['run', folder, '--policy', join(folder, 'mine.ts')]);
    expect(err).toContain(
      'mine.ts: expected a default export { name, summary, parameters, create }',
    );
    expect(code).toBe(2);
  });
});

it('a trace under BERTH_DATA needs that variable', async () => {
  const trace = '  - trace: { name: log, format: swf, file: "data:swf/log.swf" }';
  const folder = folderWith({ 'scenario.yaml': BATCH.replace(/^ {2}- jobs.*$/m, trace) });
  const { err, code } = await command(['run', folder, '--out', join(folder, 'out')]);
  expect(err).toContain(
    'expected the environment variable BERTH_DATA to name that folder, found it not set',
  );
  expect(code).toBe(2);
  expect(existsSync(join(folder, 'out'))).toBe(false);
});
