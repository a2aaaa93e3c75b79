/**
 * The engine against queueing theory: means whose closed form is known must lie inside the intervals of the run. A
 * right engine misses one 95 % interval in 20; the files say why warm-up and length are enough.
 */

import { readFileSync } from 'node:fs';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { expect, it } from 'vitest';
import { NO_INPUTS, experimentOf, runVariant } from '../support/run-scenario.ts';
import { US_PER_HOUR, US_PER_SECOND } from '../../src/base/units.ts';
import { assemble } from '../../src/scenario/assemble.ts';
import { replicationSeed } from '../../src/random/replication-seed.ts';
import type { CellResult } from '../../src/experiment/run-cell.ts';
import type { Experiment } from '../../src/scenario/experiment.ts';

const ROOT_SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);
const REPLICATIONS = 5;
const COVERED_MIN = 18;
const SECONDS_PER_MINUTE = 60;

function load(file: string): Experiment {
  return experimentOf(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

/** How many of the root seeds have `expected` inside the Student-t interval over their replications. */
function covered(
  { variants }: Experiment,
  meanOf: (result: CellResult) => number,
  expected: number,
): number {
  return ROOT_SEEDS.filter((root) => {
    const means = Array.from({ length: REPLICATIONS }, (_, replication) =>
      meanOf(runVariant(variants[0]!, replicationSeed(root, replication))),
    );
    const mean = average(means);
    const variance =
      means.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (means.length - 1);
    const half = tQuantile(0.975, means.length - 1) * Math.sqrt(variance / means.length);
    return Math.abs(mean - expected) <= half;
  }).length;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Chance that an arrival of M/M/c with offered load `load` has to wait. */
function erlangC(servers: number, load: number): number {
  let term = 1;
  let sum = 0;
  for (let k = 0; k < servers; k++) {
    sum += term;
    term *= load / (k + 1);
  }
  const waiting = term / (1 - load / servers);
  return waiting / (sum + waiting);
}

it('M/M/1 waits rho / (mu - lambda) on average', () => {
  // 0.7 / (1 - 0.7) = 2.333 min
  const expected = (0.7 / (1 - 0.7)) * SECONDS_PER_MINUTE;
  const hits = covered(load('mm1.yaml'), ({ summary }) => summary.waitSecondsMean!, expected);
  expect(hits).toBeGreaterThanOrEqual(COVERED_MIN);
});

it('M/M/4 waits C(4, 3.2) / (4 mu - lambda) on average', () => {
  expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
  // C(4, 3.2) = (3.2^4/4!)/(1-0.8) / (1 + 3.2 + 3.2^2/2 + 3.2^3/6 + 21.845) = 21.845 / 36.627 = 0.5964
  const expected = (erlangC(4, 3.2) / (4 - 3.2)) * SECONDS_PER_MINUTE;
  expect(erlangC(4, 3.2)).toBeCloseTo(0.5964, 4);
  const hits = covered(load('mmc.yaml'), ({ summary }) => summary.waitSecondsMean!, expected);
  expect(hits).toBeGreaterThanOrEqual(COVERED_MIN);
});

it('M/M/1 with processor sharing answers within 1 / (mu - lambda) on average', () => {
  // 1 / (1 - 0.7) = 3.333 min
  const expected = (1 / (1 - 0.7)) * SECONDS_PER_MINUTE;
  const experiment = load('mm1-ps.yaml');
  const { warmupUs } = experiment.variants[0]!.scenario;
  const responseOf = ({ tasks }: CellResult): number => {
    const counted = tasks.filter(
      (task) => task.submittedUs >= warmupUs && task.state === 'completed',
    );
    return average(counted.map((task) => (task.finishedUs! - task.submittedUs) / US_PER_SECOND));
  };
  expect(covered(experiment, responseOf, expected)).toBeGreaterThanOrEqual(COVERED_MIN);
});

it("Little's law holds to the microsecond: tasks pending on average = arrival rate x mean wait", () => {
  const { variants } = load('mm1.yaml');
  const variant = { ...variants[0]!, scenario: { ...variants[0]!.scenario, warmupUs: 0 } };
  const { simulation, cluster } = assemble(variant, 1, NO_INPUTS, {
    recordDecisions: false,
    ownPolicies: [],
  });
  simulation.begin();
  const endUs = 40 * US_PER_HOUR;
  let pendingUs = 0;
  let lastUs = 0;
  while (simulation.kernel.calendar.nextTimeUs() <= endUs) {
    const pending = cluster.totals.tasksPending;
    simulation.step();
    pendingUs += pending * (simulation.kernel.nowUs - lastUs);
    lastUs = simulation.kernel.nowUs;
  }
  pendingUs += cluster.totals.tasksPending * (endUs - lastUs);
  // L = lambda W with lambda = n / T and W = sum / n, times T: pending x time = sum of waits, in whole microseconds.
  const waits = runVariant(variant, 1).tasks.map((task) => task.waitUs!);
  expect(waits.length).toBe(cluster.tasks.count);
  expect(pendingUs).toBe(waits.reduce((sum, wait) => sum + wait, 0));
});
