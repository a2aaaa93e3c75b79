/**
 * TaintToleration (kubernetes.md 1.8, 1.9).
 *
 *   filter    refuses a node with a taint of effect NoSchedule or NoExecute that the pod does not tolerate
 *   score     number of PreferNoSchedule taints that the pod does not tolerate; normalised, the fewest best
 */

import { normalizeReversed } from './default-normalize.ts';
import { tolerates } from '../../../../cluster/specs.ts';
import type { FilterPlugin, ScorePlugin } from '../plugin.ts';
import type { NodeDescription } from '../node-info.ts';
import type { PodSpecInfo } from '../pod-info.ts';
import type { Refusal } from '../status.ts';
import type { Toleration } from '../../../../cluster/spec.ts';

const REFUSAL: Refusal = {
  code: 'UnschedulableAndUnresolvable',
  plugin: 'TaintToleration',
  reasons: ['node(s) had untolerated taint(s)'],
};

/** Whether a taint keeps the pod off the node; those of PreferNoSchedule do not. */
export function hasUntoleratedTaint(
  { taints }: Pick<NodeDescription, 'taints'>,
  pod: PodSpecInfo,
): boolean {
  return taints.some(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' &&
      !pod.tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

export const taintTolerationFilter: FilterPlugin = {
  name: 'TaintToleration',

  filter({ spec }, { node }) {
    return hasUntoleratedTaint(node, spec) ? REFUSAL : undefined;
  },
};

/** State: the tolerations that can bear on a preference. */
export const taintTolerationScore: ScorePlugin<readonly Toleration[]> = {
  name: 'TaintToleration',

  preScore({ spec }) {
    return spec.tolerations.filter(({ effect }) => effect === '' || effect === 'PreferNoSchedule');
  },

  score(_pod, { node }, tolerations) {
    let count = 0;
    for (const taint of node.taints) {
      if (taint.effect !== 'PreferNoSchedule') continue;
      if (!tolerations.some((toleration) => tolerates(toleration, taint))) count += 1;
    }
    return count;
  },

  normalize: normalizeReversed,
};
