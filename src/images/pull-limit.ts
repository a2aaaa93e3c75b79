/**
 * How often a kubelet may ask the registry, and how long it waits after it was refused (kubernetes.md 2.3): a bucket of 10 pulls
 * that refills at 5 a second; a pull beyond it fails, and is tried again after 10, 20, 40 ... 300 s.
 */

import { US_PER_SECOND } from '../base/units.ts';

export interface PullLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** registryPullQPS and registryBurst of a kubelet that is told nothing else. */
export const KUBELET_PULL_LIMIT: PullLimit = { perSecond: 5, burst: 10 };

const FIRST_RETRY_US = 10 * US_PER_SECOND;
const LAST_RETRY_US = 300 * US_PER_SECOND;

/** After so many failed pulls of an image for a pod, the last among them. */
export function pullRetryUs(failures: number): number {
  let delayUs = FIRST_RETRY_US;
  for (let i = 1; i < failures && delayUs < LAST_RETRY_US; i++) delayUs *= 2;
  return Math.min(delayUs, LAST_RETRY_US);
}

/** Tokens of one host; full at first. */
export interface PullTokens {
  tokens: number;
  /** When `tokens` was true. */
  atUs: number;
}

export function takePull(
  bucket: PullTokens,
  { perSecond, burst }: PullLimit,
  nowUs: number,
): boolean {
  const refill = ((nowUs - bucket.atUs) * perSecond) / US_PER_SECOND;
  bucket.tokens = Math.min(burst, bucket.tokens + refill);
  bucket.atUs = nowUs;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}
