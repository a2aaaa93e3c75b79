/**
 * A profile of kube-scheduler: which plugins filter and which score, in which order, with what weight (kubernetes.md 1.1).
 *
 * Order      that of the default list, unless another is stated.
 * Left out   DynamicResources, NodeDeclaredFeatures and the plugins of gangs: nothing here asks for devices or groups.
 *            Their answers never change a choice. VolumeBinding scores only with a gate that is off.
 */

import { DEFAULT_ARGUMENTS } from '../../../cluster/plugin-arguments.ts';
import { COUNT_ALL } from './plugins/pod-topology-spread-counts.ts';
import { COUNT_ALL_TERMS } from './plugins/inter-pod-affinity-counts.ts';
import { imageLocality } from './plugins/image-locality.ts';
import { interPodAffinityFilter } from './plugins/inter-pod-affinity-filter.ts';
import { interPodAffinityScore } from './plugins/inter-pod-affinity-score.ts';
import { nodeAffinityFilter, nodeAffinityScore } from './plugins/node-affinity.ts';
import { nodeName } from './plugins/node-name.ts';
import { nodePorts } from './plugins/node-ports.ts';
import { nodeResourcesBalancedAllocation } from './plugins/node-resources-balanced-allocation.ts';
import { nodeResourcesFitFilter } from './plugins/node-resources-fit.ts';
import { nodeResourcesFitScore } from './plugins/node-resources-fit-score.ts';
import { nodeUnschedulable } from './plugins/node-unschedulable.ts';
import { podTopologySpreadFilter } from './plugins/pod-topology-spread-filter.ts';
import { podTopologySpreadScore } from './plugins/pod-topology-spread-score.ts';
import { nodeVolumeLimits } from './plugins/node-volume-limits.ts';
import { taintTolerationFilter, taintTolerationScore } from './plugins/taint-toleration.ts';
import { volumeBinding } from './plugins/volume-binding.ts';
import { volumeRestrictions } from './plugins/volume-restrictions.ts';
import { volumeZone } from './plugins/volume-zone.ts';
import type { AffinityCounter } from './plugins/inter-pod-affinity-counts.ts';
import type { BalanceFormula } from './plugins/node-resources-balanced-allocation.ts';
import type { FilterPlugin, ScorePlugin } from './plugin.ts';
import type { PluginArguments } from '../../../cluster/plugin-arguments.ts';
import type { PluginName } from './status.ts';
import type { SpreadCounter } from './plugins/pod-topology-spread-counts.ts';
import type { WeightedScore } from './scores.ts';

export interface Profile {
  readonly filters: readonly FilterPlugin[];
  readonly scores: readonly WeightedScore[];
}

export interface ProfileOptions {
  /** By name; 0 leaves the plugin out of the scores. */
  readonly weights?: Partial<Readonly<Record<PluginName, number>>>;
  /** Plugins that filter, in this order, by name; names of none of ours are passed over. Those of the default list where not stated. */
  readonly filters?: readonly string[];
  /** Plugins that do not filter, by name. */
  readonly withoutFilters?: readonly PluginName[];
  readonly args?: PluginArguments;
  /** That of 1.36 where not stated. */
  readonly balanceFormula?: BalanceFormula;
  /** How PodTopologySpread and InterPodAffinity count; where not stated, over all pods in every cycle. */
  readonly spreadCounter?: SpreadCounter;
  readonly affinityCounter?: AffinityCounter;
}

/** The default profile, changed by the options. */
export function profileOf(options: ProfileOptions = {}): Profile {
  const { args = DEFAULT_ARGUMENTS, weights = {}, withoutFilters = [] } = options;
  const { spreadCounter = COUNT_ALL, affinityCounter = COUNT_ALL_TERMS } = options;
  const filters: readonly FilterPlugin[] = [
    nodeUnschedulable,
    nodeName,
    taintTolerationFilter,
    nodeAffinityFilter(args.addedAffinity),
    nodePorts,
    nodeResourcesFitFilter(args.fit),
    volumeRestrictions,
    nodeVolumeLimits,
    volumeBinding,
    volumeZone,
    podTopologySpreadFilter(args.spread, spreadCounter),
    interPodAffinityFilter(affinityCounter),
  ];
  const scores: readonly [ScorePlugin, weight: number][] = [
    [taintTolerationScore, 3],
    [nodeAffinityScore(args.addedAffinity), 2],
    [nodeResourcesFitScore(args.fit.strategy), 1],
    [podTopologySpreadScore(args.spread, spreadCounter), 2],
    [interPodAffinityScore(args.podAffinity, affinityCounter), 2],
    [nodeResourcesBalancedAllocation(args.balanced, options.balanceFormula ?? 'improvement'), 1],
    [imageLocality, 1],
  ];
  return {
    filters: inOrder(filters, options.filters).filter(({ name }) => !withoutFilters.includes(name)),
    scores: scores
      .map(([plugin, weight]) => ({ plugin, weight: weights[plugin.name] ?? weight }))
      .filter(({ weight }) => weight > 0),
  };
}

/** What the default profile asks besides room, which the columns answer: they know shares of GPUs too. */
export const FILTERS_BESIDES_ROOM: readonly FilterPlugin[] = profileOf({
  withoutFilters: ['NodeResourcesFit'],
}).filters;

function inOrder(
  filters: readonly FilterPlugin[],
  names: readonly string[] | undefined,
): readonly FilterPlugin[] {
  if (names === undefined) return filters;
  return names.flatMap((name) => filters.filter((plugin) => plugin.name === name));
}
