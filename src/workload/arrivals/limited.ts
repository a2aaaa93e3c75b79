/** The first `limit` arrivals of another process; after them none, and no further draw. */

import { NEVER } from '../../base/units.ts';
import type { ArrivalProcess, ArrivalState } from './arrival-process.ts';
import { stateNumber } from './state-number.ts';

export function limited(process: ArrivalProcess, limit: number): ArrivalProcess {
  return new Limited(process, limit);
}

class Limited implements ArrivalProcess {
  private readonly process: ArrivalProcess;
  private remaining: number;

  constructor(process: ArrivalProcess, limit: number) {
    this.process = process;
    this.remaining = limit;
  }

  nextUs(): number {
    if (this.remaining === 0) return NEVER;
    this.remaining -= 1;
    return this.process.nextUs();
  }

  save(): ArrivalState {
    return { ...this.process.save(), remaining: this.remaining };
  }

  restore(state: ArrivalState): void {
    this.process.restore(state);
    this.remaining = stateNumber(state, 'remaining');
  }
}
