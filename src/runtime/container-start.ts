/**
 * How long a container takes from image present to process running: sandbox, network, start. Lognormal noise, drawn by
 * (seed, task number), so that the same task takes as long under every policy that creates it.
 * Source: aws.md 9 (1-3 s, sigma 0.15), both in the register of assumed parameters.
 */

import { NoisyLatency } from '../cloud/latency-noise.ts';
import type { AssumedParameters } from '../cloud/assumptions.ts';

/** Start times of the containers of one workload, by the ordinal of the task; the seed names the workload. */
export function containerStarts(
  parameters: AssumedParameters,
  seed: string | number,
): NoisyLatency {
  const medianUs = parameters.us('container.start-s');
  return new NoisyLatency(medianUs, parameters.get('latency.noise-sigma'), seed, 'container');
}
