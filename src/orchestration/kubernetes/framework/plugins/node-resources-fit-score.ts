/**
 * The scores of NodeResourcesFit (kubernetes.md 1.9). Weighted mean over the configured resources, in integers:
 *
 *   LeastAllocated              (cap - used) 100 div cap, 0 when used > cap
 *   MostAllocated               used 100 div cap, used at most cap
 *   RequestedToCapacityRatio    the profile's broken line at u = used 100 div cap, 100 when used > cap; resources that score
 *                               0 do not weigh; the mean is rounded
 *
 * used    non-zero sums of the node + the pod's own, without what it requests as a pod (quirk of 1.36)
 * Runs    raw scores are 0 to 100 already
 */

import { MAX_SCORE } from './default-normalize.ts';
import { resourceUse } from '../resource-use.ts';
import type { Amounts } from '../../../../cluster/pod-template.ts';
import type { FitStrategy, ShapePoint } from '../../../../cluster/plugin-arguments.ts';
import type { ScorePlugin } from '../plugin.ts';

/** State: what the pod counts as. */
export function nodeResourcesFitScore(strategy: FitStrategy): ScorePlugin<Amounts> {
  const { resources, type } = strategy;
  const scoreOf = resourceScore(strategy);
  const isRatio = type === 'RequestedToCapacityRatio';
  return {
    name: 'NodeResourcesFit',

    preScore: ({ spec }) => spec.scored,

    score(_pod, node, requests) {
      let sum = 0;
      let weights = 0;
      for (const { name, weight } of resources) {
        const use = resourceUse(name, requests, node, 'non-zero');
        if (use === undefined) continue;
        const score = scoreOf(use.after, use.allocatable);
        if (isRatio && score === 0) continue;
        sum += score * weight;
        weights += weight;
      }
      if (weights === 0) return 0;
      return isRatio ? Math.round(sum / weights) : Math.trunc(sum / weights);
    },
  };
}

type ResourceScore = (used: number, capacity: number) => number;

function resourceScore({ type, shape }: FitStrategy): ResourceScore {
  switch (type) {
    case 'LeastAllocated':
      return (used, capacity) =>
        used > capacity ? 0 : Math.trunc(((capacity - used) * MAX_SCORE) / capacity);
    case 'MostAllocated':
      return (used, capacity) => Math.trunc((Math.min(used, capacity) * MAX_SCORE) / capacity);
    case 'RequestedToCapacityRatio':
      return (used, capacity) =>
        brokenLine(shape, used > capacity ? 100 : Math.trunc((used * 100) / capacity));
  }
}

/** Scores of the shape are 0 to 10, the answer is 0 to 100. */
function brokenLine(shape: readonly ShapePoint[], utilization: number): number {
  const perPoint = MAX_SCORE / 10;
  let [left] = shape;
  if (left === undefined) return 0;
  for (const right of shape) {
    if (utilization <= right.utilization) {
      const width = right.utilization - left.utilization;
      if (width === 0) return right.score * perPoint;
      const rise = (right.score - left.score) * perPoint * (utilization - left.utilization);
      return left.score * perPoint + Math.trunc(rise / width);
    }
    left = right;
  }
  return left.score * perPoint;
}
