/** Objects of the API as the scheduling framework sees them, read by the product's own readers of manifests. */

import { NodeInfo } from '../../../src/orchestration/kubernetes/framework/node-info.ts';
import { PriorityClasses } from '../../../src/workload/manifests/priority-classes.ts';
import { nodeSpec } from '../../../src/workload/manifests/node-object.ts';
import { podSpecInfo } from '../../../src/orchestration/kubernetes/framework/pod-info.ts';
import { podTaskSpec } from '../../../src/workload/manifests/pod-task-spec.ts';
import { readPlain } from './read-plain.ts';
import type { Node, Pod } from './api-objects.ts';
import type { NodeDescription } from '../../../src/orchestration/kubernetes/framework/node-info.ts';
import type { NodeSpec } from '../../../src/cluster/node-spec.ts';
import type {
  PodInfo,
  PodSpecInfo,
} from '../../../src/orchestration/kubernetes/framework/pod-info.ts';

const PRIORITIES = new PriorityClasses();

export function podSpecOf(pod: Pod): PodSpecInfo {
  return readPlain(pod, (cursor) =>
    podSpecInfo(podTaskSpec(cursor, pod.metadata.name, 'service', 1, PRIORITIES).spec),
  );
}

export function podInfoOf(spec: PodSpecInfo, name: string): PodInfo {
  return {
    spec,
    name,
    uid: `uid-${name}`,
    isTerminating: false,
    startTimeUs: NaN,
    nominatedNode: '',
  };
}

export function nodeSpecOf(node: Node): NodeSpec {
  return readPlain(node, (cursor) =>
    nodeSpec({
      cursor,
      type: '/Node',
      version: 'v1',
      kind: 'Node',
      namespace: '',
      name: node.metadata.name,
      owner: undefined,
    }),
  );
}

export function nodeInfoOf(node: Node, pods: readonly Pod[]): NodeInfo {
  const infos = pods.map((pod) => podInfoOf(podSpecOf(pod), pod.metadata.name));
  return new NodeInfo(describe(nodeSpecOf(node)), infos);
}

function describe({
  name,
  labels,
  taints,
  isUnschedulable,
  allocatable,
}: NodeSpec): NodeDescription {
  return { name, labels, taints, isUnschedulable, allocatable, images: new Map() };
}
