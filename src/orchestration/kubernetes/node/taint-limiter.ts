/** One zone's token bucket of NoExecute taints: burst 1, full at first. A new rate starts empty when the old had no token. */

import { NEVER, US_PER_SECOND } from '../../../base/units.ts';

export interface TaintLimiterState {
  readonly perSecond: number;
  readonly tokenUs: number;
}

export class TaintLimiter {
  private perSecond: number;
  /** When the next token is there. */
  private tokenUs: number;

  constructor({ perSecond, tokenUs }: TaintLimiterState) {
    this.perSecond = perSecond;
    this.tokenUs = tokenUs;
  }

  /** Takes the token when it is there. */
  take(nowUs: number): boolean {
    if (nowUs < this.nextUs) return false;
    this.tokenUs = nowUs + this.gapUs;
    return true;
  }

  setRate(perSecond: number, nowUs: number): void {
    const hadToken = nowUs >= this.nextUs;
    this.perSecond = perSecond;
    this.tokenUs = hadToken ? nowUs : nowUs + this.gapUs;
  }

  /** When the next token is there, or NEVER. */
  get nextUs(): number {
    return this.perSecond === 0 ? NEVER : this.tokenUs;
  }

  save(): TaintLimiterState {
    return { perSecond: this.perSecond, tokenUs: this.tokenUs };
  }

  private get gapUs(): number {
    return this.perSecond === 0 ? 0 : Math.round(US_PER_SECOND / this.perSecond);
  }
}
