/** A case of a solve as our solver sees it. */

import { PLAIN_NODE_POOL } from '../../../src/autoscaling/karpenter/config.ts';
import { Daemon } from '../../../src/autoscaling/karpenter/daemon.ts';
import { ExistingNode } from '../../../src/autoscaling/karpenter/existing-node.ts';
import { ExistingNodes } from '../../../src/autoscaling/karpenter/existing-nodes.ts';
import { Limits } from '../../../src/autoscaling/karpenter/limits.ts';
import { PodShape } from '../../../src/autoscaling/karpenter/pod-shape.ts';
import { Requirement } from '../../../src/autoscaling/karpenter/requirement.ts';
import { Requirements } from '../../../src/autoscaling/karpenter/requirements.ts';
import { Reservations } from '../../../src/autoscaling/karpenter/reservations.ts';
import { Solver } from '../../../src/autoscaling/karpenter/solver.ts';
import { Topology } from '../../../src/autoscaling/karpenter/topology.ts';
import { TopologyDomains } from '../../../src/autoscaling/karpenter/topology-domains.ts';
import { NO_ROW } from '../../../src/cluster/hosts.ts';
import {
  inOrderOfWeight,
  sumOf,
  templateOf,
  templateRequirements,
} from '../../../src/autoscaling/karpenter/template.ts';
import { inQueueOrder } from '../../../src/autoscaling/karpenter/queue.ts';
import { selectorMatches } from '../../../src/orchestration/kubernetes/framework/label-selector.ts';
import { nodeSpecOf, podSpecOf } from '../kubernetes/framework-objects.ts';
import type { Lineup } from '../../../src/autoscaling/karpenter/existing-nodes.ts';
import type { CandidateType, Offering } from '../../../src/autoscaling/karpenter/instance-types.ts';
import type { NodePoolConfig } from '../../../src/autoscaling/karpenter/config.ts';
import type { NodeRoom } from '../../../src/autoscaling/karpenter/existing-node.ts';
import type { Plan, ShapedPod } from '../../../src/autoscaling/karpenter/solver.ts';
import type { Pod } from '../kubernetes/api-objects.ts';
import type { PodTerm } from '../../../src/cluster/pod-template.ts';
import type { PodWishes, ShapeBook } from '../../../src/autoscaling/karpenter/pod-shape.ts';
import type { ScheduledPods, TopologyWorld } from '../../../src/autoscaling/karpenter/topology.ts';
import type { SpreadNode } from '../../../src/autoscaling/karpenter/topology-group.ts';
import type { Taint } from '../../../src/cluster/spec.ts';
import type { Condition, DrawnType, TypeOffering } from './instance-types.ts';
import type { NodePool, SolveCase } from './solve-case.ts';
import {
  CAPACITY_TYPE,
  GPU,
  HOSTNAME,
  NODE_CLASS,
  NODE_POOL,
  RESERVATION,
  RESERVATION_INTERRUPTIBLE,
  RESERVATION_KIND,
  SIZE,
  ZONE,
} from './vocabulary.ts';

export const RESOURCES = ['cpu', 'memory', 'pods', GPU];
const EPHEMERAL = new Set(['node.kubernetes.io/not-ready', 'example.com/starting']);

type Amounts = Readonly<Record<string, number>>;

interface KnownNode {
  readonly name: string;
  readonly isInitialized: boolean;
  readonly isManaged: boolean;
  readonly hasJoined: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly allocatable: Amounts;
  readonly capacity: Amounts;
  /** Of the Node object: what rules about other pods look at. */
  readonly written: SpreadNode;
}

export interface Solved {
  readonly plan: Plan;
  readonly names: readonly string[];
  /** Names of nodes, by their row. */
  readonly nodes: readonly string[];
}

export function solve(input: SolveCase): Solved {
  const book: ShapeBook = { next: 0 };
  const shapeOf = (pod: Pod): PodShape =>
    new PodShape(
      wishesOf(pod, input.volumesOf[pod.metadata.name] ?? []),
      book,
      input.ignorePreferences,
    );
  const pods = shapedPods(input.pending, shapeOf);
  const daemons = input.daemons.map((pod) => new Daemon(shapeOf(pod)));
  const all = input.instanceTypes.map(candidateOf);
  const pools = inOrderOfWeight(input.nodePools.map(describe)).map((pool, row) => {
    const chosen = input.typesOf[pool.name];
    const types = all.filter(({ name }) => chosen?.includes(name) ?? true);
    const config: NodePoolConfig = { ...PLAIN_NODE_POOL, ...pool, pool: row, zones: [] };
    const template = templateOf(
      config,
      pool.ofClaims,
      pool.taints,
      types,
      daemons,
      input.bestEffort,
    );
    return { ...pool, types, template };
  });
  const nodes = knownNodes(input).sort(
    (a, b) => Number(b.isInitialized) - Number(a.isInitialized) || (a.name < b.name ? -1 : 1),
  );
  const domains = new TopologyDomains(
    pools.map(({ ofPool, taints, types }) => ({
      requirements: ofPool,
      taints,
      types: types.map(({ requirements }) => requirements),
    })),
  );
  const templates = pools.flatMap(({ template }) => template ?? []);
  const inOrder = [...pods].sort((a, b) => inQueueOrder(a.key, b.key));
  const topology = new Topology(
    domains,
    worldOf(input, nodes),
    pods.map(({ shape }) => shape),
  );
  const solver = new Solver(
    templates,
    templates.map(({ config }) => limitsOf(input.nodePools, config.name, nodes)),
    new ExistingNodes(lineupOf(nodes.map((node, row) => existingNode(input, node, row, daemons)))),
    topology,
    new Reservations(pools.map(({ types }) => types)),
    { isBestEffort: input.bestEffort, defersForReserved: input.deferForReserved },
    pools.some(({ taints }) => taints.some(({ effect }) => effect === 'PreferNoSchedule')),
  );
  return {
    plan: solver.solve(inOrder),
    names: input.pending.map(({ metadata }) => metadata.name),
    nodes: nodes.map(({ name }) => name),
  };
}

function shapedPods(pods: readonly Pod[], shapeOf: (pod: Pod) => PodShape) {
  const uids = pods.map(({ metadata }) => metadata.uid!).sort((a, b) => (a < b ? -1 : 1));
  return pods.map((pod, task): ShapedPod & { readonly key: Parameters<typeof inQueueOrder>[0] } => {
    const shape = shapeOf(pod);
    const [cpu, memory] = shape.wishes.requests;
    return {
      pod: { task, spec: 0, workload: 0, pool: NO_ROW, leaves: NO_ROW, isMoved: false },
      shape,
      key: {
        cpu: cpu!,
        memory: memory!,
        createdUs: Number(pod.metadata.creationTimestamp!.slice(17, 19)),
        number: uids.indexOf(pod.metadata.uid!),
      },
    };
  });
}

function wishesOf(pod: Pod, volumes: readonly (readonly Condition[])[]): PodWishes {
  const { template, labels, nodeSelector, tolerations, requests, hostPorts } = podSpecOf(pod);
  return {
    labels,
    namespace: template.namespace,
    requests: RESOURCES.map((name) => (name === 'pods' ? 1 : (requests[name] ?? 0))),
    nodeSelector,
    requiredTerms: (template.requiredNodeTerms ?? []).map(({ expressions }) => expressions),
    preferredTerms: template.preferredNodeTerms.map(({ weight, term }) => ({
      weight,
      term: term.expressions,
    })),
    tolerations,
    spread: template.topologySpread,
    affinity: template.affinity,
    antiAffinity: template.antiAffinity,
    hostPorts,
    volumes: volumes.map(requirementsOf),
  };
}

export function requirementsOf(conditions: readonly Condition[]): Requirements {
  return Requirements.of(conditions.map((one) => Requirement.of(one, one.minValues ?? 0)));
}

export function candidateOf(type: DrawnType): CandidateType {
  const capacity = amountsOf(type.capacity);
  const overhead = amountsOf(type.overhead);
  const sizes = type.requirements.find(({ key }) => key === SIZE)?.values ?? [];
  return {
    name: type.name,
    requirements: requirementsOf(type.requirements),
    room: RESOURCES.map((name) => (name in capacity ? capacity[name]! - (overhead[name] ?? 0) : 0)),
    capacity: RESOURCES.map((name) => capacity[name] ?? 0),
    isExotic: GPU in capacity || sizes.some((size) => size.includes('metal')),
    offerings: type.offerings.map(offeringOf),
  };
}

function offeringOf(drawn: TypeOffering): Offering {
  const { zone, capacityType, price, unavailable, reservation, left, kind, interruptible } = drawn;
  const is = (key: string, value: string | undefined): Condition => ({
    key,
    operator: value === undefined ? 'DoesNotExist' : 'In',
    values: value === undefined ? [] : [value],
  });
  return {
    zone: 0,
    zoneName: zone,
    spot: capacityType === 'spot',
    priceNanoUsdPerHour: price,
    isAvailable: unavailable !== true,
    requirements: requirementsOf([
      is(ZONE, zone),
      is(CAPACITY_TYPE, capacityType),
      is(RESERVATION, reservation),
      is(RESERVATION_KIND, kind),
      is(
        RESERVATION_INTERRUPTIBLE,
        reservation === undefined ? undefined : `${interruptible === true}`,
      ),
    ]),
    ...(reservation === undefined
      ? {}
      : {
          reservation: {
            id: reservation,
            capacity: left!,
            isBlock: kind === 'capacity-block',
            isInterruptible: interruptible === true,
          },
        }),
  };
}

function describe({ metadata: { name }, spec }: NodePool) {
  const { metadata, spec: template } = spec.template;
  const written = nodeSpecOf({
    metadata: { name },
    spec: { taints: template.taints },
    status: { capacity: {}, allocatable: {} },
  });
  const requirements = template.requirements as NodePoolConfig['requirements'];
  return {
    name,
    weight: spec.weight ?? 0,
    requirements,
    taints: written.taints,
    ofPool: requirementsOf(template.requirements).and(Requirements.ofLabels(metadata.labels)),
    ofClaims: templateRequirements(
      { name, requirements },
      { ...metadata.labels, [NODE_CLASS]: 'default' },
    ),
  };
}

function limitsOf(pools: readonly NodePool[], name: string, nodes: readonly KnownNode[]): Limits {
  const { limits = {} } = pools.find(({ metadata }) => metadata.name === name)!.spec;
  const amounts = amountsOf(limits);
  const own = nodes.filter(({ labels }) => labels[NODE_POOL] === name);
  const left = (resource: string) =>
    resource in amounts
      ? own.reduce((rest, { capacity }) => rest - (capacity[resource] ?? 0), amounts[resource]!)
      : Infinity;
  const { nodes: nodesMax } = limits;
  return new Limits(
    RESOURCES.map(left),
    nodesMax === undefined ? Infinity : Number(nodesMax) - own.length,
  );
}

/** What the cluster state says of a node: that of the NodeClaim until the node is registered, of both until it is initialized. */
function knownNodes({ nodes }: SolveCase): KnownNode[] {
  return nodes.map(({ node, claim }) => {
    const name = node?.metadata.name ?? claim!.metadata.name;
    const labels = node?.metadata.labels ?? {};
    const isRegistered = claim === undefined || labels['karpenter.sh/registered'] === 'true';
    const isInitialized = claim === undefined || labels['karpenter.sh/initialized'] === 'true';
    const empty = { capacity: {}, allocatable: {} };
    const written = nodeSpecOf({
      metadata: { name, labels },
      spec: node?.spec ?? {},
      status: node?.status ?? empty,
    });
    const promised = nodeSpecOf({
      metadata: { name, labels: claim?.metadata.labels ?? {} },
      spec: { taints: claim?.spec.taints ?? [] },
      status: claim?.status ?? empty,
    });
    const seen = isRegistered && node !== undefined ? written : promised;
    const filled = (own: Amounts, other: Amounts): Amounts =>
      isInitialized
        ? own
        : {
            ...own,
            ...Object.fromEntries(Object.entries(other).filter(([key]) => (own[key] ?? 0) === 0)),
          };
    return {
      name,
      isInitialized,
      isManaged: claim !== undefined,
      hasJoined: node !== undefined,
      labels: seen.labels,
      taints: isInitialized ? seen.taints : seen.taints.filter(({ key }) => !EPHEMERAL.has(key)),
      allocatable: filled(written.allocatable, promised.allocatable),
      capacity: filled(written.capacity, promised.capacity),
      written: nodeOf(written.labels, written.taints, name),
    };
  });
}

function nodeOf(
  labels: Readonly<Record<string, string>>,
  taints: readonly Taint[],
  name: string,
): SpreadNode {
  return { taints, requirements: Requirements.ofLabels(labels).without(HOSTNAME), hostname: name };
}

function existingNode(
  input: SolveCase,
  node: KnownNode,
  row: number,
  daemons: readonly Daemon[],
): ExistingNode {
  const bound = input.bound.filter(
    ({ spec, status }) => spec.nodeName === node.name && status?.phase !== 'Succeeded',
  );
  const requestsOf = (pods: readonly Pod[]) =>
    sumOf(pods.map((pod) => new PodShape(wishesOf(pod, []), { next: 0 })));
  const here = daemons.filter((daemon) =>
    daemon.runsOnNode(node.taints, Requirements.ofLabels(node.labels)),
  );
  const used = requestsOf(bound);
  const present = requestsOf(
    bound.filter(({ metadata }) => metadata.ownerReferences !== undefined),
  );
  const expected = sumOf(here.map(({ shape }) => shape));
  const left = RESOURCES.map((name, resource) => {
    if (!(name in node.allocatable)) return 0;
    const toCome = Math.max(0, (expected[resource] ?? 0) - (present[resource] ?? 0));
    return node.allocatable[name]! - (used[resource] ?? 0) - toCome;
  });
  const hostPorts = bound.flatMap((pod) => podSpecOf(pod).hostPorts);
  const state = {
    ...nodeOf(node.labels, node.taints, node.name),
    host: row,
    pool: NO_ROW,
    hostPorts,
    isSettling: false,
  };
  return new ExistingNode(state, roomOf(left));
}

function roomOf(left: number[]): NodeRoom {
  return {
    fits: (_, { shape }) =>
      left.every((amount, resource) => amount >= 0 && shape.wishes.requests[resource]! <= amount),
    take: (_, { shape }) => {
      for (let resource = 0; resource < left.length; resource++) {
        left[resource]! -= shape.wishes.requests[resource]!;
      }
    },
  };
}

function worldOf({ bound, namespaces }: SolveCase, nodes: readonly KnownNode[]): TopologyWorld {
  const joined = nodes.filter(({ hasJoined }) => hasJoined);
  const scheduled = bound.map((pod) => {
    const { template, labels, tolerations } = podSpecOf(pod);
    const node = joined.find(({ name }) => name === pod.spec.nodeName)!.written;
    const isTerminal = pod.status?.phase === 'Succeeded';
    const ends = isTerminal || pod.metadata.deletionTimestamp !== undefined;
    return {
      labels,
      namespace: template.namespace,
      count: 1,
      isCounted: !ends,
      node,
      repels: isTerminal ? [] : template.antiAffinity.required,
      tolerations,
    } satisfies ScheduledPods & { isCounted: boolean };
  });
  return {
    nodes: joined.map(({ written }) => written),
    scheduled,
    namespacesOf: (term, namespace) => namespacesOf(term, namespace, namespaces),
  };
}

function namespacesOf(
  { namespaces, namespaceSelector }: PodTerm,
  namespace: string,
  objects: SolveCase['namespaces'],
): ReadonlySet<string> {
  if (namespaceSelector === undefined) {
    return new Set(namespaces.length === 0 ? [namespace] : namespaces);
  }
  const known = objects as readonly {
    readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  }[];
  const selected = known.filter(({ metadata }) =>
    selectorMatches(namespaceSelector, metadata.labels),
  );
  return new Set([...selected.map(({ metadata }) => metadata.name), ...namespaces]);
}

export function amountsOf(written: Readonly<Record<string, string>>): Amounts {
  return nodeSpecOf({
    metadata: { name: 'n' },
    spec: {},
    status: { capacity: written, allocatable: written },
  }).capacity;
}

function lineupOf(nodes: readonly ExistingNode[]): Lineup {
  return {
    count: nodes.length,
    firstOf: () => 0,
    mayHold: (at, pod, variant) => nodes[at]!.mayHold(pod, variant),
    nodeAt: (at) => nodes[at]!,
  };
}
