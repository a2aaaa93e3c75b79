/** Nodes and pods of the scheduling framework in one line each, for tests. */

import { NodeInfo } from '../../../../src/orchestration/kubernetes/framework/node-info.ts';
import { PLAIN_POD } from '../../../../src/cluster/pod-template.ts';
import { plainTaskSpec } from '../../../../src/cluster/spec.ts';
import { podSpecInfo } from '../../../../src/orchestration/kubernetes/framework/pod-info.ts';
import type {
  Amounts,
  LabelSelector,
  PodTemplate,
  PodTerm,
  TopologySpread,
} from '../../../../src/cluster/pod-template.ts';
import type { NodeDescription } from '../../../../src/orchestration/kubernetes/framework/node-info.ts';
import type {
  PodInfo,
  PodSpecInfo,
} from '../../../../src/orchestration/kubernetes/framework/pod-info.ts';
import type { Snapshot } from '../../../../src/orchestration/kubernetes/framework/cycle.ts';
import type { Toleration } from '../../../../src/cluster/spec.ts';

export const HOST = 'kubernetes.io/hostname';
export const ZONE = 'topology.kubernetes.io/zone';

const GIB = 1024 ** 3;

/** A node of 4 cores and 16 GiB with its host name as a label. */
export function node(
  name: string,
  labels: Readonly<Record<string, string>> = {},
  rest: Partial<NodeDescription> = {},
): NodeInfo {
  return new NodeInfo({
    name,
    labels: { [HOST]: name, ...labels },
    taints: [],
    isUnschedulable: false,
    allocatable: { cpu: 4000, memory: 16 * GIB, pods: 110 },
    images: new Map(),
    ...rest,
  });
}

export interface SpecWish {
  readonly labels?: Readonly<Record<string, string>>;
  readonly priority?: number;
  readonly requests?: Amounts;
  readonly tolerations?: readonly Toleration[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly defaultSelector?: LabelSelector;
  readonly template?: Partial<PodTemplate>;
}

export function spec(wish: SpecWish = {}): PodSpecInfo {
  const container = {
    name: 'main',
    image: 'app',
    requests: wish.requests ?? {},
    limits: {},
    hostPorts: [],
    isSidecar: false,
  };
  return podSpecInfo(
    {
      ...plainTaskSpec('app', 'service', 0, 0),
      labels: wish.labels ?? {},
      priority: wish.priority ?? 0,
      tolerations: wish.tolerations ?? [],
      nodeSelector: wish.nodeSelector ?? {},
      pod: { ...PLAIN_POD, containers: [container], ...wish.template },
    },
    wish.defaultSelector,
  );
}

export function pod(
  name: string,
  ofSpec: PodSpecInfo | SpecWish = {},
  rest: Partial<PodInfo> = {},
): PodInfo {
  return {
    spec: 'template' in ofSpec && 'nonZero' in ofSpec ? ofSpec : spec(ofSpec),
    name,
    uid: `uid-${name}`,
    isTerminating: false,
    startTimeUs: 0,
    nominatedNode: '',
    ...rest,
  };
}

export function selector(matchLabels: Readonly<Record<string, string>>): LabelSelector {
  return { matchLabels, matchExpressions: [] };
}

/** Hard, of maxSkew 1, over pods labelled `app: web`, unless stated otherwise. */
export function spreadOver(
  topologyKey: string,
  rest: Partial<TopologySpread> = {},
): TopologySpread {
  return {
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: 'DoNotSchedule',
    selector: selector({ app: 'web' }),
    minDomains: 1,
    nodeAffinityPolicy: 'Honor',
    nodeTaintsPolicy: 'Ignore',
    ...rest,
  };
}

/** About pods of the own namespace labelled `app: web`, unless stated otherwise. */
export function term(topologyKey: string, rest: Partial<PodTerm> = {}): PodTerm {
  return { topologyKey, selector: selector({ app: 'web' }), namespaces: [], ...rest };
}

export function snapshotOf(nodes: readonly NodeInfo[]): Snapshot {
  const byName = new Map(nodes.map((one) => [one.node.name, one]));
  return { nodes, byName: (name) => byName.get(name) };
}
