import { assert } from '../../base/assert.ts';
import { US_PER_SECOND } from '../../base/units.ts';
import type { Stream } from '../../random/streams.ts';
import type { ArrivalProcess } from './arrival-process.ts';
import { renewal } from './renewal.ts';

/** A Poisson process: independent exponential gaps of mean 1 / rate. One draw an arrival. */
export function poisson(ratePerSecond: number, stream: Stream): ArrivalProcess {
  assert(ratePerSecond > 0, () => `the rate of a Poisson process is ${ratePerSecond} a second`);
  return renewal({ kind: 'exponential', mean: US_PER_SECOND / ratePerSecond }, stream);
}
