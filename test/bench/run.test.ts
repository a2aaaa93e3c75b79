import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROGRAMS, programsLike } from '../../bench/runner/programs.ts';
import type { Results } from '../../bench/runner/results.ts';

it('a pattern chooses programs by a part of their names, with * for anything', () => {
  const names = (pattern?: string) => programsLike(pattern).map(({ name }) => name);
  expect(names('kernel')).toEqual(['kernel/hold']);
  expect(names('w*rows')).toEqual(['report/write-rows']);
  expect(names('x.y')).toEqual([]);
  expect(names()).toEqual(PROGRAMS.map(({ name }) => name));
});

it('every program runs in small, prints figures and does the same as its twins', () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-bench-test-'));
  try {
    const args = ['--import', 'tsx', 'bench/run.ts', '--smoke', '--out', folder];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status, `${stdout}${stderr}`).toBe(0);
    const results = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
    expect(results.size).toBe('smoke');
    expect(results.programs.map(({ program }) => program)).toEqual(
      PROGRAMS.map(({ name }) => name),
    );
    for (const { figures, peakMemoryBytes } of results.programs) {
      expect(figures.length).toBeGreaterThan(0);
      // Node alone takes more than 20 MiB.
      expect(peakMemoryBytes).toBeGreaterThan(20 * 1_048_576);
      for (const figure of figures) {
        expect(figure).toMatchObject({ agree: true });
        expect(figure.ratio).toBeGreaterThan(0);
        expect(stdout).toContain(figure.hash);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
