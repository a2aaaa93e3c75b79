/** A cluster that several teams share, run whole: priorities evict, gangs come together, quotas hold back; over saves and restores. */

import { NO_INPUTS, experimentOf, runVariant } from '../../support/run-scenario.ts';
import { Streams } from '../../../src/random/streams.ts';
import { assemble } from '../../../src/scenario/assemble.ts';
import { describe, expect, it } from 'vitest';
import { resultOf } from '../../../src/experiment/run-cell.ts';
import type { Assembly } from '../../../src/scenario/assemble.ts';
import type { CellResult } from '../../../src/experiment/run-cell.ts';

const SHARED = `
name: shared
seed: 7
duration: 3h
workload:
  - jobs: { name: low, cpu: 1, memory: 1GiB, arrivals: { poisson: 1/min }, duration: { exponential: { mean: 12m } } }
  - jobs: { name: high, cpu: 3, memory: 2GiB, priority: 100, arrivals: { poisson: 6/h }, duration: 10m, terminationGrace: 20s }
  - jobs: { name: gang, cpu: 1500m, memory: 1GiB, gang: { tasks: 4, minimum: 3 }, arrivals: { poisson: 4/h }, duration: 10m }
  - jobs: { name: large, cpu: 40, memory: 1GiB, arrivals: { at: [5m] }, duration: 10m }
variants:
  shared:
    orchestrator: kubernetes
    distribution: self-managed
    gangScheduling: true
    quotas:
      one: { workloads: [low], cohort: all, cpu: 14 }
      two: { workloads: [gang], cohort: all, cpu: 4, strategy: StrictFIFO }
    pools:
      racks: { external: { hosts: 4, cpu: 4, memory: 16GiB, costPerHour: 0.1 } }
`;

const [variant] = experimentOf(SHARED).variants;
const SEED = 7;
const RESTORES = 20;

function fresh(): Assembly {
  return assemble(variant!, SEED, NO_INPUTS, { recordDecisions: true, ownPolicies: [] });
}

function hasDecision({ decisions }: CellResult, actor: string, decision: string): boolean {
  return decisions.some((row) => row.actor === actor && row.decision === decision);
}

describe('a shared cluster', () => {
  const whole = runVariant(variant!, SEED, true);

  it('evicts pods of lower priority, which come back, and admits by quota', () => {
    expect(hasDecision(whole, 'kube-scheduler', 'preempt')).toBe(true);
    expect(hasDecision(whole, 'kueue', 'admit')).toBe(true);
    const { evictions, tasksCompleted, tasksPending } = whole.summary;
    expect(evictions).toBeGreaterThan(3);
    expect(tasksCompleted).toBeGreaterThan(150);
    // The large one never fits.
    expect(tasksPending).toBeGreaterThan(0);
  });

  it('lets those of high priority wait for no longer than their victims take to stop', () => {
    const waits = whole.tasks
      .filter(({ workload, startedUs }) => workload === 'high' && startedUs !== null)
      .map(({ submittedUs, startedUs }) => startedUs! - submittedUs);
    expect(waits.length).toBeGreaterThan(10);
    // 20 s of grace, backoff and the start of a container; those that wait for one another come later.
    const quick = waits.filter((waitUs) => waitUs < 40_000_000);
    expect(quick.length / waits.length).toBeGreaterThan(0.6);
  });

  it(`ends the same after ${RESTORES} saves and restores at random steps`, () => {
    const stream = new Streams('shared-cluster').open('steps');
    const steps = Array.from({ length: RESTORES }, () =>
      Math.floor(stream.next() * whole.stepCount),
    ).sort((a, b) => a - b);
    let assembly = fresh();
    assembly.simulation.begin();
    for (const step of steps) {
      while (assembly.simulation.kernel.stepCount < step) assembly.simulation.step();
      const saved = structuredClone(assembly.simulation.save());
      assembly = fresh();
      assembly.simulation.restore(saved);
    }
    const again = resultOf(assembly, variant!, SEED, assembly.simulation.run());
    expect(again.summary).toEqual(whole.summary);
    expect(again.decisions).toEqual(whole.decisions);
    expect(again.stepCount).toBe(whole.stepCount);
  });
});
