import { expect, it } from 'vitest';
import { COVERED_MIN, SECONDS_PER_MINUTE, average, covered, loadTheory } from './coverage.ts';
import { US_PER_SECOND } from '../../src/base/units.ts';
import type { CellResult } from '../../src/experiment/run-cell.ts';

it('M/M/1 with processor sharing answers within 1 / (mu - lambda) on average', () => {
  // 1 / (1 - 0.7) = 3.333 min
  const expected = (1 / (1 - 0.7)) * SECONDS_PER_MINUTE;
  const experiment = loadTheory('mm1-ps.yaml');
  const { warmupUs } = experiment.variants[0]!.scenario;
  const responseOf = ({ tasks }: CellResult): number => {
    const counted = tasks.filter(
      (task) => task.submittedUs >= warmupUs && task.state === 'completed',
    );
    return average(counted.map((task) => (task.finishedUs! - task.submittedUs) / US_PER_SECOND));
  };
  expect(covered(experiment, responseOf, expected)).toBeGreaterThanOrEqual(COVERED_MIN);
});
