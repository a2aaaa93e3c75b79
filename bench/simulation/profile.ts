/**
 * Where the time of the whole loop goes: runs one size of loop.ts under V8's sampling profiler and prints self time by
 * folder and by function.
 *
 * Run        npx tsx bench/simulation/profile.ts [--hosts N] [--tasks N] [--policy first-fit|least-allocated-balanced]
 */

import { alignedTable } from '../aligned-table.ts';
import { fileURLToPath } from 'node:url';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loopInProcess } from './loop.ts';
import { parseArgs } from 'node:util';
import { runLoop } from './run-loop.ts';
import { selfTimes } from './cpu-profile.ts';
import { tmpdir } from 'node:os';
import type { CpuProfile, SelfTime } from './cpu-profile.ts';
import type { LoopPolicy } from './loop-scenario.ts';

const ROWS = 25;
const US_PER_MS = 1_000;
const SAMPLE_EVERY_US = 500;

function table(title: string, times: readonly SelfTime[]): string {
  const whole = times.reduce((sum, { us }) => sum + us, 0);
  const rows = times
    .slice(0, ROWS)
    .map(({ name, us }) => [
      name,
      `${Math.round(us / US_PER_MS)}`,
      ((100 * us) / whole).toFixed(1),
    ]);
  return alignedTable([title, 'self ms', '%'], rows);
}

function main(args: string[]): void {
  const { hosts, tasks, policy } = parseArgs({
    args,
    options: {
      hosts: { type: 'string', default: '10000' },
      tasks: { type: 'string', default: '300000' },
      policy: { type: 'string', default: 'least-allocated-balanced' },
    },
  }).values;
  const folder = mkdtempSync(join(tmpdir(), 'loop-profile-'));
  const { summary, processorMs } = loopInProcess(
    { hosts: +hosts, tasks: +tasks, policy: policy as LoopPolicy },
    ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${SAMPLE_EVERY_US}`],
  );
  const [file] = readdirSync(folder);
  const profile = JSON.parse(readFileSync(join(folder, file!), 'utf8')) as CpuProfile;
  rmSync(folder, { recursive: true });
  const project = fileURLToPath(new URL('../..', import.meta.url));
  const { functions, folders } = selfTimes(profile, runLoop.name, project);
  console.log(
    `${policy}, ${hosts} hosts, ${summary.tasksCompleted} tasks, ${Math.round(processorMs)} ms of processor time\n`,
  );
  console.log(`${table('folder', folders)}\n`);
  console.log(table('function', functions));
}

main(process.argv.slice(2));
