/** Pods with any mix of constraints. */

import type { Json, Pod, PodSpec } from './api-objects.ts';
import { drawContainers } from './containers.ts';
import type { Draw } from '../draw.ts';
import { drawHostPorts } from './host-ports.ts';
import {
  drawNamedNodeTerms,
  drawNodeSelector,
  drawPreferredNodeTerms,
  drawRequiredNodeTerms,
} from './node-affinity.ts';
import { drawOwnerReferences } from './owners.ts';
import { drawAffinityTerms, drawWeightedAffinityTerms } from './pod-affinity.ts';
import { drawPodLabels } from './selectors.ts';
import { drawSpreadConstraints } from './spreading.ts';
import { drawTolerations } from './tolerations.ts';
import { NAMESPACES } from './vocabulary.ts';
import { drawPodVolumes } from './volumes.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** One constraint of a pod; a pod has each with a probability of its own. */
export type Feature =
  | 'nodeSelector'
  | 'nodeRequired'
  | 'nodeNamed'
  | 'nodePreferred'
  | 'tolerations'
  | 'ports'
  | 'spreadHard'
  | 'spreadSoft'
  | 'affinity'
  | 'affinityPreferred'
  | 'antiAffinity'
  | 'antiPreferred'
  | 'volumes'
  | 'owner'
  | 'elsewhere';

export const FEATURES: readonly Feature[] = [
  'nodeSelector',
  'nodeRequired',
  'nodeNamed',
  'nodePreferred',
  'tolerations',
  'ports',
  'spreadHard',
  'spreadSoft',
  'affinity',
  'affinityPreferred',
  'antiAffinity',
  'antiPreferred',
  'volumes',
  'owner',
  'elsewhere',
];

export interface PodWish {
  readonly name: string;
  readonly features: ReadonlySet<Feature>;
  readonly nodeNames: readonly string[];
}

export function drawPod(draw: Draw, wish: PodWish): Pod {
  const has = (feature: Feature): boolean => wish.features.has(feature);
  const namespace = has('elsewhere') ? draw.pick(NAMESPACES) : 'default';
  const affinity = drawAffinity(draw, wish);
  const spreads = drawSpreads(draw, wish);
  const containers = drawContainers(draw);
  return {
    metadata: {
      name: wish.name,
      namespace,
      uid: `uid-${wish.name}`,
      labels: drawPodLabels(draw),
      ...(has('owner') ? { ownerReferences: drawOwnerReferences(draw) } : {}),
    },
    spec: {
      ...containers,
      ...(has('ports') ? { containers: withPorts(draw, containers.containers) } : {}),
      ...(has('nodeSelector') ? { nodeSelector: drawNodeSelector(draw) } : {}),
      ...(Object.keys(affinity).length > 0 ? { affinity } : {}),
      ...(has('tolerations') ? { tolerations: drawTolerations(draw) } : {}),
      ...(spreads.length > 0 ? { topologySpreadConstraints: spreads } : {}),
      ...(has('volumes') ? { volumes: drawPodVolumes(draw) } : {}),
    },
  };
}

function withPorts(draw: Draw, containers: PodSpec['containers']): PodSpec['containers'] {
  const [first, ...others] = containers;
  return [{ ...first!, ports: drawHostPorts(draw) }, ...others];
}

function drawSpreads(draw: Draw, wish: PodWish): Json[] {
  const strengths = [
    ...(wish.features.has('spreadHard') ? ['DoNotSchedule'] : []),
    ...(wish.features.has('spreadSoft') ? ['ScheduleAnyway'] : []),
  ];
  return strengths.length > 0 ? drawSpreadConstraints(draw, strengths) : [];
}

function drawAffinity(draw: Draw, wish: PodWish): { [key: string]: Json } {
  const has = (feature: Feature): boolean => wish.features.has(feature);
  const nodeAffinity = {
    ...(has('nodeRequired') ? { [REQUIRED]: drawRequiredNodeTerms(draw, wish.nodeNames) } : {}),
    ...(has('nodeNamed') ? { [REQUIRED]: drawNamedNodeTerms(draw, wish.nodeNames) } : {}),
    ...(has('nodePreferred') ? { [PREFERRED]: drawPreferredNodeTerms(draw, wish.nodeNames) } : {}),
  };
  const podAffinity = {
    ...(has('affinity') ? { [REQUIRED]: drawAffinityTerms(draw) } : {}),
    ...(has('affinityPreferred') ? { [PREFERRED]: drawWeightedAffinityTerms(draw) } : {}),
  };
  const podAntiAffinity = {
    ...(has('antiAffinity') ? { [REQUIRED]: drawAffinityTerms(draw) } : {}),
    ...(has('antiPreferred') ? { [PREFERRED]: drawWeightedAffinityTerms(draw) } : {}),
  };
  return {
    ...(Object.keys(nodeAffinity).length > 0 ? { nodeAffinity } : {}),
    ...(Object.keys(podAffinity).length > 0 ? { podAffinity } : {}),
    ...(Object.keys(podAntiAffinity).length > 0 ? { podAntiAffinity } : {}),
  };
}
