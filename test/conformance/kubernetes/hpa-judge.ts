/** Asks our replica calculator and our limits what the horizontal pod autoscaler was asked. */

import {
  PodCensus,
  replicasForPods,
  replicasForTotal,
  replicasForValue,
} from '../../../src/autoscaling/hpa/replica-calculator.ts';
import { ScalingHistory } from '../../../src/autoscaling/hpa/scaling-history.ts';
import { completeBehavior } from '../../../src/cluster/scaling-behavior.ts';
import { US_PER_SECOND } from '../../../src/base/units.ts';
import { parseKubernetesQuantity } from '../../../src/workload/manifests/kubernetes-quantity.ts';
import type { Container, Pod } from './api-objects.ts';
import type { MaybeProposal, PodTarget } from '../../../src/autoscaling/hpa/replica-calculator.ts';
import type { ReplicasCase } from './replicas-case.ts';
import type { ScaledPod } from '../../../src/autoscaling/hpa/scaled-pod.ts';
import type { ScalingBehavior } from '../../../src/cluster/controller-specs.ts';
import type { Timed } from '../../../src/autoscaling/hpa/scaling-history.ts';
import type { WrittenRules } from '../../../src/cluster/scaling-behavior.ts';

interface Answer {
  readonly replicas: number;
  readonly utilization?: number;
  readonly usage?: number;
  readonly error?: boolean;
  readonly normalized?: number;
}

export function judgeHpa(input: unknown, output: unknown): string | undefined {
  const real = output as Answer;
  const ours = answer(input as ReplicasCase);
  for (const key of ['error', 'replicas', 'utilization', 'usage', 'normalized'] as const) {
    const expected = real[key] ?? 0;
    const found = ours[key] ?? 0;
    if (expected !== found) return `${key}: expected ${expected}, found ${found}`;
    if (real.error === true) return undefined;
  }
  return undefined;
}

function answer(asked: ReplicasCase): Answer {
  const proposal = propose(asked);
  if (proposal === undefined) return { replicas: 0, error: true };
  return { ...proposal, normalized: normalized(asked, proposal.replicas) };
}

function propose(asked: ReplicasCase): MaybeProposal {
  const { metric, target, current, down, up } = asked;
  const pods = asked.pods.map((pod) => scaledPod(asked, pod));
  const tolerance = { down, up };
  const total = asked.external.reduce((sum, value) => sum + value, 0);
  const counts = { count: pods.length, ready: pods.filter(isReady).length };
  switch (metric) {
    case 'utilization':
      return ofPods(asked, pods, { kind: 'utilization', percent: target });
    case 'averageValue':
    case 'pods':
      return ofPods(asked, pods, { kind: 'average', value: target });
    case 'object':
      return replicasForValue(asked.object, target, current, tolerance, counts);
    case 'external':
      return replicasForValue(total, target, current, tolerance, counts);
    case 'objectPerPod':
      return replicasForTotal(asked.object, target, current, tolerance);
    case 'externalPerPod':
      return replicasForTotal(total, target, current, tolerance);
    default:
      throw new Error(`expected a known metric; found ${metric}`);
  }
}

function ofPods(asked: ReplicasCase, pods: readonly ScaledPod[], target: PodTarget): MaybeProposal {
  const isCpu = asked.metric !== 'pods' && asked.resource === 'cpu';
  const census = new PodCensus(target, isCpu, microseconds(asked.now));
  for (const pod of pods) census.add(pod);
  return replicasForPods(census, asked.current, { down: asked.down, up: asked.up });
}

function isReady({ phase, ready }: ScaledPod): boolean {
  return phase === 'Running' && ready?.status === 'True';
}

function scaledPod(asked: ReplicasCase, pod: Pod): ScaledPod {
  const { status, metadata } = pod;
  const [condition] = (status?.conditions ?? []) as {
    status: 'True' | 'False';
    lastTransitionTime: string;
  }[];
  const sample = asked.samples[metadata.name] as
    { value: number; at: string; windowSeconds: number } | undefined;
  return {
    phase: status!.phase as ScaledPod['phase'],
    isTerminating: metadata.deletionTimestamp !== undefined,
    startTimeUs: status!.startTime === undefined ? NaN : microseconds(status!.startTime),
    ...(condition === undefined
      ? {}
      : {
          ready: {
            status: condition.status,
            sinceUs: microseconds(condition.lastTransitionTime),
          },
        }),
    request: requestOf(asked, pod),
    ...(sample === undefined
      ? {}
      : {
          sample: {
            value: sample.value,
            atUs: microseconds(sample.at),
            windowUs: sample.windowSeconds * US_PER_SECOND,
          },
        }),
  };
}

/** In thousandths, as the real code counts every resource. */
function requestOf({ resource, container }: ReplicasCase, { spec }: Pod): number | undefined {
  const ofPod = spec.resources?.requests?.[resource];
  if (ofPod !== undefined && container === '') return milli(ofPod);
  const sidecars = (spec.initContainers ?? []).filter((one) => one.restartPolicy === 'Always');
  const counted = [...spec.containers, ...sidecars].filter(
    ({ name }) => container === '' || name === container,
  );
  const requests = counted.map((one: Container) => milli(one.resources?.requests?.[resource]));
  if (requests.length === 0) return undefined;
  return requests.reduce((sum, one) =>
    sum === undefined || one === undefined ? undefined : sum + one,
  );
}

function milli(quantity: string | undefined): number | undefined {
  return quantity === undefined ? undefined : parseKubernetesQuantity(quantity, 'milli')!;
}

function normalized(asked: ReplicasCase, proposed: number): number {
  const { minReplicas, maxReplicas, behavior } = (
    asked.hpa as unknown as {
      spec: { minReplicas: number; maxReplicas: number; behavior?: Behavior };
    }
  ).spec;
  const history = new ScalingHistory();
  history.restore({
    recommendations: timed(asked.recommendations),
    added: timed(asked.ups),
    removed: timed(asked.downs),
  });
  return history.normalize(
    proposed,
    asked.current,
    { minimum: minReplicas, maximum: maxReplicas },
    behavior === undefined ? undefined : behaviorOf(behavior),
    microseconds(asked.now),
  );
}

interface Rules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: 'Max' | 'Min' | 'Disabled';
  readonly policies?: readonly { type: 'Pods' | 'Percent'; value: number; periodSeconds: number }[];
}

interface Behavior {
  readonly scaleUp?: Rules;
  readonly scaleDown?: Rules;
}

function behaviorOf({ scaleUp, scaleDown }: Behavior): ScalingBehavior {
  return completeBehavior({ scaleUp: rulesOf(scaleUp), scaleDown: rulesOf(scaleDown) });
}

function rulesOf(rules: Rules = {}): WrittenRules {
  const { stabilizationWindowSeconds: seconds, selectPolicy, policies } = rules;
  return {
    stabilizationUs: seconds === undefined ? undefined : seconds * US_PER_SECOND,
    selectPolicy,
    policies: policies?.map(({ type, value, periodSeconds }) => ({
      kind: type,
      value,
      periodUs: periodSeconds * US_PER_SECOND,
    })),
  };
}

function timed(entries: ReplicasCase['recommendations']): Timed[] {
  return (entries as { replicas: number; at: string }[]).map(({ replicas, at }) => ({
    replicas,
    atUs: microseconds(at),
  }));
}

function microseconds(instant: string): number {
  return Date.parse(instant) * 1000;
}
