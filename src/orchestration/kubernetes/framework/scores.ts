/**
 * Scores of the feasible nodes (kubernetes.md 1.5): each plugin scores every node, normalises over the feasible nodes alone,
 * and counts with its weight. A plugin that skips the cycle adds nothing.
 *
 *     total(n) = sum over plugins of weight x normalised(n),   normalised in 0 to 100
 */

import { assert } from '../../../base/assert.ts';
import { MAX_SCORE } from './plugins/default-normalize.ts';
import type { NodeInfo } from './node-info.ts';
import type { PluginName } from './status.ts';
import type { PodInfo } from './pod-info.ts';
import type { ScorePlugin } from './plugin.ts';
import type { Surroundings } from './surroundings.ts';

export interface WeightedScore {
  readonly plugin: ScorePlugin;
  readonly weight: number;
}

/** What one plugin said, in the order of the feasible nodes. */
export interface PluginScores {
  readonly plugin: PluginName;
  readonly raw: readonly number[];
  /** Absent where the plugin does not normalise. */
  readonly normalized?: readonly number[];
  readonly weighted: readonly number[];
}

export interface Scores {
  /** Plugins that did not skip, in the order of the profile. */
  readonly plugins: readonly PluginScores[];
  readonly total: readonly number[];
}

export function scoreNodes(
  scores: readonly WeightedScore[],
  pod: PodInfo,
  feasible: readonly NodeInfo[],
  all: readonly NodeInfo[],
  around: Surroundings,
): Scores {
  const plugins: PluginScores[] = [];
  const total = feasible.map(() => 0);
  for (const { plugin, weight } of scores) {
    const state = plugin.preScore?.(pod, feasible, all, around);
    if (plugin.preScore !== undefined && state === undefined) continue;
    const raw = feasible.map((node) => plugin.score(pod, node, state, around));
    const final = [...raw];
    plugin.normalize?.(final, pod, feasible, state, around);
    const weighted = final.map((score) => weightedScore(plugin.name, score, weight));
    for (const [i, score] of weighted.entries()) total[i]! += score;
    plugins.push({
      plugin: plugin.name,
      raw,
      ...(plugin.normalize === undefined ? {} : { normalized: final }),
      weighted,
    });
  }
  return { plugins, total };
}

function weightedScore(plugin: PluginName, score: number, weight: number): number {
  assert(
    score >= 0 && score <= MAX_SCORE,
    () => `expected a score of 0 to ${MAX_SCORE} from ${plugin}; found ${score}`,
  );
  return score * weight;
}
