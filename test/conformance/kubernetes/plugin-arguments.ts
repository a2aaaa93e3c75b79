/** Arguments of plugins other than the defaults: other scores of fit, other weights, other default constraints. */

import type { Json } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { drawNodeSelector } from './node-affinity.ts';
import { GPU, HOSTNAME, ZONE } from './vocabulary.ts';

const API_VERSION = 'kubescheduler.config.k8s.io/v1';

export function drawPluginArguments(draw: Draw): Json[] {
  return draw
    .some(
      [drawFit, drawBalanced, drawSpreading, drawInterPodAffinity, drawNodeAffinity],
      draw.int(1, 3),
    )
    .map((make) => make(draw));
}

function argumentsOf(name: string, args: { readonly [key: string]: Json }): Json {
  return { name, args: { apiVersion: API_VERSION, kind: `${name}Args`, ...args } };
}

function drawResources(draw: Draw): Json {
  const names = draw.some(['cpu', 'memory', 'ephemeral-storage', GPU], draw.int(1, 4));
  return names.map((name) => ({ name, weight: draw.int(1, 5) }));
}

function drawFit(draw: Draw): Json {
  const type = draw.pick(['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio']);
  const shape = draw.pick<Json>([
    [
      { utilization: 0, score: 0 },
      { utilization: 100, score: 10 },
    ],
    [
      { utilization: 0, score: 10 },
      { utilization: 100, score: 0 },
    ],
    [
      { utilization: 20, score: 2 },
      { utilization: 60, score: 10 },
      { utilization: 90, score: 3 },
    ],
  ]);
  return argumentsOf('NodeResourcesFit', {
    scoringStrategy: {
      type,
      resources: drawResources(draw),
      ...(type === 'RequestedToCapacityRatio' ? { requestedToCapacityRatio: { shape } } : {}),
    },
    ...draw.maybe(0.2, () => ({ ignoredResources: [GPU] })),
    ...draw.maybe(0.1, () => ({ ignoredResourceGroups: ['example.com'] })),
  });
}

function drawBalanced(draw: Draw): Json {
  const names = draw.some(['cpu', 'memory', 'ephemeral-storage', GPU], draw.int(1, 4));
  return argumentsOf('NodeResourcesBalancedAllocation', {
    resources: names.map((name) => ({ name, weight: 1 })),
  });
}

function drawSpreading(draw: Draw): Json {
  const constraint = (topologyKey: string): Json => ({
    maxSkew: draw.int(1, 3),
    topologyKey,
    whenUnsatisfiable: draw.pick(['DoNotSchedule', 'ScheduleAnyway']),
  });
  return argumentsOf('PodTopologySpread', {
    defaultingType: 'List',
    defaultConstraints: draw.some([ZONE, HOSTNAME, 'pool'], draw.int(0, 2)).map(constraint),
  });
}

function drawInterPodAffinity(draw: Draw): Json {
  return argumentsOf('InterPodAffinity', {
    hardPodAffinityWeight: draw.pick([0, 5, 100]),
    ignorePreferredTermsOfExistingPods: draw.chance(0.5),
  });
}

function drawNodeAffinity(draw: Draw): Json {
  const [[key, value]] = Object.entries(drawNodeSelector(draw)) as [[string, string]];
  const term = { matchExpressions: [{ key, operator: 'In', values: [value] }] };
  return argumentsOf('NodeAffinity', {
    addedAffinity: draw.chance(0.5)
      ? { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } }
      : {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: draw.int(1, 50), preference: term },
          ],
        },
  });
}
