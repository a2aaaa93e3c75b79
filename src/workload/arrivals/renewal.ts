/**
 * Arrivals with independent gaps of one distribution: the k-th arrival is at the sum of the first k gaps.
 * One draw an arrival. Gaps are in microseconds and may not be negative.
 */

import { assert } from '../../base/assert.ts';
import type { Distribution } from '../../random/distribution.ts';
import { sample } from '../../random/sampler.ts';
import type { Stream } from '../../random/streams.ts';
import type { ArrivalProcess, ArrivalState } from './arrival-process.ts';
import { stateNumber } from './state-number.ts';

export function renewal(gapsUs: Distribution, stream: Stream): ArrivalProcess {
  return new Renewal(gapsUs, stream);
}

class Renewal implements ArrivalProcess {
  private readonly gapsUs: Distribution;
  private readonly stream: Stream;
  private atUs = 0;

  constructor(gapsUs: Distribution, stream: Stream) {
    this.gapsUs = gapsUs;
    this.stream = stream;
  }

  nextUs(): number {
    const gapUs = sample(this.gapsUs, this.stream);
    assert(
      gapUs >= 0,
      () => `a gap between arrivals is ${gapUs} us; the distribution goes below 0`,
    );
    this.atUs += gapUs;
    return Math.round(this.atUs);
  }

  save(): ArrivalState {
    return { atUs: this.atUs };
  }

  restore(state: ArrivalState): void {
    this.atUs = stateNumber(state, 'atUs');
  }
}
