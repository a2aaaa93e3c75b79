/** Runs command lines in this process and keeps what they print. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { berth } from '../../src/cli/berth.ts';

export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function command(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Printed> {
  let out = '';
  let err = '';
  const code = await berth(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    input: () => input,
    isScreen: false,
    isColoured: false,
    environment,
  });
  return { code, out, err };
}

/** A folder that is gone when the test is over, with these files in it. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'berth-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Two own hosts of 4 cores, jobs of one core: two variants that differ in the choice of the host and in its price. */
export const BATCH = `name: two-racks
seed: 42
replications: 2
duration: 1h
workload:
  - jobs: { name: work, cpu: 1, memory: 1GiB, arrivals: { poisson: 2/min }, duration: { exponential: { mean: 3m } } }
variants:
  first:
    orchestrator: batch
    pools: { racks: { external: { hosts: 2, cpu: 4, memory: 16GiB, costPerHour: 0.5 } } }
  best:
    orchestrator: batch
    placement: best-fit
    pools: { racks: { external: { hosts: 2, cpu: 4, memory: 16GiB, costPerHour: 0.75 } } }
`;
