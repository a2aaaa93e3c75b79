/**
 * May a pod be taken off its node? The first rule that decides wins (kubernetes.md 5.6 Pod rules).
 *
 *   0. a service of fewer replicas than `replicasMin`: no
 *   1. a daemon: yes, and it needs no other node
 *   2. annotation safe-to-evict=true: yes
 *   3. has run to its end: yes (such tasks have left their host here)
 *   4. annotation safe-to-evict=on-completion: wait for its end
 *   5. no controller makes it anew: no
 *   6. in kube-system without a disruption budget: not in its first hour (`withSystemPods`)
 *   7. annotation safe-to-evict=false: no
 *   8. local storage that is not listed as safe: no (`withLocalStorage`)
 *   9. its disruption budget is used up: no
 *
 * Departs    there are no mirror pods, and controllers do not go away under their pods.
 */

import { US_PER_HOUR } from '../../base/units.ts';
import type { PodTemplate } from '../../cluster/pod-template.ts';

export interface JudgedPod {
  readonly isDaemon: boolean;
  readonly isReplicated: boolean;
  /** Wanted replicas of its service; Infinity for pods of no service. */
  readonly replicas: number;
  readonly ageUs: number;
  readonly hasBudget: boolean;
  /** Its budgets, if any, let one more pod go. */
  readonly isDisruptable: boolean;
  readonly template: PodTemplate | undefined;
}

/** `--skip-nodes-with-...`: what makes the autoscaler leave a node alone; both by default. */
export interface SkippedNodes {
  readonly withSystemPods: boolean;
  readonly withLocalStorage: boolean;
  /** `--min-replica-count`: a service of fewer replicas keeps its nodes. */
  readonly replicasMin: number;
}

export type Movability = 'move' | 'stay' | 'wait' | 'block';

const SAFE_TO_EVICT = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
const SYSTEM_POD_US = US_PER_HOUR;

/** `stay`: it goes with its node. */
export function movabilityOf(pod: JudgedPod, skips: SkippedNodes): Movability {
  if (pod.isDaemon) return 'stay';
  if (pod.replicas < skips.replicasMin) return 'block';
  const word = pod.template?.annotations[SAFE_TO_EVICT];
  if (word === 'true') return 'move';
  if (word === 'on-completion') return 'wait';
  if (!pod.isReplicated) return 'block';
  const isSystem = pod.template?.namespace === 'kube-system';
  if (isSystem && !pod.hasBudget && skips.withSystemPods) {
    return pod.ageUs > SYSTEM_POD_US ? 'move' : 'block';
  }
  const isLocal = pod.template?.volumes.some(({ kind }) => kind === 'local') ?? false;
  if (word === 'false' || (isLocal && skips.withLocalStorage)) return 'block';
  return pod.isDisruptable ? 'move' : 'block';
}
