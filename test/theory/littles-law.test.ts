import { expect, it } from 'vitest';
import { NO_INPUTS, runVariant } from '../support/run-scenario.ts';
import { assemble } from '../../src/scenario/assemble.ts';
import { loadTheory } from './coverage.ts';

it("Little's law holds to the microsecond: tasks pending on average = arrival rate x mean wait", () => {
  const { variants } = loadTheory('mm1.yaml');
  const variant = { ...variants[0]!, scenario: { ...variants[0]!.scenario, warmupUs: 0 } };
  const { simulation, cluster } = assemble(variant, 1, NO_INPUTS, {
    recordDecisions: false,
    ownPolicies: [],
  });
  simulation.begin();
  const endUs = variant.scenario.durationUs;
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
