/** Arrivals at listed times, in rising order whatever the order of the list; a time given twice brings two. No draw. */

import { NEVER } from '../../base/units.ts';
import type { ArrivalProcess, ArrivalState } from './arrival-process.ts';
import { stateNumber } from './state-number.ts';

export function at(timesUs: readonly number[]): ArrivalProcess {
  return new At(timesUs);
}

class At implements ArrivalProcess {
  private readonly timesUs: readonly number[];
  private count = 0;

  constructor(timesUs: readonly number[]) {
    this.timesUs = timesUs.toSorted((a, b) => a - b);
  }

  nextUs(): number {
    const timeUs = this.timesUs[this.count];
    if (timeUs === undefined) return NEVER;
    this.count += 1;
    return timeUs;
  }

  save(): ArrivalState {
    return { count: this.count };
  }

  restore(state: ArrivalState): void {
    this.count = stateNumber(state, 'count');
  }
}
