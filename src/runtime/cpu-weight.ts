/**
 * Weight of a task in the sharing of its host's CPU: its CPU request (cgroup shares are the request in 1/1024 cores).
 * A request of nothing counts as the kernel's least, 2 shares. Source: aws.md 3.2 ("0/absent treated as minimum shares").
 */

import { TICKS_PER_ECS_UNIT } from '../base/units.ts';

const SHARES_MIN = 2;

export function cpuWeight(requestTicks: number): number {
  return Math.max(requestTicks, SHARES_MIN * TICKS_PER_ECS_UNIT);
}
