/**
 * When a node was found to have drifted: it boots from an image that is no longer the newest.
 *
 * Release    at `firstUs` and every `everyUs` after it; a node has the newest image of the moment at which it was asked for.
 * Found      at the next of the checks that follow a node's start every 5 minutes.
 * Departs    other reasons to drift (a changed NodePool or node class, types that are gone) do not come up: configurations do
 *            not change while a run goes on.
 * Source     aws.md 1.22.
 */

import { NEVER, US_PER_MINUTE } from '../../../base/units.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { NodePoolConfig } from '../config.ts';

const CHECK_US = 5 * US_PER_MINUTE;

/** NEVER while it has not. */
export function driftedSinceUs(
  { hosts }: ClusterView,
  host: number,
  { imageReleases }: NodePoolConfig,
  nowUs: number,
): number {
  if (imageReleases === undefined) return NEVER;
  const { firstUs, everyUs } = imageReleases;
  const releasedUs = firstAfter(hosts.requestedUs[host]!, firstUs, everyUs);
  if (releasedUs > nowUs) return NEVER;
  const startUs = hosts.runningUs[host]!;
  const checks = Math.max(0, Math.ceil((releasedUs - startUs) / CHECK_US));
  const foundUs = startUs + checks * CHECK_US;
  return foundUs <= nowUs ? foundUs : NEVER;
}

/** The first release later than `us`. */
function firstAfter(us: number, firstUs: number, everyUs: number): number {
  if (us < firstUs) return firstUs;
  if (everyUs === Infinity) return NEVER;
  return firstUs + (Math.floor((us - firstUs) / everyUs) + 1) * everyUs;
}
