/**
 * The quantities of the model, all integers, so that sums and comparisons are exact.
 *
 *   time     microseconds in a double (exact to 285 years)
 *   CPU      ticks of 1/128,000 core: a Kubernetes milli-core is 128 ticks, an ECS CPU unit (1/1024 core) 125
 *   memory   bytes in a double
 *   GPU      milli-GPU of one device
 *   money    prices in nano-USD per unit, bill lines in micro-USD (see cloud/billing)
 */

export const US_PER_MS = 1_000;
export const US_PER_SECOND = 1_000_000;
export const US_PER_MINUTE = 60 * US_PER_SECOND;
export const US_PER_HOUR = 3_600 * US_PER_SECOND;
export const US_PER_DAY = 24 * US_PER_HOUR;

/** Later than every event of every run, and safe to compare: no finite time reaches it. */
export const NEVER = Infinity;

export const TICKS_PER_CORE = 128_000;
export const TICKS_PER_MILLI = 128;
export const TICKS_PER_ECS_UNIT = 125;

export const KIB = 1_024;
export const MIB = 1_048_576;
export const GIB = 1_073_741_824;

export const MILLI_PER_GPU = 1_000;

export const NANO_USD_PER_USD = 1_000_000_000;
export const MICRO_USD_PER_USD = 1_000_000;

/** Milli-cores of a tick count, as printed in CSV: exact for whole milli-cores, a fraction for odd ECS units. */
export function ticksToMilli(ticks: number): number {
  return ticks / TICKS_PER_MILLI;
}

/** Seconds of a time in microseconds, as printed in CSV. */
export function usToSeconds(timeUs: number): number {
  return timeUs / US_PER_SECOND;
}
