/**
 * What HorizontalPodAutoscalers, ScaledObjects and VerticalPodAutoscalers of manifests say of a service.
 *
 * Metrics    of resources alone: what nothing measures here is left out and told; without any other the replicas stay as
 *            they are. A ScaledObject scales on its cpu and memory triggers, as the autoscaler that KEDA makes of it would.
 * Requests   of a pod as a whole: the policy for all containers, else the first one.
 */

import type {
  HorizontalAutoscalerSpec,
  MetricSpec,
  ObjectName,
  ScaledObjectSpec,
  ScaledObjectTrigger,
  TargetRef,
  VerticalAutoscalerSpec,
} from '../../cluster/controller-specs.ts';
import type { Amounts, PodTemplate } from '../../cluster/pod-template.ts';
import type {
  ManifestService,
  ManifestWorkloads,
} from '../../workload/manifests/manifest-workloads.ts';
import type { ResizedService, ScaledService } from './workloads.ts';
import type { World } from './world.ts';

interface Scaling {
  readonly scaled: ScaledService[];
  readonly resized: ResizedService[];
}

type Scaler = Pick<
  HorizontalAutoscalerSpec,
  'minReplicas' | 'maxReplicas' | 'metrics' | 'behavior'
>;

const MODES = {
  Off: 'off',
  Initial: 'initial',
  Recreate: 'recreate',
  InPlaceOrRecreate: 'in-place-or-recreate',
} as const;

const RESOURCES = ['cpu', 'memory'];

/** `name` is how notes call the service. */
export function scaleByManifests(
  world: World,
  name: string,
  found: ManifestWorkloads,
  service: ManifestService,
  row: number,
  { scaled, resized }: Scaling,
): void {
  const tell = (message: string) => void world.notes.push(`${name}: ${message}`);
  const isTarget = ({ target }: { readonly target: TargetRef }) =>
    target.kind === service.owner.kind && isSame(target, service.owner);
  const object = found.scaledObjects.find(isTarget);
  const scaler = found.horizontalAutoscalers.find(isTarget) ?? (object && scalerOf(object, tell));
  if (scaler !== undefined) {
    const chosen = scaledService(world, service, row, scaler, tell);
    if (chosen !== undefined) scaled.push(chosen);
  }
  const vertical = found.verticalAutoscalers.find(isTarget);
  if (vertical !== undefined) {
    const resizing = resizingOf(
      vertical,
      world.cluster.specs.podOf(world.cluster.workloads.spec[row]!),
    );
    const { evictionRequirements } = vertical;
    resized.push({ workload: row, statesMemory: false, resizing, evictionRequirements });
  }
}

function scaledService(
  { cluster: { workloads } }: World,
  { replicas }: ManifestService,
  row: number,
  { metrics: all, minReplicas, maxReplicas, behavior }: Scaler,
  tell: (message: string) => void,
): ScaledService | undefined {
  const metrics = all.filter((metric) => metric.kind === 'resource');
  for (const metric of all) {
    if (metric.kind === 'resource') continue;
    tell(`scaled without the metric ${metric.metric.name}, which nothing measures here`);
  }
  if (metrics.length === 0) return undefined;
  workloads.minimum[row] = minReplicas;
  workloads.maximum[row] = maxReplicas;
  workloads.desired[row] = Math.min(maxReplicas, Math.max(minReplicas, replicas));
  const scaling = {
    targetFraction: cpuFraction(metrics),
    metrics,
    ...(behavior === undefined ? {} : { behavior }),
  };
  return { workload: row, minimum: minReplicas, maximum: maxReplicas, scaling };
}

/** What ECS, which knows the CPU alone, aims at. */
function cpuFraction(metrics: readonly MetricSpec[]): number {
  for (const metric of metrics) {
    const isCpu = metric.kind === 'resource' && metric.resource === 'cpu';
    if (isCpu && metric.target.kind === 'utilization') return metric.target.percent / 100;
  }
  return 0.8;
}

/** At least one replica: only triggers that nothing measures here would take the last one away (kubernetes.md 4.3). */
function scalerOf(object: ScaledObjectSpec, tell: (message: string) => void): Scaler | undefined {
  if (object.isPaused) {
    tell('its ScaledObject is paused');
    return undefined;
  }
  const { minReplicas, maxReplicas, triggers, behavior } = object;
  for (const { type } of triggers.filter((trigger) => !isResource(trigger))) {
    tell(`scaled without the trigger ${type}, which nothing measures here`);
  }
  return {
    minReplicas: Math.max(1, minReplicas),
    maxReplicas,
    metrics: triggers.filter(isResource).map(({ type, metadata }) => ({
      kind: 'resource',
      resource: type,
      target: { kind: 'utilization', percent: Number(metadata['value']) },
    })),
    ...(behavior === undefined ? {} : { behavior }),
  };
}

function isResource({ type, metricType, metadata }: ScaledObjectTrigger): boolean {
  const isUtilization = (metadata['type'] ?? metricType) === 'Utilization';
  return RESOURCES.includes(type) && isUtilization && Number(metadata['value']) > 0;
}

function resizingOf(
  { updateMode, minReplicas, containerPolicies }: VerticalAutoscalerSpec,
  pod: PodTemplate | undefined,
): ResizedService['resizing'] {
  const policy =
    containerPolicies.find(({ container }) => container === '*') ?? containerPolicies[0];
  return {
    mode: policy?.mode === 'Off' ? 'off' : MODES[updateMode],
    restartOnResize: (['cpu', 'memory'] as const).filter((resource) =>
      pod?.containers.some(({ restartOnResize }) => restartOnResize?.includes(resource)),
    ),
    minReplicas: minReplicas ?? 2,
    minAllowed: allowed(policy?.minAllowed ?? {}),
    maxAllowed: allowed(policy?.maxAllowed ?? {}),
    controlledValues:
      policy?.controlledValues === 'RequestsOnly' ? 'requests-only' : 'requests-and-limits',
  };
}

function allowed({ cpu, memory }: Amounts): { cpuMilli?: number; memoryBytes?: number } {
  return {
    ...(cpu === undefined ? {} : { cpuMilli: cpu }),
    ...(memory === undefined ? {} : { memoryBytes: memory }),
  };
}

function isSame(a: ObjectName, b: ObjectName): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}
