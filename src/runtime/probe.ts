/**
 * What the probes of a container find out in one run of it (kubernetes.md 2.3): each looks every period from the start of the
 * container, but not before its initial delay, and believes after so many answers, or failures, in a row.
 *
 *     start -- could answer at `startup` -------- hangs at `hang`: answers nobody any more
 *     startup     holds the other two back until the first success; kills after `failureThreshold` looks in vain
 *     readiness   ready after `successThreshold` successes, not ready any more after `failureThreshold` failures
 *     liveness    kills after `failureThreshold` failures: of a container that hangs, or that takes longer to start than it waits
 *
 * Failures   one that is not up yet refuses at once, one that hangs lets the last look wait for its timeout.
 * Departs    looks that succeed take no time; the kubelet's jitter just after its own start is left out.
 */

import { NEVER, US_PER_SECOND } from '../base/units.ts';

export interface Probe {
  readonly initialDelayUs: number;
  readonly periodUs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
  readonly timeoutUs: number;
}

export const DEFAULT_PROBE: Probe = {
  initialDelayUs: 0,
  periodUs: 10 * US_PER_SECOND,
  successThreshold: 1,
  failureThreshold: 3,
  timeoutUs: US_PER_SECOND,
};

/** Those of one container; absent ones find everything well. */
export interface Probes {
  readonly readiness?: Probe;
  readonly liveness?: Probe;
  readonly startup?: Probe;
}

/** Times since the start of the run; NEVER for what does not happen. */
export interface HealthCourse {
  readonly readyUs: number;
  /** It was ready and is found not to be. */
  readonly unreadyUs: number;
  /** It is told to end, to be started again. */
  readonly killUs: number;
}

/** Of a container that could answer from `startupUs` on, until `hangUs`. */
export function healthCourse(startupUs: number, hangUs: number, probes: Probes): HealthCourse {
  const { readiness, liveness, startup } = probes;
  const upUs = startup === undefined ? 0 : lookAfter(startup, startupUs);
  if (startup !== undefined) {
    const lastUs = lookAfter(startup, 0) + (startup.failureThreshold - 1) * startup.periodUs;
    if (upUs > lastUs || upUs >= hangUs) {
      return { readyUs: NEVER, unreadyUs: NEVER, killUs: lastUs };
    }
  }
  const killUs = liveness === undefined ? NEVER : deadAfterUs(startupUs, hangUs, upUs, liveness);
  if (readiness === undefined) {
    return { readyUs: Math.max(startupUs, upUs), unreadyUs: NEVER, killUs };
  }
  const readyUs = readyAfterUs(startupUs, readiness, upUs);
  if (readyUs >= hangUs) return { readyUs: NEVER, unreadyUs: NEVER, killUs };
  return { readyUs, unreadyUs: hangFoundUs(hangUs, readiness, upUs), killUs };
}

/**
 * From the start of the container to ready, for one that could answer after `startupUs`. A startup probe that succeeded at
 * `upUs` has the readiness probe look at once.
 */
export function readyAfterUs(startupUs: number, probe: Probe | undefined, upUs = 0): number {
  if (probe === undefined) return startupUs;
  const { initialDelayUs, periodUs, successThreshold } = probe;
  const first = upUs >= Math.max(startupUs, initialDelayUs) ? upUs : lookAfter(probe, startupUs);
  return successThreshold === 1
    ? first
    : (Math.floor(first / periodUs) + successThreshold - 1) * periodUs;
}

/** The first look at a time or after it. */
function lookAfter({ initialDelayUs, periodUs }: Probe, atUs: number): number {
  return Math.ceil(Math.max(atUs, initialDelayUs) / periodUs) * periodUs;
}

function deadAfterUs(startupUs: number, hangUs: number, upUs: number, probe: Probe): number {
  const { periodUs, failureThreshold } = probe;
  const tooLateUs = lookAfter(probe, upUs) + (failureThreshold - 1) * periodUs;
  return tooLateUs < startupUs ? tooLateUs : hangFoundUs(hangUs, probe, upUs);
}

function hangFoundUs(hangUs: number, probe: Probe, upUs: number): number {
  if (hangUs === NEVER) return NEVER;
  const { periodUs, failureThreshold, timeoutUs } = probe;
  return lookAfter(probe, Math.max(hangUs, upUs)) + (failureThreshold - 1) * periodUs + timeoutUs;
}
