/** Arrivals at whole multiples of a period, the first after one period. No draw. */

import { assert } from '../../base/assert.ts';
import type { ArrivalProcess, ArrivalState } from './arrival-process.ts';
import { stateNumber } from './state-number.ts';

export function every(periodUs: number): ArrivalProcess {
  return new Every(periodUs);
}

class Every implements ArrivalProcess {
  private readonly periodUs: number;
  private count = 0;

  constructor(periodUs: number) {
    assert(periodUs > 0, () => `the period of arrivals is ${periodUs} us`);
    this.periodUs = periodUs;
  }

  nextUs(): number {
    this.count += 1;
    return Math.round(this.count * this.periodUs);
  }

  save(): ArrivalState {
    return { count: this.count };
  }

  restore(state: ArrivalState): void {
    this.count = stateNumber(state, 'count');
  }
}
