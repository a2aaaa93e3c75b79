/** Task definitions as people publish them, imported and run on each launch type that allows them. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { command, folderWith } from './command.ts';

const data = process.env['BERTH_DATA'] ?? '';
const folder = join(data, 'ecs-task-definitions');
const isThere = data !== '' && existsSync(folder);
const reason = data === '' ? 'BERTH_DATA is not set' : `${folder} is not there`;

it.skipIf(!isThere)(
  `14 task definitions and two templates run on EC2, Fargate and External (skipped when ${reason})`,
  async () => {
    const work = folderWith({});
    const file = join(work, 'app.yaml');
    const imported = await command(['import', 'ecs', '-R', folder, '--out', file]);
    expect(imported.code).toBe(0);
    // Six of the definitions name Fargate; those of the templates and the rest are said not to.
    const refusals = imported.err.split('\n').filter((line) => /\sfargate\s/.test(line));
    expect(refusals).toHaveLength(10);
    const { workload, variants } = parse(readFileSync(file, 'utf8')) as {
      workload: unknown[];
      variants: Record<string, unknown>;
    };
    expect(workload).toHaveLength(16);
    expect(Object.keys(variants)).toEqual(['ecs-ec2', 'ecs-fargate', 'ecs-external']);
    const out = join(work, 'out');
    const run = await command(['run', file, '--out', out, '--quiet', '--set', 'duration=1h']);
    expect(run.code).toBe(0);
    const rows = readFileSync(join(out, 'tasks.csv'), 'utf8').trim().split('\n');
    const [header = '', ...tasks] = rows;
    const columns = header.split(',');
    const cell = (row: string, name: string) => row.split(',')[columns.indexOf(name)];
    // 14 single tasks and two services of two, in each of three variants, all of which run at the end.
    const running = tasks.filter((row) => cell(row, 'state') === 'running');
    expect(running).toHaveLength(3 * 18);
    expect(tasks.filter((row) => cell(row, 'state') === 'pending')).toEqual([]);
    const fargate = running.filter((row) => cell(row, 'launch_type') === 'fargate');
    expect(fargate).toHaveLength(6);
  },
);
