/** Pods for a solve: those of a few templates, each with any mix of constraints. */

import type { Json, Pod, PodSpec } from '../kubernetes/api-objects.ts';
import type { Draw } from '../draw.ts';
import {
  APPS,
  ARCH,
  CAPACITY_TYPE,
  CPU,
  FAMILIES,
  FAMILY,
  GPU,
  HOSTNAME,
  INSTANCE_TYPE,
  NAMESPACES,
  NODE_POOL,
  POOLS,
  RACK,
  TEAM,
  TEAMS,
  ZONE,
  ZONES,
} from './vocabulary.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** How often a pod has what bears on other pods. */
export interface PodMix {
  readonly others: number;
  readonly nodes: number;
  readonly typeNames: readonly string[];
  readonly hostNames: readonly string[];
}

/** Pods of one template, with names that sort as they are numbered. */
export function drawPodsOfTemplate(draw: Draw, mix: PodMix, at: number, count: number): Pod[] {
  const labels = {
    app: draw.pick(APPS),
    ...draw.maybe(0.5, () => ({ tier: draw.pick(['front', 'back']) })),
  };
  const namespace = draw.chance(0.15) ? draw.pick(NAMESPACES) : 'default';
  const spec = drawSpec(draw, mix);
  return Array.from({ length: count }, (_, number) => {
    const name = `p${at}-${`${number}`.padStart(2, '0')}`;
    const second = draw.pick([0, 0, 0, 1, 2]);
    return {
      metadata: {
        name,
        namespace,
        uid: `uid-${draw.int(100, 999)}-${name}`,
        labels,
        creationTimestamp: `2026-01-15T11:00:0${second}Z`,
      },
      spec,
      status: { phase: 'Pending' },
    };
  });
}

function drawSpec(draw: Draw, mix: PodMix): PodSpec {
  const affinity = drawAffinity(draw, mix);
  const spreads = draw.chance(0.35 * mix.others) ? drawSpreads(draw) : [];
  const nodeSelector = draw.chance(0.2 * mix.nodes) ? drawSelector(draw, mix) : {};
  const tolerations = draw.chance(0.4) ? drawTolerations(draw) : [];
  return {
    containers: [
      {
        name: 'main',
        image: 'registry.example/app:1',
        resources: { requests: drawRequests(draw) },
        ...draw.maybe(0.08, () => ({ ports: drawPorts(draw) })),
      },
    ],
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(Object.keys(affinity).length > 0 ? { affinity } : {}),
    ...(spreads.length > 0 ? { topologySpreadConstraints: spreads } : {}),
    ...(tolerations.length > 0 ? { tolerations } : {}),
  };
}

function drawRequests(draw: Draw): Readonly<Record<string, string>> {
  return {
    cpu: draw.pick(['100m', '250m', '500m', '500m', '500m', '900m', '1', '1', '1500m', '3', '7']),
    memory: draw.pick(['64Mi', '512Mi', '512Mi', '1Gi', '2Gi', '4Gi', '12Gi']),
    ...draw.maybe(0.04, () => ({ [GPU]: '1' })),
  };
}

function drawPorts(draw: Draw): Json[] {
  return [
    {
      containerPort: 80,
      hostPort: draw.pick([80, 8080]),
      protocol: draw.pick(['TCP', 'TCP', 'UDP']),
      ...draw.maybe(0.3, () => ({ hostIP: draw.pick(['10.0.0.1', '10.0.0.2', '0.0.0.0']) })),
    },
  ];
}

function drawSelector(draw: Draw, mix: PodMix): Readonly<Record<string, string>> {
  return draw.pick<() => Readonly<Record<string, string>>>([
    () => ({ [ZONE]: draw.pick(ZONES) }),
    () => ({ [CAPACITY_TYPE]: draw.pick(['spot', 'on-demand', 'reserved']) }),
    () => ({ [ARCH]: draw.pick(['amd64', 'amd64', 'arm64']) }),
    () => ({ [ZONE]: draw.pick(ZONES) }),
    () => ({ [TEAM]: draw.pick(TEAMS) }),
    () => ({ [NODE_POOL]: draw.pick(POOLS) }),
    () => ({ [FAMILY]: draw.pick(FAMILIES), [ZONE]: draw.pick(ZONES) }),
    () => ({ 'failure-domain.beta.kubernetes.io/zone': draw.pick(ZONES) }),
    () => ({ [HOSTNAME]: draw.pick([...mix.hostNames, 'nobody']) }),
  ])();
}

export function drawTerm(draw: Draw, mix: PodMix): Json {
  const one = (): Json =>
    draw.pick<() => Json>([
      () => ({
        key: ZONE,
        operator: draw.pick(['In', 'NotIn']),
        values: draw.some(ZONES, draw.int(1, 2)),
      }),
      () => ({ key: CAPACITY_TYPE, operator: 'In', values: [draw.pick(['spot', 'on-demand'])] }),
      () => ({
        key: CPU,
        operator: draw.pick(['Gt', 'Lt']),
        values: [draw.pick(['1', '2', '4', '8'])],
      }),
      () => ({
        key: INSTANCE_TYPE,
        operator: draw.pick(['In', 'NotIn']),
        values: draw.some(mix.typeNames, 2),
      }),
      () => ({ key: TEAM, operator: draw.pick(['In', 'NotIn']), values: [draw.pick(TEAMS)] }),
      () => ({ key: TEAM, operator: draw.pick(['Exists', 'DoesNotExist']) }),
      () => ({
        key: RACK,
        operator: draw.pick(['In', 'NotIn']),
        values: [draw.pick(['r1', 'r2'])],
      }),
      () => ({ key: FAMILY, operator: draw.pick(['In', 'NotIn']), values: draw.some(FAMILIES, 2) }),
      () => ({
        key: HOSTNAME,
        operator: 'NotIn',
        values: [draw.pick([...mix.hostNames, 'nobody'])],
      }),
    ])();
  return { matchExpressions: draw.chance(0.7) ? [one()] : [one(), one()] };
}

function drawAffinity(draw: Draw, mix: PodMix): { [key: string]: Json } {
  const nodeAffinity = {
    ...draw.maybe(0.2 * mix.nodes, () => ({
      [REQUIRED]: {
        nodeSelectorTerms: Array.from({ length: draw.pick([1, 1, 2, 3]) }, () =>
          drawTerm(draw, mix),
        ),
      },
    })),
    ...draw.maybe(0.2 * mix.nodes, () => ({
      [PREFERRED]: Array.from({ length: draw.pick([1, 1, 2, 3]) }, () => ({
        weight: draw.pick([1, 10, 10, 50]),
        preference: drawTerm(draw, mix),
      })),
    })),
  };
  const terms = (probability: number) => ({
    ...draw.maybe(probability * mix.others, () => ({ [REQUIRED]: drawPodTerms(draw) })),
    ...draw.maybe(probability * 0.6 * mix.others, () => ({
      [PREFERRED]: drawPodTerms(draw).map((podAffinityTerm) => ({
        weight: draw.pick([1, 10, 10, 100]),
        podAffinityTerm,
      })),
    })),
  });
  const podAffinity = terms(0.18);
  const podAntiAffinity = terms(0.22);
  return {
    ...(Object.keys(nodeAffinity).length > 0 ? { nodeAffinity } : {}),
    ...(Object.keys(podAffinity).length > 0 ? { podAffinity } : {}),
    ...(Object.keys(podAntiAffinity).length > 0 ? { podAntiAffinity } : {}),
  };
}

export function drawPodTerms(draw: Draw): Json[] {
  return Array.from({ length: draw.pick([1, 1, 1, 2]) }, () => ({
    topologyKey: drawTopologyKey(draw),
    ...draw.maybe(0.95, () => ({ labelSelector: drawSelectorOfPods(draw) })),
    ...draw.maybe(0.1, () => ({ namespaces: draw.some(NAMESPACES, draw.int(1, 2)) })),
    ...draw.maybe(0.07, () => ({
      namespaceSelector: draw.pick<Json>([{}, { matchLabels: { team: 'a' } }]),
    })),
  }));
}

function drawTopologyKey(draw: Draw): string {
  return draw.pick([
    ZONE,
    ZONE,
    ZONE,
    HOSTNAME,
    HOSTNAME,
    HOSTNAME,
    CAPACITY_TYPE,
    TEAM,
    ARCH,
    INSTANCE_TYPE,
  ]);
}

function drawSelectorOfPods(draw: Draw): Json {
  return draw.pick<() => Json>([
    () => ({ matchLabels: { app: draw.pick(APPS) } }),
    () => ({ matchLabels: { app: draw.pick(APPS) } }),
    () => ({
      matchExpressions: [
        { key: 'app', operator: draw.pick(['In', 'NotIn']), values: draw.some(APPS, 2) },
      ],
    }),
    () => ({
      matchExpressions: [{ key: 'tier', operator: draw.pick(['Exists', 'DoesNotExist']) }],
    }),
    () => ({}),
  ])();
}

function drawSpreads(draw: Draw): Json[] {
  return Array.from({ length: draw.pick([1, 1, 2]) }, () => ({
    topologyKey: drawTopologyKey(draw),
    maxSkew: draw.pick([1, 1, 1, 2]),
    whenUnsatisfiable: draw.pick(['DoNotSchedule', 'DoNotSchedule', 'ScheduleAnyway']),
    labelSelector: drawSelectorOfPods(draw),
    ...draw.maybe(0.15, () => ({ matchLabelKeys: ['tier'] })),
    ...draw.maybe(0.2, () => ({ nodeAffinityPolicy: draw.pick(['Honor', 'Ignore']) })),
    ...draw.maybe(0.2, () => ({ nodeTaintsPolicy: draw.pick(['Honor', 'Ignore']) })),
  })).map((one, at) =>
    // Only hard constraints may state it.
    at === 0 && one.whenUnsatisfiable === 'DoNotSchedule' && draw.chance(0.2)
      ? { ...one, minDomains: draw.int(1, 4) }
      : one,
  );
}

export function drawTolerations(draw: Draw): Json[] {
  return draw.some<Json>(
    [
      { key: 'dedicated', operator: 'Equal', value: 'batch', effect: 'NoSchedule' },
      { key: 'dedicated', operator: 'Exists' },
      { key: 'soft', operator: 'Exists', effect: 'PreferNoSchedule' },
      { operator: 'Exists', effect: 'NoSchedule' },
    ],
    draw.int(1, 2),
  );
}
