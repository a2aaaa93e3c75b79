/** Pods that wait, NodePools that could launch for them, and nodes that there are: what does one solve decide? */

import type { Json, Pod } from '../kubernetes/api-objects.ts';
import type { Draw } from '../draw.ts';
import { drawTypes } from './instance-types.ts';
import type { Condition, DrawnType } from './instance-types.ts';
import { drawBoundPod, drawNodes, drawTaints } from './solve-nodes.ts';
import type { DrawnNode } from './solve-nodes.ts';
import { drawPodsOfTemplate, drawTerm, drawTolerations } from './solve-pods.ts';
import type { PodMix } from './solve-pods.ts';
import {
  ARCH,
  CAPACITY_TYPE,
  CPU,
  FAMILIES,
  FAMILY,
  INSTANCE_TYPE,
  POOLS,
  TEAM,
  TEAMS,
  ZONE,
  ZONES,
} from './vocabulary.ts';

export interface NodePool {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly weight?: number;
    readonly limits?: Readonly<Record<string, string>>;
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly requirements: readonly Condition[];
        readonly taints: readonly Json[];
        readonly nodeClassRef: Json;
      };
    };
  };
}

export interface SolveCase {
  readonly nodePools: readonly NodePool[];
  readonly instanceTypes: readonly DrawnType[];
  readonly typesOf: Readonly<Record<string, readonly string[]>>;
  readonly nodes: readonly DrawnNode[];
  readonly bound: readonly Pod[];
  readonly pending: readonly Pod[];
  readonly daemons: readonly Pod[];
  readonly namespaces: readonly Json[];
  readonly volumesOf: Readonly<Record<string, readonly (readonly Condition[])[]>>;
  readonly ignorePreferences: boolean;
  readonly bestEffort: boolean;
  readonly deferForReserved: boolean;
  readonly maxTypes: number;
}

const NODE_CLASS_REF: Json = { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default' };

const NAMESPACE_OBJECTS: readonly Json[] = [
  { metadata: { name: 'default', labels: { team: 'none' } } },
  { metadata: { name: 'team-a', labels: { team: 'a' } } },
];

export function drawSolveCase(draw: Draw): SolveCase {
  const hasReservations = draw.chance(0.25);
  const instanceTypes = drawTypes(draw, draw.pick([2, 4, 6, 8, 12, 16]), hasReservations);
  const typeNames = instanceTypes.map(({ name }) => name);
  const nodePools = draw
    .some(POOLS, draw.pick([1, 1, 2, 2, 3]))
    .map((name) => drawNodePool(draw, name, typeNames));
  const poolNames = nodePools.map(({ metadata }) => metadata.name);
  const nodes = drawNodes(draw, draw.pick([0, 0, 1, 2, 4]), instanceTypes, poolNames);
  const joined = nodes.flatMap(({ node }) => node?.metadata.name ?? []);
  const mix: PodMix = {
    others: draw.pick([0, 0.3, 0.6, 1, 2]),
    nodes: draw.pick([0, 0.3, 0.6, 1, 2]),
    typeNames,
    hostNames: joined,
  };
  const pending = drawPending(draw, mix);
  return {
    nodePools,
    instanceTypes,
    typesOf: draw.chance(0.2)
      ? { [poolNames[0]!]: draw.some(typeNames, draw.int(0, typeNames.length)) }
      : {},
    nodes,
    bound: joined.flatMap((name) =>
      Array.from({ length: draw.pick([0, 1, 2, 4]) }, (_, at) =>
        drawBoundPod(draw, `b-${name}-${at}`, name),
      ),
    ),
    pending,
    daemons: Array.from({ length: draw.pick([0, 0, 1, 2]) }, (_, at) => drawDaemon(draw, mix, at)),
    namespaces: NAMESPACE_OBJECTS,
    volumesOf: draw.chance(0.15) ? drawVolumes(draw, pending) : {},
    ignorePreferences: draw.chance(0.1),
    bestEffort: draw.chance(0.2),
    deferForReserved: draw.chance(0.6),
    // What has no reservation is as dear as can be once a claim is for reservations alone: which of those are cut is open.
    maxTypes: hasReservations ? 600 : draw.pick([600, 600, 600, 2, 4]),
  };
}

function drawPending(draw: Draw, mix: PodMix): Pod[] {
  const templates = draw.pick([1, 2, 3, 4]);
  return Array.from({ length: templates }, (_, at) =>
    drawPodsOfTemplate(draw, mix, at, draw.pick([1, 2, 3, 5, 8])),
  ).flat();
}

function drawNodePool(draw: Draw, name: string, typeNames: readonly string[]): NodePool {
  const isLimited = draw.chance(0.25);
  const limits = isLimited
    ? {
        ...draw.maybe(0.6, () => ({ cpu: draw.pick(['4', '10', '20', '40']) })),
        ...draw.maybe(0.4, () => ({ memory: draw.pick(['16Gi', '64Gi']) })),
        ...draw.maybe(0.3, () => ({ nodes: draw.pick(['1', '2', '3']) })),
      }
    : undefined;
  return {
    metadata: { name },
    spec: {
      ...draw.maybe(0.5, () => ({ weight: draw.pick([1, 10, 10, 50]) })),
      ...(limits === undefined ? {} : { limits }),
      template: {
        metadata: {
          labels: draw.chance(0.3) ? { [TEAM]: draw.pick(TEAMS) } : {},
        },
        spec: {
          requirements: draw.chance(0.4) ? [] : drawConditions(draw, typeNames),
          taints: drawTaints(draw),
          nodeClassRef: NODE_CLASS_REF,
        },
      },
    },
  };
}

function drawConditions(draw: Draw, typeNames: readonly string[]): Condition[] {
  const withMin = (probability: number) =>
    draw.maybe(probability, () => ({ minValues: draw.int(1, 3) }));
  const all: (() => Condition)[] = [
    () => ({
      key: ZONE,
      operator: draw.pick(['In', 'NotIn']),
      values: draw.some(ZONES, draw.int(1, 2)),
    }),
    () => ({
      key: CAPACITY_TYPE,
      operator: 'In',
      values: draw.pick([
        ['on-demand'],
        ['spot', 'on-demand'],
        ['spot'],
        ['reserved', 'on-demand', 'spot'],
      ]),
    }),
    () => ({
      key: ARCH,
      operator: 'In',
      values: draw.pick([['amd64'], ['arm64'], ['amd64', 'arm64']]),
    }),
    () => ({
      key: FAMILY,
      operator: draw.pick(['In', 'NotIn']),
      values: draw.some(FAMILIES, draw.int(1, 3)),
      ...withMin(0.3),
    }),
    () => ({ key: INSTANCE_TYPE, operator: 'Exists', values: [], ...withMin(0.7) }),
    () => ({
      key: CPU,
      operator: draw.pick(['Gt', 'Lt', 'Gte', 'Lte']),
      values: [draw.pick(['1', '2', '4', '8'])],
      ...withMin(0.2),
    }),
    () => ({
      key: INSTANCE_TYPE,
      operator: 'In',
      values: draw.some(typeNames, 4),
      ...withMin(0.4),
    }),
    () => ({
      key: TEAM,
      operator: draw.pick(['In', 'NotIn', 'Exists']),
      values: draw.some(TEAMS, 2),
    }),
  ];
  return draw.some(all, draw.pick([0, 1, 2, 3])).map((one) => {
    const condition = one();
    return condition.operator === 'Exists' ? { ...condition, values: [] } : condition;
  });
}

function drawDaemon(draw: Draw, mix: PodMix, at: number): Pod {
  const name = `agent-${at}`;
  return {
    metadata: { name, namespace: 'default', uid: `uid-${name}`, labels: { app: 'agent' } },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'registry.example/agent:1',
          resources: {
            requests: {
              cpu: draw.pick(['50m', '200m', '500m']),
              memory: draw.pick(['64Mi', '512Mi', '1Gi']),
            },
          },
          ...draw.maybe(0.2, () => ({
            ports: [{ containerPort: 80, hostPort: draw.pick([80, 8080]), protocol: 'TCP' }],
          })),
        },
      ],
      ...draw.maybe(0.3, () => ({ nodeSelector: { [ARCH]: draw.pick(['amd64', 'arm64']) } })),
      ...draw.maybe(0.25, () => ({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: Array.from({ length: draw.pick([1, 2]) }, () =>
                drawTerm(draw, mix),
              ),
            },
          },
        },
      })),
      ...draw.maybe(0.6, () => ({ tolerations: drawTolerations(draw) })),
    },
  };
}

function drawVolumes(draw: Draw, pending: readonly Pod[]): SolveCase['volumesOf'] {
  return Object.fromEntries(
    pending
      .filter(() => draw.chance(0.5))
      .map(({ metadata }) => [
        metadata.name,
        Array.from({ length: draw.pick([1, 1, 2]) }, () => [
          { key: ZONE, operator: 'In' as const, values: draw.some(ZONES, draw.pick([1, 1, 2])) },
          ...(draw.chance(0.1)
            ? [{ key: TEAM, operator: 'In' as const, values: [draw.pick(TEAMS)] }]
            : []),
        ]),
      ]),
  );
}
