/**
 * What a Job does about a failed pod by its `podFailurePolicy` (kubernetes.md 3.5): the first rule that holds decides.
 *
 * Exit codes  of a terminated container, never 0; of any container where none is named.
 * Conditions  by type and status; a pod that was evicted, preempted or taken with its node has DisruptionTarget.
 * No rule     counts towards the back-off limit.
 */

import type { PodFailureRule, PodFailureTest } from '../../../cluster/controller-specs.ts';

export interface FailedPod {
  /** By container; those that are not terminated are left out. */
  readonly exitCodes: readonly { readonly container: string; readonly code: number }[];
  readonly conditions: readonly { readonly type: string; readonly status: string }[];
}

export function actionOnFailure(
  rules: readonly PodFailureRule[],
  pod: FailedPod,
): PodFailureRule['action'] {
  return rules.find(({ tests }) => tests.some((test) => holds(test, pod)))?.action ?? 'Count';
}

function holds(test: PodFailureTest, { exitCodes, conditions }: FailedPod): boolean {
  if (test.kind === 'condition') {
    return conditions.some(({ type, status }) => type === test.type && status === test.status);
  }
  return exitCodes.some(({ container, code }) => {
    if (code === 0 || (test.container !== '' && test.container !== container)) return false;
    return test.codes.includes(code) === (test.operator === 'In');
  });
}
