import { describe, expect, it } from 'vitest';
import { SEVEN } from '../support/seven-variants.ts';
import { SEVEN_RESULTS } from '../support/seven-results.ts';
import { runVariant } from '../support/run-scenario.ts';
import type { CellResult } from '../../src/experiment/run-cell.ts';

describe.each(SEVEN_RESULTS)('%s', (name, first) => {
  const variant = SEVEN.variants.find((one) => one.name === name)!;

  it('gives the same rows and digest for the same seed', () => {
    expect(runVariant(variant, SEVEN.seed)).toEqual(first);
  });

  it('gives another digest for another seed', () => {
    expect(runVariant(variant, 'another').summary.digest).not.toBe(first.summary.digest);
  });
});

describe('common random numbers', () => {
  /** The jobs as they were born, in order; a retry is not a birth. */
  const births = ({ tasks }: CellResult) =>
    tasks
      .filter(({ workload, origin, task }) => workload === 'batch' && origin === task)
      .sort((a, b) => a.submittedUs - b.submittedUs)
      .map(({ submittedUs, cpuMilli, memoryBytes }) => [submittedUs, cpuMilli, memoryBytes]);

  /** Run time of each job that was left in peace, by its time of birth. */
  const durations = ({ tasks }: CellResult) =>
    new Map(
      tasks
        .filter(
          ({ workload, origin, task, state }) =>
            workload === 'batch' && origin === task && state === 'completed',
        )
        .map(({ submittedUs, startedUs, finishedUs }) => [submittedUs, finishedUs! - startedUs!]),
    );

  const [, base] = SEVEN_RESULTS[0]!;

  it.each(SEVEN_RESULTS.slice(1))(
    '%s has the same jobs at the same times as the first variant',
    (_name, other) => {
      expect(births(base).length).toBeGreaterThan(300);
      expect(births(other)).toEqual(births(base));
    },
  );

  it.each(SEVEN_RESULTS.slice(1))(
    '%s has jobs as long as those of the first variant',
    (_name, other) => {
      const lengths = durations(base);
      const common = [...durations(other)].filter(([bornUs]) => lengths.has(bornUs));
      expect(common.length).toBeGreaterThan(100);
      for (const [bornUs, us] of common)
        expect([bornUs, us]).toEqual([bornUs, lengths.get(bornUs)]);
    },
  );
});
