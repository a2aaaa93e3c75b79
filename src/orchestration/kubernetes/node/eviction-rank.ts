/**
 * Whom a kubelet evicts first when its node runs short of memory, disk or process ids (kubernetes.md 2.8):
 *
 *     1  those whose use is above their request        2  the lower priority        3  the larger use - request
 *
 * Never     pods of priority 2,000,000,000 and more (system-cluster-critical, system-node-critical).
 * Disk      use and request of ephemeral storage; process ids: a request of 0 and the number of processes.
 * Ties      the order given.
 */

export const CRITICAL_PRIORITY = 2_000_000_000;

export interface EvictionCandidate {
  readonly priority: number;
  readonly use: number;
  readonly request: number;
}

export function rankForEviction<Pod extends EvictionCandidate>(pods: readonly Pod[]): Pod[] {
  const exceeds = ({ use, request }: Pod) => Number(use > request);
  const excess = ({ use, request }: Pod) => use - request;
  return pods
    .filter(({ priority }) => priority < CRITICAL_PRIORITY)
    .sort((a, b) => exceeds(b) - exceeds(a) || a.priority - b.priority || excess(b) - excess(a));
}
