/** A horizontal autoscaler's question: how many replicas does this metric call for, and how many do the limits allow? */

import type { Json, Pod } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { instant, NOW_SECONDS } from './vocabulary.ts';

// Age at which the calculator's patience with a fresh pod ends. No age is exactly this, because the real code reads a
// clock that never stands on a whole second.
const INITIALIZATION_SECONDS = 300;

export interface ReplicasCase {
  readonly now: string;
  readonly hpa: Json;
  readonly metric: string;
  readonly current: number;
  readonly target: number;
  readonly down: number;
  readonly up: number;
  readonly resource: string;
  readonly container: string;
  readonly pods: readonly Pod[];
  readonly samples: { readonly [pod: string]: Json };
  readonly object: number;
  readonly external: readonly number[];
  readonly recommendations: readonly Json[];
  readonly ups: readonly Json[];
  readonly downs: readonly Json[];
}

const METRICS = [
  'utilization',
  'utilization',
  'utilization',
  'averageValue',
  'pods',
  'object',
  'objectPerPod',
  'external',
  'externalPerPod',
] as const;

export function drawReplicasCase(draw: Draw): ReplicasCase {
  const metric = draw.pick(METRICS);
  const resource = draw.pick(['cpu', 'cpu', 'memory']);
  const load = draw.pick([0.3, 0.8, 1, 1.05, 1.5, 4]);
  const target =
    metric === 'utilization' ? draw.pick([50, 60, 80, 100, 120]) : draw.int(1, 40) * 25;
  const pods = Array.from({ length: draw.int(1, 20) }, (_, index) =>
    drawScaledPod(draw, index, resource),
  );
  const missing = draw.pick([0, 0, 0.1, 0.4]);
  return {
    now: instant(NOW_SECONDS),
    hpa: drawAutoscaler(draw),
    metric,
    current: draw.chance(0.8)
      ? pods.length
      : draw.int(metric === 'externalPerPod' || metric === 'objectPerPod' ? 1 : 0, 30),
    target,
    down: draw.pick([0.1, 0.1, 0, 0.25]),
    up: draw.pick([0.1, 0.1, 0, 0.25]),
    resource,
    container:
      metric === 'utilization' && draw.chance(0.2) ? draw.pick(['main', 'side', 'none']) : '',
    pods,
    samples: drawSamples(
      draw,
      pods,
      metric === 'utilization' ? 5 * target * load : target * load,
      missing,
    ),
    object: draw.int(0, 60) * draw.int(1, 400),
    external: Array.from({ length: draw.int(0, 4) }, () => draw.int(0, 9000)),
    ...drawHistory(draw, pods.length),
  };
}

/** An age in whole seconds that is not the limit. */
function drawAge(draw: Draw, limit: number): number {
  const age = draw.pick([draw.int(1, 60), draw.int(30, 700), draw.int(1000, 80_000)]);
  return age === limit ? age + 1 : age;
}

function drawScaledPod(draw: Draw, index: number, resource: string): Pod {
  const request = resource === 'cpu' ? '500m' : '512Mi';
  const age = drawAge(draw, INITIALIZATION_SECONDS);
  const phase = draw.chance(0.85) ? 'Running' : draw.pick(['Pending', 'Failed', 'Succeeded']);
  const side = {
    name: 'side',
    image: 'registry.example/tool:1',
    resources: { requests: { [resource]: draw.pick(['100m', '1']) } },
  };
  const bare = draw.chance(0.008);
  return {
    metadata: {
      name: `pod-${index}`,
      namespace: 'default',
      uid: `uid-${index}`,
      ...draw.maybe(0.05, () => ({
        deletionTimestamp: instant(NOW_SECONDS + 10),
        deletionGracePeriodSeconds: 30,
      })),
    },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'registry.example/shop:1',
          resources: bare ? {} : { requests: { [resource]: request } },
        },
        ...(draw.chance(0.1) ? [side] : []),
      ],
      ...draw.maybe(0.05, () => ({
        initContainers: [{ ...side, name: 'sidecar', restartPolicy: 'Always' }],
      })),
      ...draw.maybe(0.03, () => ({
        resources: { requests: { [resource]: resource === 'cpu' ? '3' : '2Gi' } },
      })),
    },
    status: {
      phase,
      ...draw.maybe(0.95, () => ({ startTime: instant(NOW_SECONDS - age) })),
      conditions: draw.chance(0.97)
        ? [
            {
              type: 'Ready',
              status: draw.chance(0.85) ? 'True' : 'False',
              lastTransitionTime: instant(NOW_SECONDS - draw.int(0, age)),
            },
          ]
        : [],
    },
  };
}

function drawSamples(
  draw: Draw,
  pods: readonly Pod[],
  mean: number,
  missing: number,
): { [pod: string]: Json } {
  const samples: { [pod: string]: Json } = {};
  for (const pod of pods) {
    if (draw.chance(missing)) continue;
    samples[pod.metadata.name] = {
      value: Math.round((mean * draw.int(60, 140)) / 100),
      at: instant(NOW_SECONDS - draw.int(0, 60)),
      windowSeconds: draw.pick([15, 30, 60]),
    };
  }
  return samples;
}

function drawAutoscaler(draw: Draw): Json {
  const minReplicas = draw.pick([1, 1, 2, 5]);
  const behavior = {
    ...draw.maybe(0.6, () => ({ scaleUp: drawRules(draw) })),
    ...draw.maybe(0.6, () => ({ scaleDown: drawRules(draw) })),
  };
  return {
    metadata: { name: 'the-only-one', namespace: 'default' },
    spec: {
      scaleTargetRef: { kind: 'Deployment', name: 'shop', apiVersion: 'apps/v1' },
      minReplicas,
      maxReplicas: minReplicas + draw.pick([1, 5, 30, 200]),
      ...(Object.keys(behavior).length > 0 && draw.chance(0.7) ? { behavior } : {}),
    },
  };
}

function drawRules(draw: Draw): Json {
  const policy = (): Json => ({
    type: draw.pick(['Pods', 'Percent']),
    value: draw.pick([1, 2, 4, 10, 33, 50, 100]),
    periodSeconds: draw.pick([15, 60, 120]),
  });
  return {
    ...draw.maybe(0.5, () => ({ stabilizationWindowSeconds: draw.pick([0, 60, 300]) })),
    ...draw.maybe(0.6, () => ({ selectPolicy: draw.pick(['Max', 'Min', 'Disabled']) })),
    ...draw.maybe(0.7, () => ({ policies: Array.from({ length: draw.int(1, 2) }, policy) })),
  };
}

// Ages stop short of the windows and periods in whole seconds, for the same reason as those of pods.
function drawHistory(
  draw: Draw,
  current: number,
): Pick<ReplicasCase, 'recommendations' | 'ups' | 'downs'> {
  const past = (low: number, high: number): Json => {
    const age = draw.int(1, 400);
    const onLimit = [15, 60, 120, 300].includes(age);
    return { replicas: draw.int(low, high), at: instant(NOW_SECONDS - (onLimit ? age + 1 : age)) };
  };
  const list = (count: number, low: number, high: number): Json[] =>
    Array.from({ length: count }, () => past(low, high));
  return {
    recommendations: list(draw.int(0, 6), 1, current + 6),
    ups: list(draw.int(0, 3), 1, 5),
    downs: list(draw.int(0, 3), 1, 5),
  };
}
