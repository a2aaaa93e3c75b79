/** Nodes that there are already: of other owners, of Karpenter, and its NodeClaims whose nodes have yet to come. */

import type { Json, Labels, Node, Pod } from '../kubernetes/api-objects.ts';
import type { Draw } from '../draw.ts';
import type { DrawnType } from './instance-types.ts';
import {
  APPS,
  ARCH,
  CAPACITY_TYPE,
  FAMILY,
  HOSTNAME,
  INSTANCE_TYPE,
  NODE_POOL,
  OS,
  RACK,
  TEAM,
  TEAMS,
  ZONE,
  ZONES,
} from './vocabulary.ts';
import { drawPodTerms } from './solve-pods.ts';

export interface DrawnNode {
  readonly node?: Node & { readonly spec: { readonly providerID: string } };
  readonly claim?: NodeClaim;
}

export interface NodeClaim {
  readonly metadata: { readonly name: string; readonly labels: Labels };
  readonly spec: { readonly taints: readonly Json[]; readonly startupTaints: readonly Json[] };
  readonly status: {
    readonly providerID: string;
    readonly capacity: Readonly<Record<string, string>>;
    readonly allocatable: Readonly<Record<string, string>>;
  };
}

const STARTUP: Json = { key: 'example.com/starting', effect: 'NoSchedule' };
const NOT_READY: Json = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

export function drawNodes(
  draw: Draw,
  count: number,
  types: readonly DrawnType[],
  pools: readonly string[],
): DrawnNode[] {
  return Array.from({ length: count }, (_, at) => drawNode(draw, `n-${at}`, types, pools));
}

function drawNode(
  draw: Draw,
  name: string,
  types: readonly DrawnType[],
  pools: readonly string[],
): DrawnNode {
  const type = draw.pick(types);
  const isManaged = pools.length > 0 && draw.chance(0.6);
  const isJoined = !isManaged || draw.chance(0.75);
  const isRegistered = isJoined && draw.chance(0.85);
  const isInitialized = isRegistered && draw.chance(0.8);
  const labels = drawLabels(draw, name, type);
  const own: Labels = { ...labels, ...(isManaged ? { [NODE_POOL]: draw.pick(pools) } : {}) };
  const taints = drawTaints(draw);
  const capacity = { ...type.capacity };
  const allocatable = {
    ...capacity,
    cpu: `${Number(type.capacity['cpu']) * 1000 - 100}m`,
    ...draw.maybe(0.2, () => ({ pods: draw.pick(['2', '3']) })),
  };
  const providerID = `aws:///${name}`;
  const claim: NodeClaim = {
    metadata: { name, labels: without(own, HOSTNAME) },
    spec: { taints, startupTaints: [STARTUP] },
    status: { providerID, capacity, allocatable },
  };
  if (!isJoined) return { claim };
  const marks: Labels = isManaged
    ? {
        ...(isRegistered ? { 'karpenter.sh/registered': 'true' } : {}),
        ...(isInitialized ? { 'karpenter.sh/initialized': 'true' } : {}),
      }
    : {};
  const passing = [STARTUP, NOT_READY].filter(() => draw.chance(isInitialized ? 0.05 : 0.5));
  const node = {
    metadata: { name, uid: `uid-${name}`, labels: { ...own, ...marks } },
    spec: { providerID, taints: [...taints, ...passing] },
    status: {
      capacity: isInitialized || draw.chance(0.5) ? capacity : { ...capacity, memory: '0' },
      allocatable: isInitialized || draw.chance(0.5) ? allocatable : { ...allocatable, cpu: '0' },
    },
  };
  return isManaged ? { node, claim } : { node };
}

function drawLabels(draw: Draw, name: string, type: DrawnType): Labels {
  const valueOf = (wanted: string) =>
    type.requirements.find(({ key }) => key === wanted)!.values[0]!;
  return {
    [HOSTNAME]: name,
    [ZONE]: draw.pick([...ZONES, 'z-other']),
    [INSTANCE_TYPE]: type.name,
    [ARCH]: valueOf(ARCH),
    [OS]: 'linux',
    [FAMILY]: valueOf(FAMILY),
    [CAPACITY_TYPE]: draw.pick(['on-demand', 'spot']),
    ...draw.maybe(0.4, () => ({ [TEAM]: draw.pick(TEAMS) })),
    ...draw.maybe(0.2, () => ({ [RACK]: draw.pick(['r1', 'r2']) })),
  };
}

export function drawTaints(draw: Draw): Json[] {
  return [
    ...(draw.chance(0.07) ? [{ key: 'dedicated', value: 'batch', effect: 'NoSchedule' }] : []),
    ...(draw.chance(0.12) ? [{ key: 'soft', value: 'yes', effect: 'PreferNoSchedule' }] : []),
  ];
}

/** A pod that runs on a node, sometimes one of a DaemonSet, sometimes on its way out. */
export function drawBoundPod(draw: Draw, name: string, nodeName: string): Pod {
  const isDaemon = draw.chance(0.2);
  const state = draw.pick(['Running', 'Running', 'Running', 'Running', 'Succeeded', 'leaving']);
  return {
    metadata: {
      name,
      namespace: draw.pick(['default', 'default', 'team-a']),
      uid: `uid-${name}`,
      labels: { app: draw.pick(APPS), ...draw.maybe(0.5, () => ({ tier: 'front' })) },
      ...(isDaemon ? { ownerReferences: [DAEMON_SET] } : {}),
      ...(state === 'leaving'
        ? {
            deletionTimestamp: '2026-01-15T11:59:00Z',
            deletionGracePeriodSeconds: 30,
            finalizers: ['example.com/wait'],
          }
        : {}),
    },
    spec: {
      nodeName,
      containers: [
        {
          name: 'main',
          image: 'registry.example/app:1',
          resources: {
            requests: {
              cpu: draw.pick(['50m', '200m', '1']),
              memory: draw.pick(['64Mi', '512Mi']),
            },
          },
          ...draw.maybe(0.15, () => ({
            ports: [{ containerPort: 80, hostPort: draw.pick([80, 8080]), protocol: 'TCP' }],
          })),
        },
      ],
      ...draw.maybe(0.15, () => ({
        affinity: {
          podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: drawPodTerms(draw) },
        },
      })),
    },
    status: { phase: state === 'leaving' ? 'Running' : state },
  };
}

const DAEMON_SET: Json = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  name: 'agent',
  uid: 'uid-agent',
  controller: true,
};

function without(labels: Labels, key: string): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([one]) => one !== key));
}
