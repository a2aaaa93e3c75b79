/**
 * A zone that is out for a time: every machine in it fails at once and comes back, empty of what ran, when the zone does.
 * What is launched there meanwhile does not come up.
 */

export interface ZoneOutage {
  /** Row of the zone. */
  readonly zone: number;
  readonly fromUs: number;
  /** The first moment at which the zone is back. */
  readonly untilUs: number;
}

export function isZoneOut(outages: readonly ZoneOutage[], zone: number, nowUs: number): boolean {
  return outages.some((one) => one.zone === zone && one.fromUs <= nowUs && nowUs < one.untilUs);
}
