/**
 * The `pluginConfig` of a profile of a KubeSchedulerConfiguration: arguments of plugins over their defaults
 * (kubernetes.md 1.1). Arguments of plugins that PluginArguments does not know are not read.
 */

import { DEFAULT_ARGUMENTS } from '../../cluster/plugin-arguments.ts';
import type {
  FitArguments,
  FitStrategy,
  PluginArguments,
  PodAffinityArguments,
  ResourceWeight,
  SpreadArguments,
} from '../../cluster/plugin-arguments.ts';
import { nodeAffinityOf } from './pod-affinity.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const STRATEGIES = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'] as const;

export function pluginArguments(pluginConfig: YamlCursor): PluginArguments {
  let args = DEFAULT_ARGUMENTS;
  for (const item of pluginConfig.items()) {
    args = { ...args, ...oneOf(item.get('name').text(), item.get('args')) };
  }
  return args;
}

function oneOf(name: string, args: YamlCursor): Partial<PluginArguments> {
  switch (name) {
    case 'NodeResourcesFit':
      return { fit: fitOf(args) };
    case 'NodeResourcesBalancedAllocation':
      return { balanced: balancedOf(args) };
    case 'NodeAffinity':
      return { addedAffinity: nodeAffinityOf(args.get('addedAffinity')) };
    case 'PodTopologySpread':
      return { spread: spreadOf(args) };
    case 'InterPodAffinity':
      return { podAffinity: podAffinityOf(args) };
    default:
      return {};
  }
}

function fitOf(args: YamlCursor): FitArguments {
  const strategy = args.get('scoringStrategy');
  return {
    strategy: strategy.isAbsent ? DEFAULT_ARGUMENTS.fit.strategy : strategyOf(strategy),
    ignoredResources: textsOf(args.get('ignoredResources')),
    ignoredResourceGroups: textsOf(args.get('ignoredResourceGroups')),
  };
}

function strategyOf(strategy: YamlCursor): FitStrategy {
  const resources = strategy.get('resources').items().map(resourceWeight);
  const shape = strategy.get('requestedToCapacityRatio').get('shape').items();
  return {
    type: strategy.get('type').oneOf(STRATEGIES, 'LeastAllocated'),
    resources: resources.length === 0 ? DEFAULT_ARGUMENTS.fit.strategy.resources : resources,
    shape: shape.map((point) => ({
      utilization: point.get('utilization').whole(0),
      score: point.get('score').whole(0),
    })),
  };
}

function balancedOf(args: YamlCursor): readonly string[] {
  const resources = args.get('resources').items().map(resourceWeight);
  return resources.length === 0 ? DEFAULT_ARGUMENTS.balanced : resources.map(({ name }) => name);
}

/** A weight that is not stated is 1. */
function resourceWeight(resource: YamlCursor): ResourceWeight {
  const weight = resource.get('weight').whole(1);
  return { name: resource.get('name').text(), weight: weight === 0 ? 1 : weight };
}

/** Constraints of one's own are read only where the defaults are said to be a list. */
function spreadOf(args: YamlCursor): SpreadArguments {
  const constraints = args.get('defaultConstraints').items();
  const type = args.get('defaultingType').oneOf(['System', 'List'], 'System');
  if (type === 'System') return { defaults: 'System' };
  return {
    defaults: constraints.map((constraint) => ({
      topologyKey: constraint.get('topologyKey').text(),
      maxSkew: constraint.get('maxSkew').whole(1, 1),
      whenUnsatisfiable: constraint
        .get('whenUnsatisfiable')
        .oneOf(['DoNotSchedule', 'ScheduleAnyway'], 'DoNotSchedule'),
    })),
  };
}

function podAffinityOf(args: YamlCursor): PodAffinityArguments {
  return {
    hardPodAffinityWeight: args.get('hardPodAffinityWeight').whole(1),
    ignoresPreferencesOfOthers: args.get('ignorePreferredTermsOfExistingPods').flag(),
  };
}

function textsOf(list: YamlCursor): string[] {
  return list.items().map((item) => item.text());
}
