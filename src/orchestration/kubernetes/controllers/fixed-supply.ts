/** Jobs of a manifest: one at a stated time, or as a CronJob says; all pods alike. */

import { NEVER } from '../../../base/units.ts';
import type { JobSupply, PodDraw } from './job-controller.ts';

export class FixedSupply implements JobSupply {
  nextUs: number;
  private readonly spec: number;
  private readonly durationUs: number;

  /** `atUs` is NEVER for Jobs that a clock starts. */
  constructor(spec: number, durationUs: number, atUs: number) {
    this.spec = spec;
    this.durationUs = durationUs;
    this.nextUs = atUs;
  }

  take(into: PodDraw): void {
    this.again(into);
    this.nextUs = NEVER;
  }

  again(into: PodDraw): void {
    into.spec = this.spec;
    into.durationUs = this.durationUs;
    into.workTickUs = 0;
  }

  /** JSON has no Infinity. */
  save(): number | null {
    return this.nextUs === NEVER ? null : this.nextUs;
  }

  restore(nextUs: number | null): void {
    this.nextUs = nextUs ?? NEVER;
  }
}
