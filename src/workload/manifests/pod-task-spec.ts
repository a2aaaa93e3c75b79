/**
 * The task that a pod template describes. The image is that of the first container, as written; it is a name only, its
 * size is the scenario's matter. What bears on placement and is not modelled is named in `leftOut`.
 */

import { MILLI_PER_GPU } from '../../base/units.ts';
import { plainTaskSpec, type TaskSpec, type WorkloadKind } from '../../cluster/spec.ts';
import { requirementsOf, spreadOf, tolerationsOf } from './pod-placement.ts';
import { podSizes } from './pod-requests.ts';
import { podTemplateOf } from './pod-template.ts';
import type { PriorityClasses } from './priority-classes.ts';
import type { YamlCursor } from './yaml-cursor.ts';

export interface PodTask {
  readonly spec: TaskSpec;
  readonly leftOut: readonly string[];
}

export function podTaskSpec(
  /** A pod template, or a pod: `metadata` and `spec`. */
  template: YamlCursor,
  workload: string,
  kind: WorkloadKind,
  usageFraction: number,
  priorities: PriorityClasses,
  /** Of the object that makes the pods; a pod states its own. */
  namespace: string = template.get('metadata').get('namespace').text('default'),
): PodTask {
  const podSpec = template.get('spec');
  const labels = template.get('metadata').get('labels').textMap();
  const leftOut: string[] = [];
  const preemptionPolicy = priorities.preemptionPolicyOf(podSpec);
  const pod = podTemplateOf(template, { namespace, labels, preemptionPolicy }, leftOut);
  const [first] = pod.containers;
  if (first === undefined) podSpec.get('containers').fault('at least one container');

  const sizes = podSizes(podSpec, pod);
  const plain = plainTaskSpec(workload, kind, sizes.cpuTicks, sizes.memoryBytes);
  const spec = {
    ...plain,
    gpuCount: sizes.gpuCount,
    gpuMilli: sizes.gpuCount > 0 ? MILLI_PER_GPU : 0,
    image: first?.image ?? '',
    priority: priorities.priorityOf(podSpec, leftOut),
    labels,
    nodeSelector: podSpec.get('nodeSelector').textMap(),
    requirements: requirementsOf(pod),
    tolerations: tolerationsOf(podSpec),
    spread: spreadOf(podSpec, pod, labels),
    usage: {
      ...plain.usage,
      fractionOfRequest: usageFraction,
      limitTicks: sizes.cpuLimitTicks,
    },
    pod,
  };
  return { spec, leftOut: [...new Set(leftOut)] };
}
