/**
 * When a readiness probe first finds a container ready (kubernetes.md 2.3): it looks at once and then every period, but not
 * before the initial delay, and believes after so many successes in a row.
 *
 * Departs    probes take no time and never fail once the container answers; the kubelet's jitter just after its own start is left out.
 */

import { US_PER_SECOND } from '../base/units.ts';

export interface Probe {
  readonly initialDelayUs: number;
  readonly periodUs: number;
  readonly successThreshold: number;
}

export const DEFAULT_PROBE: Probe = {
  initialDelayUs: 0,
  periodUs: 10 * US_PER_SECOND,
  successThreshold: 1,
};

/** From the start of the container to ready, for one that could answer after `startupUs`. */
export function readyAfterUs(startupUs: number, probe: Probe | undefined): number {
  if (probe === undefined) return startupUs;
  const { initialDelayUs, periodUs, successThreshold } = probe;
  const firstSuccess = Math.ceil(Math.max(startupUs, initialDelayUs) / periodUs);
  return (firstSuccess + successThreshold - 1) * periodUs;
}
