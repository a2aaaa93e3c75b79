/**
 * The spot price of one pool (an instance type in a zone) over time. The same for every variant.
 *
 *     price(k)  = on-demand x (1 - saving) x exp(zone) x exp(x(k)), clipped to [floor x on-demand, on-demand]
 *     x(k + 1)  = a x(k) + sigma sqrt(1 - a^2) z(k + 1),  x(0) = sigma z(0),  a = 2 ^ (-period / half-life)
 *
 * zone and z are normal, drawn by (seed, pool, k); the price changes once a period, x is in its steady state from the start.
 * Rounding    to nano-USD. A mean over a time is rounded once.
 * Cost        steps are made as far as anyone has asked, and kept; nothing is saved.
 * Source      aws.md 8.5 (all of it an assumption).
 */

import { US_PER_HOUR } from '../../base/units.ts';
import { CounterDraws, counterUniform } from '../../random/counter-hash.ts';
import { normalQuantile } from '../../random/normal-quantile.ts';
import { exp, pow } from '../../random/portable-math.ts';
import type { AssumedParameters } from '../assumptions.ts';

const PERIOD_US = US_PER_HOUR;

export class SpotPrice {
  private readonly baseNanoUsd: number;
  private readonly lowNanoUsd: number;
  private readonly highNanoUsd: number;
  private readonly sigma: number;
  private readonly decay: number;
  private readonly draws: CounterDraws;
  private readonly deviations: number[] = [];

  /** `baseNanoUsd`: the mean spot price an hour; `pool` names it: `us-east-1a/m5.large`. */
  constructor(
    baseNanoUsd: number,
    onDemandNanoUsd: number,
    parameters: AssumedParameters,
    seed: string | number,
    pool: string,
  ) {
    const zone = normalQuantile(counterUniform(seed, `spot-zone-price/${pool}`, 0));
    this.baseNanoUsd = baseNanoUsd * exp(parameters.get('spot.zone-price-sigma') * zone);
    this.lowNanoUsd = onDemandNanoUsd * parameters.get('spot.price-floor-fraction');
    this.highNanoUsd = onDemandNanoUsd;
    this.sigma = parameters.get('spot.price-sigma');
    this.decay = pow(2, -1 / parameters.get('spot.price-half-life-h'));
    this.draws = new CounterDraws(seed, `spot-price/${pool}`);
  }

  /** Nano-USD an hour. */
  at(timeUs: number): number {
    return this.ofPeriod(Math.floor(timeUs / PERIOD_US));
  }

  /** The mean over [fromUs, untilUs), by time; the price at `fromUs` when that is empty. */
  mean(fromUs: number, untilUs: number): number {
    if (untilUs <= fromUs) return this.at(fromUs);
    let sum = 0n;
    let atUs = fromUs;
    while (atUs < untilUs) {
      const period = Math.floor(atUs / PERIOD_US);
      const nextUs = Math.min(untilUs, (period + 1) * PERIOD_US);
      sum += BigInt(this.ofPeriod(period)) * BigInt(nextUs - atUs);
      atUs = nextUs;
    }
    const lengthUs = BigInt(untilUs - fromUs);
    return Number((2n * sum + lengthUs) / (2n * lengthUs));
  }

  private ofPeriod(period: number): number {
    while (this.deviations.length <= period) this.deviations.push(this.nextDeviation());
    const price = this.baseNanoUsd * exp(this.deviations[period]!);
    return Math.round(Math.min(Math.max(price, this.lowNanoUsd), this.highNanoUsd));
  }

  private nextDeviation(): number {
    const { deviations, decay, sigma } = this;
    const draw = normalQuantile(this.draws.uniform(deviations.length));
    if (deviations.length === 0) return sigma * draw;
    return decay * deviations.at(-1)! + sigma * Math.sqrt(1 - decay * decay) * draw;
  }
}
