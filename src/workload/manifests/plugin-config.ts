/** Arguments of kube-scheduler's plugins as `pluginConfig` states them, with their defaults (kubernetes.md 1.1). */

import {
  DEFAULT_ARGUMENTS,
  type DefaultSpread,
  type FitArguments,
  type PluginArguments,
  type ResourceWeight,
  type SpreadArguments,
} from '../../cluster/plugin-arguments.ts';
import { nodeAffinityOf } from './pod-affinity.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const STRATEGIES = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'] as const;

/** Arguments of these change nothing that is modelled. */
const WITHOUT_EFFECT = ['DefaultPreemption', 'VolumeBinding', 'DynamicResources'];

/** `note` is told of arguments that are not read. */
export function pluginArguments(
  pluginConfig: YamlCursor,
  note: (at: YamlCursor, message: string) => void,
): PluginArguments {
  const read = { ...DEFAULT_ARGUMENTS };
  const seen = new Set<string>();
  for (const item of pluginConfig.items()) {
    const name = item.get('name');
    const args = item.get('args');
    args.get('apiVersion').text();
    args.get('kind').text();
    if (seen.has(name.text())) name.faultSaying('expected arguments of each plugin once');
    seen.add(name.text());
    switch (name.text()) {
      case 'NodeResourcesFit':
        read.fit = fitArguments(args);
        break;
      case 'NodeResourcesBalancedAllocation':
        read.balanced = resourcesOf(args, read.balanced).map((one) => one.name);
        break;
      case 'NodeAffinity':
        read.addedAffinity = nodeAffinityOf(args.get('addedAffinity'));
        break;
      case 'PodTopologySpread':
        read.spread = spreadArguments(args);
        break;
      case 'InterPodAffinity':
        read.podAffinity = {
          hardPodAffinityWeight: args.get('hardPodAffinityWeight').whole(1),
          ignoresPreferencesOfOthers: args.get('ignorePreferredTermsOfExistingPods').flag(),
        };
        break;
      case 'Coscheduling':
        read.coscheduling = {
          permitWaitS: args.get('permitWaitingTimeSeconds').whole(60),
          groupBackoffS: args.get('podGroupBackoffSeconds').whole(0),
        };
        break;
      default:
        if (WITHOUT_EFFECT.includes(name.text())) {
          note(item, `arguments of ${name.text()} are not read`);
          args.entries();
        } else {
          name.fault("a plugin of kube-scheduler's own that takes arguments");
        }
    }
  }
  return read;
}

function fitArguments(args: YamlCursor): FitArguments {
  const strategy = args.get('scoringStrategy');
  const type = strategy.get('type').oneOf(STRATEGIES, 'LeastAllocated');
  const shape = strategy.get('requestedToCapacityRatio').get('shape').items();
  if (type === 'RequestedToCapacityRatio' && shape.length === 0) {
    strategy.get('requestedToCapacityRatio').get('shape').fault('at least one point of the shape');
  }
  return {
    strategy: {
      type,
      resources: resourcesOf(
        strategy,
        DEFAULT_ARGUMENTS.fit.strategy.resources.map(({ name }) => name),
      ),
      shape: shape.map((point) => ({
        utilization: point.get('utilization').whole(0),
        score: point.get('score').whole(0),
      })),
    },
    ignoredResources: textsOf(args.get('ignoredResources')),
    ignoredResourceGroups: textsOf(args.get('ignoredResourceGroups')),
  };
}

function resourcesOf(holder: YamlCursor, otherwise: readonly string[]): ResourceWeight[] {
  const items = holder.get('resources').items();
  if (items.length === 0) return otherwise.map((name) => ({ name, weight: 1 }));
  return items.map((item) => ({
    name: item.get('name').text(),
    weight: Math.max(1, item.get('weight').whole(1)),
  }));
}

/** Constraints of one's own need `defaultingType: List`. */
function spreadArguments(args: YamlCursor): SpreadArguments {
  const items = args.get('defaultConstraints').items();
  const type = args.get('defaultingType');
  const isList = type.oneOf(['System', 'List'], 'System') === 'List';
  if (!isList && items.length > 0) {
    type.faultSaying('expected `defaultingType: List` beside defaultConstraints');
  }
  if (!isList) return { defaults: 'System' };
  return { defaults: items.map(defaultSpread) };
}

function defaultSpread(item: YamlCursor): DefaultSpread {
  const key = item.get('topologyKey');
  if (key.text() === '') key.fault('the node label that makes up the domains');
  return {
    topologyKey: key.text(),
    maxSkew: item.get('maxSkew').whole(1, 1),
    whenUnsatisfiable: item
      .get('whenUnsatisfiable')
      .oneOf(['DoNotSchedule', 'ScheduleAnyway'], 'DoNotSchedule'),
  };
}

function textsOf(list: YamlCursor): string[] {
  return list.items().map((item) => item.text());
}
