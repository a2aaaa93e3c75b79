/**
 * The measured scale-out of an HPA and Karpenter (aws-samples/sample-eks-hpa-scaleout-benchmark, commit 9084cbc2, MIT-0; the run
 * without a buffer of 2026-09-04), and the same of runs of the scenario.
 *
 * Waits     of pods that were created after the spike, in seconds. One that was scheduled within 5 s found room on a node.
 * Quartiles of 157 pods that were told: 83 waited for a node, 74 did not.
 */

import { cellsOf } from '../../src/experiment/cells.ts';
import { runCell } from '../../src/experiment/run-cell.ts';
import { NO_INPUTS } from './run-scenario.ts';
import { US_PER_SECOND } from '../../src/base/units.ts';
import type { Experiment } from '../../src/scenario/experiment.ts';

/** When the load rises, in the scenario. */
export const SPIKE_S = 200;
const ROOM_S = 5;

export const MEASURED = {
  quartilesS: {
    'created to scheduled, new node': [28, 29, 30],
    'scheduled to ready, new node': [10, 11, 14],
    'scheduled to ready, node with room': [6, 9, 17],
  },
  /** Seconds since the spike, and pods that were ready. */
  ready: [
    [0, 10],
    [25, 10],
    [50, 18],
    [75, 18],
    [100, 20],
    [122, 38],
    [145, 38],
    [172, 51],
    [197, 52],
    [223, 74],
    [248, 76],
    [280, 88],
    [306, 88],
    [332, 144],
    [357, 148],
    [382, 166],
  ],
} as const;

export type Part = keyof typeof MEASURED.quartilesS;

interface PodTimes {
  readonly createdS: number;
  readonly scheduledS: number;
  readonly readyS: number;
}

/** Pods of each replication that became ready. */
export function podsOf(experiment: Experiment, replications: number): PodTimes[][] {
  return cellsOf(experiment)
    .slice(0, replications)
    .map(({ variant, seed }) => {
      const settings = experiment.variants.find(({ name }) => name === variant)!;
      const options = { recordDecisions: false, policies: [] };
      const { tasks } = runCell(settings, seed, NO_INPUTS, options);
      const sinceSpikeS = (us: number) => us / US_PER_SECOND - SPIKE_S;
      return tasks
        .filter(({ workload, readyUs }) => workload === 'app' && readyUs !== null)
        .map(({ submittedUs, placedUs, readyUs }) => ({
          createdS: sinceSpikeS(submittedUs),
          scheduledS: sinceSpikeS(placedUs!),
          readyS: sinceSpikeS(readyUs!),
        }));
    });
}

export function medianOf(pods: readonly PodTimes[], part: Part): number {
  const waits = pods
    .filter(({ createdS }) => createdS >= 0)
    .filter(({ createdS, scheduledS }) => {
      return scheduledS - createdS > ROOM_S !== part.endsWith('room');
    })
    .map(({ createdS, scheduledS, readyS }) =>
      part.startsWith('created') ? scheduledS - createdS : readyS - scheduledS,
    )
    .sort((a, b) => a - b);
  return waits[waits.length >> 1]!;
}

export function readyAt(pods: readonly PodTimes[], secondsAfterSpike: number): number {
  return pods.filter(({ readyS }) => readyS <= secondsAfterSpike).length;
}
