/**
 * Weighted, capped sharing of a host's CPU, as the kernel's fair scheduler does it (water-filling): nobody gets more
 * than it can use, and what is left over goes to the others in proportion to their weights.
 *
 *     out_i = min(demand_i, floor(level x weight_i))      level = the highest at which the sum stays <= capacity
 *
 * Units    ticks. Capacity and weights are whole numbers, weights positive (`cpuWeight`); a demand may be Infinity.
 * Exact    sum(out) <= capacity; out_i <= demand_i; of those with less than their demand, equal weights get equal ticks.
 *          Rounding down leaves less than one tick a contender unused. Demands that are no whole numbers make the sum
 *          exact to the last bits only.
 * Cost     O(count x rounds), no allocation; one round when the host is not contended, and rarely more than four.
 */
export function shareCpu(
  capacityTicks: number,
  demandTicks: ArrayLike<number>,
  weights: ArrayLike<number>,
  count: number,
  out: Float64Array | number[],
): void {
  for (let i = 0; i < count; i++) out[i] = UNDECIDED;
  let freeTicks = capacityTicks;
  for (;;) {
    const levelTicks = freeTicks;
    const weightSum = undecidedWeight(weights, count, out);
    let decided = 0;
    for (let i = 0; i < count; i++) {
      // demand <= level x weight / weightSum, without a division. Who is content stays so: the level only rises.
      const demand = demandTicks[i]!;
      if (out[i] !== UNDECIDED || demand * weightSum > levelTicks * weights[i]!) continue;
      out[i] = demand;
      freeTicks = Math.max(0, freeTicks - demand);
      decided++;
    }
    if (decided > 0) continue;
    for (let i = 0; i < count; i++) {
      if (out[i] === UNDECIDED) out[i] = Math.floor((freeTicks * weights[i]!) / weightSum);
    }
    return;
  }
}

/** In `out`: not yet known to be content. */
const UNDECIDED = -1;

function undecidedWeight(
  weights: ArrayLike<number>,
  count: number,
  out: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) if (out[i] === UNDECIDED) sum += weights[i]!;
  return sum;
}
