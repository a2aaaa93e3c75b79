/**
 * A pod as the scheduling framework sees it. Several pods share one PodSpecInfo, worked out once from what their template states.
 */

import { hostPortsOf } from './host-ports.ts';
import { PLAIN_POD } from '../../../cluster/pod-template.ts';
import { TICKS_PER_MILLI } from '../../../base/units.ts';
import {
  effectiveRequests,
  nonZeroRequests,
  scoredRequests,
} from '../../../cluster/pod-requests.ts';
import type {
  Amounts,
  HostPort,
  LabelSelector,
  PodTemplate,
} from '../../../cluster/pod-template.ts';
import type { TaskSpec, Toleration } from '../../../cluster/spec.ts';

/** What pods of one template have in common. */
export interface PodSpecInfo {
  readonly template: PodTemplate;
  readonly labels: Readonly<Record<string, string>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly priority: number;
  /** Effective requests (kubernetes.md 1.7): what filters and `NodeInfo.requested` count. */
  readonly requests: Amounts;
  /** The same with 100 m and 200 MiB for every container that states nothing (1.7): what a node sums up for scores. */
  readonly nonZero: { readonly cpu: number; readonly memory: number };
  /** What NodeResourcesFit scores of the incoming pod: as `nonZero`, of all resources, without the pod's own (quirk in 1.9). */
  readonly scored: Amounts;
  /** Ports of the node that the pod takes. */
  readonly hostPorts: readonly HostPort[];
  /** Of the Services and the controller that select the pod, for default spreading (1.9); absent when none does. */
  readonly defaultSelector?: LabelSelector;
}

export interface PodInfo {
  readonly spec: PodSpecInfo;
  readonly name: string;
  readonly uid: string;
  /** Has a deletionTimestamp. */
  readonly isTerminating: boolean;
  /** Is terminating because the scheduler evicted it for another pod: the condition DisruptionTarget says so (1.10). */
  readonly isPreempted?: boolean;
  /** status.startTime in us; NaN before the pod was started. */
  readonly startTimeUs: number;
  /** status.nominatedNodeName, or ''. */
  readonly nominatedNode: string;
}

/** The resource that a task without a template asks its GPUs by. */
const GPU = 'nvidia.com/gpu';

/** The default selector is that of the controller; what the template says of Services goes before it. */
export function podSpecInfo(task: TaskSpec, defaultSelector?: LabelSelector): PodSpecInfo {
  const template = task.pod ?? templateOf(task);
  const nonZero = nonZeroRequests(template);
  const selector = template.defaultSelector ?? defaultSelector;
  return {
    template,
    labels: task.labels,
    nodeSelector: task.nodeSelector,
    tolerations: task.tolerations,
    priority: task.priority,
    requests: effectiveRequests(template),
    nonZero: { cpu: nonZero['cpu'] ?? 0, memory: nonZero['memory'] ?? 0 },
    scored: scoredRequests(template),
    hostPorts: hostPortsOf(template),
    ...(selector === undefined ? {} : { defaultSelector: selector }),
  };
}

/** One container with the task's sizes; a size of 0 counts as not stated. */
function templateOf(task: TaskSpec): PodTemplate {
  const { cpuTicks, memoryBytes, gpuCount, requirements } = task;
  const requests = {
    ...(cpuTicks > 0 ? { cpu: Math.ceil(cpuTicks / TICKS_PER_MILLI) } : {}),
    ...(memoryBytes > 0 ? { memory: memoryBytes } : {}),
    ...(gpuCount > 0 ? { [GPU]: gpuCount } : {}),
  };
  const container = {
    name: task.workload,
    image: task.image,
    requests,
    limits: {},
    hostPorts: [],
    isSidecar: false,
  };
  const isBound = requirements.length > 0;
  return {
    ...PLAIN_POD,
    containers: [container],
    ...(isBound ? { requiredNodeTerms: [{ expressions: requirements, fields: [] }] } : {}),
  };
}
