/**
 * When EC2 runs short of one spot pool (an instance type in a zone) and takes machines back. The same for every variant.
 *
 *     shortages       a Poisson process of the pool, rate = hazard / share
 *     strikes         each running machine of the pool with probability `share`, all at the instant at which the shortage begins
 *     short           from then on for an exponential time: the pool launches nothing meanwhile
 *
 * Calibrated  a machine is struck at rate (hazard / share) x share = hazard, whatever the share: the published band holds for one
 *             machine, and the share says how many go together.
 * Drawn       shortage k by (seed, pool, k), whether it takes a machine by (seed, pool, machine, k): any order of questions.
 * Cost        times are made as far as anyone has asked, and kept; they are a function of seed and pool, so nothing is saved.
 * Departs     the machines of one shortage go at one instant; in traces the fall takes minutes.
 * Source      aws.md 2.2 (hazard), 8.5; share and length from public traces of availability, see the register.
 */

import { NEVER, US_PER_HOUR } from '../../base/units.ts';
import { CounterDraws } from '../../random/counter-hash.ts';
import { ln } from '../../random/portable-math.ts';

export interface ShortageProcess {
  /** Of one machine. */
  readonly hazardPerHour: number;
  /** Part of the machines that a shortage takes, above 0. */
  readonly share: number;
  /** Mean length of a shortage. */
  readonly lengthUs: number;
}

export class SpotShortages {
  private readonly process: ShortageProcess;
  private readonly seed: string | number;
  private readonly pool: string;
  private readonly gaps: CounterDraws;
  private readonly lengths: CounterDraws;
  /** Beginnings so far, in order. */
  private readonly beginsUs: number[] = [];

  /** `pool` names it: `us-east-1a/m5.large`. */
  constructor(process: ShortageProcess, seed: string | number, pool: string) {
    this.process = process;
    this.seed = seed;
    this.pool = pool;
    this.gaps = new CounterDraws(seed, `spot-shortage/${pool}`);
    this.lengths = new CounterDraws(seed, `spot-shortage-length/${pool}`);
  }

  /** First time after `afterUs` at which a shortage takes this machine; NEVER at hazard 0. */
  strikeUs(afterUs: number, machine: string): number {
    const { hazardPerHour, share } = this.process;
    if (hazardPerHour === 0) return NEVER;
    if (hazardPerHour === Infinity) return afterUs;
    const draws = new CounterDraws(this.seed, `spot-strike/${this.pool}/${machine}`);
    let shortage = this.firstAfter(afterUs);
    while (draws.uniform(shortage) >= share) shortage++;
    return this.beginUs(shortage);
  }

  isShort(nowUs: number): boolean {
    const { hazardPerHour } = this.process;
    if (hazardPerHour === 0 || hazardPerHour === Infinity) return false;
    const until = this.firstAfter(nowUs);
    for (let shortage = until - 1; shortage >= 0; shortage--) {
      if (this.beginUs(shortage) + this.lengthUs(shortage) > nowUs) return true;
    }
    return false;
  }

  private firstAfter(timeUs: number): number {
    let shortage = 0;
    while (this.beginUs(shortage) <= timeUs) shortage++;
    return shortage;
  }

  private beginUs(shortage: number): number {
    const { hazardPerHour, share } = this.process;
    while (this.beginsUs.length <= shortage) {
      const next = this.beginsUs.length;
      const hours = (-ln(1 - this.gaps.uniform(next)) * share) / hazardPerHour;
      this.beginsUs.push((this.beginsUs[next - 1] ?? 0) + Math.ceil(hours * US_PER_HOUR));
    }
    return this.beginsUs[shortage]!;
  }

  private lengthUs(shortage: number): number {
    return -ln(1 - this.lengths.uniform(shortage)) * this.process.lengthUs;
  }
}
