/**
 * A Poisson process whose rate follows a given course, for example the hours of a day; by thinning.
 *
 *   candidates come as a Poisson process of the maximum rate; the one at t is kept with probability rate(t) / maximum
 *
 * Cost    Two draws a candidate, maximum / mean rate candidates an arrival.
 * End     Nothing arrives at or after `endUs`: a course that stays at 0 would otherwise be searched for ever.
 * Source  P. Lewis, G. Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", 1979.
 */

import { assert } from '../../base/assert.ts';
import { NEVER, US_PER_SECOND } from '../../base/units.ts';
import { sample } from '../../random/sampler.ts';
import type { Distribution } from '../../random/distribution.ts';
import type { Stream } from '../../random/streams.ts';
import type { ArrivalProcess, ArrivalState } from './arrival-process.ts';
import { stateNumber } from './state-number.ts';

/** Arrivals a second at a time since the start of the run. */
export interface RateOverTime {
  rateAt(timeUs: number): number;
}

/** `maximumPerSecond` may not be below any rate of the course. */
export function varyingPoisson(
  rate: RateOverTime,
  maximumPerSecond: number,
  endUs: number,
  stream: Stream,
): ArrivalProcess {
  return new VaryingPoisson(rate, maximumPerSecond, endUs, stream);
}

class VaryingPoisson implements ArrivalProcess {
  private readonly rate: RateOverTime;
  private readonly maximumPerSecond: number;
  private readonly endUs: number;
  private readonly stream: Stream;
  private readonly gapsUs: Distribution;
  private atUs = 0;

  constructor(rate: RateOverTime, maximumPerSecond: number, endUs: number, stream: Stream) {
    assert(maximumPerSecond > 0, () => `the maximum rate of arrivals is ${maximumPerSecond}`);
    assert(endUs < NEVER, 'arrivals of varying rate need an end');
    this.rate = rate;
    this.maximumPerSecond = maximumPerSecond;
    this.endUs = endUs;
    this.stream = stream;
    this.gapsUs = { kind: 'exponential', mean: US_PER_SECOND / maximumPerSecond };
  }

  nextUs(): number {
    while (this.atUs < this.endUs) {
      this.atUs += sample(this.gapsUs, this.stream);
      const ratePerSecond = this.rate.rateAt(this.atUs);
      assert(
        ratePerSecond <= this.maximumPerSecond,
        () => `rate ${ratePerSecond}/s at ${this.atUs} us is above ${this.maximumPerSecond}/s`,
      );
      const isKept = this.stream.next() * this.maximumPerSecond < ratePerSecond;
      if (isKept && this.atUs < this.endUs) return Math.round(this.atUs);
    }
    return NEVER;
  }

  save(): ArrivalState {
    return { atUs: this.atUs };
  }

  restore(state: ArrivalState): void {
    this.atUs = stateNumber(state, 'atUs');
  }
}
