/**
 * How fast nodes of a zone are given a NoExecute taint, by how much of the zone is silent (kubernetes.md 2.10):
 *
 *     normal    0.1 a second
 *     partial   at least 55 % not ready and more than 2 nodes:   0.01 a second in zones of more than 50 nodes, else none
 *     full      none ready: the normal rate again, unless every zone is full: then none (node-lifecycle.ts)
 */

export type ZoneState = 'normal' | 'partial' | 'full';

const TAINTS_PER_SECOND = 0.1;
const TAINTS_PER_SECOND_PARTIAL = 0.01;
const UNHEALTHY_SHARE = 0.55;
const LARGE_ZONE = 50;

export function zoneStateOf(ready: number, notReady: number): ZoneState {
  if (ready === 0 && notReady > 0) return 'full';
  const isPartial = notReady > 2 && notReady / (notReady + ready) >= UNHEALTHY_SHARE;
  return isPartial ? 'partial' : 'normal';
}

export function taintsPerSecond(state: ZoneState, nodes: number): number {
  if (state !== 'partial') return TAINTS_PER_SECOND;
  return nodes > LARGE_ZONE ? TAINTS_PER_SECOND_PARTIAL : 0;
}
