/**
 * The order in which a kubelet starts the containers of a pod (kubernetes.md 2.3): init containers one after the other, each to
 * its end, sidecars among them until they have started, then all others. The image of a container is pulled when its turn comes.
 *
 *     plain pod       pull, sandbox and container
 *     any other       pull, sandbox and first container, [its run] and for each further one: pull, start, [its run]
 *
 * Departs    the run of an init container is the assumed `container.init-run-s` whatever it does; a sidecar has started when its
 *            process has, whatever its startup probe says.
 */

import type { PodTemplate } from '../cluster/pod-template.ts';

export interface StartStep {
  readonly image: string;
  /** An init container: the next step waits for its end. */
  readonly runsToEnd: boolean;
}

/** Undefined for a pod of one container, which starts as any task does. */
export function startPlan(pod: PodTemplate | undefined): readonly StartStep[] | undefined {
  if (pod === undefined || pod.containers.length + pod.initContainers.length < 2) return undefined;
  return [
    ...pod.initContainers.map(({ image, isSidecar }) => ({ image, runsToEnd: !isSidecar })),
    ...pod.containers.map(({ image }) => ({ image, runsToEnd: false })),
  ];
}
