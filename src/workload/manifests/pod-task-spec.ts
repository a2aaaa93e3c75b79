/**
 * The task that a pod template describes. The image is that of the first container, as written; it is a name only, its
 * size is the scenario's matter. Everything that bears on placement and is not modelled is named in `leftOut`.
 */

import { MILLI_PER_GPU } from '../../base/units.ts';
import { plainTaskSpec, type TaskSpec, type WorkloadKind } from '../../cluster/spec.ts';
import { requiredNodeAffinity, spreadOf, tolerationsOf } from './pod-placement.ts';
import { podRequests } from './pod-requests.ts';
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
): PodTask {
  const podSpec = template.get('spec');
  const containers = podSpec.get('containers').items();
  const [first] = containers;
  if (first === undefined) podSpec.get('containers').fault('at least one container');

  const requests = podRequests(podSpec);
  const labels = template.get('metadata').get('labels').textMap();
  const leftOut = requests.leftOut.map((resource) => `resource ${resource}`);
  const plain = plainTaskSpec(workload, kind, requests.cpuTicks, requests.memoryBytes);
  const spec = {
    ...plain,
    gpuCount: requests.gpuCount,
    gpuMilli: requests.gpuCount > 0 ? MILLI_PER_GPU : 0,
    image: first?.get('image').text() ?? '',
    priority: priorities.priorityOf(podSpec, leftOut),
    labels,
    nodeSelector: podSpec.get('nodeSelector').textMap(),
    requirements: requiredNodeAffinity(podSpec, leftOut),
    tolerations: tolerationsOf(podSpec, leftOut),
    spread: spreadOf(podSpec, labels, leftOut),
    usage: {
      ...plain.usage,
      fractionOfRequest: usageFraction,
      limitTicks: requests.cpuLimitTicks,
    },
  };
  noteOtherParts(podSpec, containers, leftOut);
  return { spec, leftOut: [...new Set(leftOut)] };
}

function noteOtherParts(
  podSpec: YamlCursor,
  containers: readonly YamlCursor[],
  leftOut: string[],
): void {
  const initContainers = podSpec.get('initContainers').items();
  const images = containers.length + initContainers.length;
  if (images > 1) leftOut.push(`images of further containers (${images - 1})`);
  const ports = containers.flatMap((container) => container.get('ports').items());
  if (ports.some((port) => port.get('hostPort').whole(0) > 0)) leftOut.push('host ports');
  const volumes = podSpec.get('volumes').items();
  if (volumes.some((volume) => !volume.get('persistentVolumeClaim').isAbsent)) {
    leftOut.push('persistent volume claims');
  }
  if (!podSpec.get('nodeName').isAbsent) leftOut.push('nodeName');
  if (podSpec.get('schedulingGates').items().length > 0) leftOut.push('scheduling gates');
}
