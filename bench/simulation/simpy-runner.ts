/** Finds a Python that has SimPy, and runs the queue there. */

import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { SERVERS } from './mmc-draws.ts';
import type { MmcRun } from './mmc-draws.ts';

interface SimPy {
  readonly python: string;
  readonly version: string;
}

const FOLDER = join(tmpdir(), 'berth-simpy');
const CANDIDATES = [join(FOLDER, 'bin', 'python'), 'python3'];

export const WITHOUT_SIMPY =
  `expected a Python with SimPy, found none: SimPy is left out. ` +
  `python3 -m venv ${FOLDER} && ${FOLDER}/bin/pip install simpy`;

export function findSimPy(): SimPy | undefined {
  for (const python of CANDIDATES) {
    const version = outputOf(python, ['-c', 'import simpy; print(simpy.__version__)']);
    if (version !== undefined) return { python, version: version.trim() };
  }
  return undefined;
}

export function runSimPy({ python }: SimPy, drawsFile: string): MmcRun {
  const program = fileURLToPath(new URL('mmc_simpy.py', import.meta.url));
  const printed = outputOf(python, [program, drawsFile, `${SERVERS}`]);
  if (printed === undefined) throw new Error(`${program} did not run to its end`);
  return JSON.parse(printed) as MmcRun;
}

function outputOf(python: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(python, args, { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
