import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../src/experiment/cells.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { notesOf, warningsOf } from '../../src/experiment/warnings.ts';
import { summaryMeans } from '../../src/experiment/summary-means.ts';
import { BATCH } from '../cli/command.ts';
import { outcome } from './outcome.ts';

describe('the cells of an experiment', () => {
  it('are the variants in order, each with the root seed first', () => {
    const cells = cellsOf(loadScenario(BATCH, 'batch.yaml'));
    expect(cells.map(({ variant }) => variant)).toEqual(['first', 'first', 'best', 'best']);
    expect(cells.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    const [root, derived] = cells.map(({ seed }) => seed);
    expect(root).toBe('42');
    expect(derived).toMatch(/^\d+$/);
    expect(cells.slice(2).map(({ seed }) => seed)).toEqual([root, derived]);
  });
});

describe('warnings', () => {
  it('name the first stuck run of a variant, and how many there are', () => {
    const outcomes = [
      outcome('a', '1'),
      outcome('a', '2', { ending: 'stuck', explanation: 'task 3 of work: no-room' }),
      outcome('a', '3', { ending: 'stuck', explanation: 'task 9 of work: no-room' }),
    ];
    expect(warningsOf(outcomes, [])).toEqual([
      'a: 2 of 3 runs got stuck; seed 2: task 3 of work: no-room.',
    ]);
  });

  it('say that a cost is unknown and that runs are missing', () => {
    const unknown = outcome('a', '1', {}, { costMicroUsd: null });
    expect(warningsOf([unknown], [{ index: 1, variant: 'b', seed: '1' }])).toEqual([
      'Interrupted: 1 of 2 runs are missing.',
      'a: its cost is unknown, since a price of its bill has no source.',
    ]);
  });

  it('come apart from notes, which stand once, with their variants unless all have them', () => {
    const outcomes = [
      outcome('a', '1', { notes: ['scans', 'guesses'] }),
      outcome('a', '2', { notes: ['scans'] }),
      outcome('b', '1', { notes: ['guesses'] }),
    ];
    expect(notesOf(outcomes)).toEqual(['a: scans', 'guesses']);
  });
});

it('means are over the replications in which a value is known, in the unit of the column', () => {
  const rows = [
    outcome('a', '1', {}, { costMicroUsd: 2_000_000, waitSecondsMean: null }).summary,
    outcome('a', '2', {}, { costMicroUsd: 4_000_000, waitSecondsMean: 3 }).summary,
    outcome('b', '1', {}, { costMicroUsd: null }).summary,
  ];
  const means = summaryMeans(rows);
  expect(means.get('a')?.get('cost_usd')).toBe(3); // (2 + 4) / 2 USD
  expect(means.get('a')?.get('wait_s_mean')).toBe(3);
  expect(means.get('b')?.has('cost_usd')).toBe(false);
  expect(means.get('a')?.has('digest')).toBe(false);
});
