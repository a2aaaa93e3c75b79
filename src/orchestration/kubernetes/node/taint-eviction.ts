/**
 * How long a pod stays on a node with NoExecute taints (kubernetes.md 2.10):
 *
 *     any taint that is not tolerated     it is deleted at once
 *     else                                the least tolerationSeconds of those that tolerate, or for ever
 *
 * Default    a pod that says nothing of not-ready or unreachable tolerates each for 300 s (admission plugin
 *            DefaultTolerationSeconds). Pods of a DaemonSet tolerate both for ever; the readers of daemons state that.
 * Which      of several tolerations of one taint the first counts.
 */

import { NEVER, US_PER_SECOND } from '../../../base/units.ts';
import { tolerates } from '../../../cluster/specs.ts';
import type { Taint, Toleration } from '../../../cluster/spec.ts';

const DEFAULT_SECONDS = 300;
const DEFAULTED = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** From the taint to the deletion of the pod; NEVER without a NoExecute taint. */
export function staysUs(tolerations: readonly Toleration[], taints: readonly Taint[]): number {
  let leastUs = NEVER;
  for (const taint of taints) {
    if (taint.effect !== 'NoExecute') continue;
    const used = tolerations.find((one) => tolerates(one, taint)) ?? defaultFor(taint);
    if (used === undefined) return 0;
    if (used.seconds === undefined) continue;
    leastUs = Math.min(leastUs, Math.max(0, used.seconds) * US_PER_SECOND);
  }
  return leastUs;
}

function defaultFor({ key }: Taint): Toleration | undefined {
  if (!DEFAULTED.includes(key)) return undefined;
  return { key, operator: 'Exists', value: '', effect: 'NoExecute', seconds: DEFAULT_SECONDS };
}
