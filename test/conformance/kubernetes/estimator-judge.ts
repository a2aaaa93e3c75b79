/** Asks our estimator how many nodes of a template some groups of equal pods need, and which pods these would take. */

import { BARE } from '../../../src/orchestration/kubernetes/framework/surroundings.ts';
import { FilteredNodes } from '../../../src/autoscaling/cluster-autoscaler/filtered-nodes.ts';
import { HOSTNAME } from './vocabulary.ts';
import { NO_ROW } from '../../../src/cluster/hosts.ts';
import { NodeInfo } from '../../../src/orchestration/kubernetes/framework/node-info.ts';
import { estimateNodes, nodeLimit } from '../../../src/autoscaling/cluster-autoscaler/estimator.ts';
import { coresOf, fastPathTraits } from '../../../src/autoscaling/cluster-autoscaler/fast-path.ts';
import { firstInCycle } from '../../../src/autoscaling/cluster-autoscaler/cyclic-order.ts';
import { nodeInfoOf, nodeSpecOf, podInfoOf, podSpecOf } from './framework-objects.ts';
import { profileOf } from '../../../src/orchestration/kubernetes/framework/profile.ts';
import type { Node } from './api-objects.ts';
import type { NodeCapacity } from '../../../src/autoscaling/cluster-autoscaler/fast-path.ts';
import type { EstimatorCase, PodGroup } from './estimator-case.ts';
import type {
  PackedGroup,
  PackingGround,
} from '../../../src/autoscaling/cluster-autoscaler/estimator.ts';
import type { PodInfo } from '../../../src/orchestration/kubernetes/framework/pod-info.ts';

interface Answer {
  readonly nodes: number;
  readonly pods: readonly string[];
}

export function judgeEstimator(input: unknown, output: unknown): string | undefined {
  const real = output as Answer;
  const ours = ourAnswer(input as EstimatorCase);
  if (ours.nodes !== real.nodes) return `expected ${real.nodes} nodes, found ${ours.nodes}`;
  const expected = real.pods.join(' ');
  const found = ours.pods.join(' ');
  return found === expected ? undefined : `expected the pods ${expected}, found ${found}`;
}

function ourAnswer(asked: EstimatorCase): Answer {
  const template = nodeInfoOf(asked.template, asked.daemonPods);
  const { allocatable } = template.node;
  const { nodeCount, pods } = estimateNodes(
    asked.groups.map(packedGroup),
    { cpu: allocatable['cpu'] ?? 0, memory: allocatable['memory'] ?? 0 },
    groundOf(asked, template),
    nodeLimit(limitsOf(asked)),
    asked.fastPath ? capacityOf(asked.template) : undefined,
  );
  return { nodes: nodeCount, pods: pods.map(({ name }) => name) };
}

function capacityOf(template: Node): NodeCapacity {
  // Allocatable is the capacity here.
  const { cpu = 0, memory = 0 } = nodeSpecOf(template).allocatable;
  return { cpuCores: coresOf(cpu), memoryBytes: memory };
}

function limitsOf(asked: EstimatorCase): number[] {
  const { nodesMax, clusterMax, groupMax, groupTarget, similarRoom, nodes } = asked;
  const room = Math.max(0, groupMax - groupTarget) + similarRoom;
  const rest = clusterMax - nodes.length;
  return [nodesMax, room > 0 ? room : -1, clusterMax === 0 ? 0 : rest > 0 ? rest : -1];
}

function groundOf(asked: EstimatorCase, template: NodeInfo): PackingGround<PodInfo> {
  const old = asked.nodes.map((node) =>
    nodeInfoOf(
      node,
      asked.pods.filter(({ spec }) => spec.nodeName === node.metadata.name),
    ),
  );
  const ground = new FilteredNodes(old, profileOf().filters, BARE);
  const { nodes } = ground;
  let lastMatch = 0;
  // The real search passes over cordoned nodes, whatever the pod tolerates.
  const placeOnAny = (pod: PodInfo, first: number, but: number): number => {
    const test = ground.testFor(pod);
    const found = firstInCycle(first, nodes.length, lastMatch, (node) => {
      return node !== but && !nodes[node]!.node.isUnschedulable && test(node) === 'fits';
    });
    if (found === NO_ROW) return NO_ROW;
    lastMatch = found;
    nodes[found]!.add(pod);
    return found;
  };
  return {
    addNode: () => nodes.push(freshNode(template, `template-e-${nodes.length - old.length}`)) - 1,
    placeOn: (pod, node) => {
      const answer = ground.testFor(pod)(node);
      if (answer !== 'fits') return answer;
      nodes[node]!.add(pod);
      return 'placed';
    },
    placeOnAdded: (pod) => placeOnAny(pod, old.length, NO_ROW),
    placeOnOther: (pod, than) => placeOnAny(pod, 0, than),
  };
}

function freshNode({ node, pods }: NodeInfo, name: string): NodeInfo {
  const labels = { ...node.labels, [HOSTNAME]: name };
  const own = pods.map((pod) => podInfoOf(pod.spec, `${pod.name}-${name}`));
  return new NodeInfo({ ...node, name, labels }, own);
}

function packedGroup({ pod, names }: PodGroup): PackedGroup<PodInfo> {
  const spec = podSpecOf(pod);
  return {
    pods: names.map((name) => podInfoOf(spec, name)),
    cpu: spec.requests['cpu'] ?? 0,
    memory: spec.requests['memory'] ?? 0,
    spreadsOverHosts: spec.template.topologySpread.some(
      ({ topologyKey }) => topologyKey === HOSTNAME,
    ),
    traits: fastPathTraits(spec),
  };
}
