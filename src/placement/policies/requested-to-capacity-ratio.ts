/**
 * kube-scheduler's RequestedToCapacityRatio: a broken line from the utilisation a host would have to a score.
 *
 *     u_r      = used * 100 div cap, 100 when used > cap          used with the task, as for LeastAllocated
 *     s_r      = the line at u_r, its scores (0 to 10) times 10, in integers: before the first point its score,
 *                behind the last point its score, between two: s_1 + (s_2 - s_1) * (u - u_1) div (u_2 - u_1)
 *     score(h) = round(sum s_r w_r / sum w_r) over CPU and memory; a resource with s_r = 0 or without capacity is left out
 *
 * Shape      utilisation:score, points joined by hyphens. `0:0-100:10` packs, `0:10-100:0` spreads, `0:0-75:10-100:0` fills
 *            hosts to three quarters.
 * Units      percent and points, integers; score 0 to 100. Division cuts towards zero, as Go's.
 * Ties       the next policy of the list, then the tie rule.
 * Source     kubernetes.md 1.9, NodeResourcesFit.
 */

import { assert } from '../../base/assert.ts';
import {
  cpuCountedMilli,
  cpuMilli,
  memoryCountedBytes,
  roomWithTask,
} from './kubernetes-resources.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { FreeBox, PlacementRequest, PolicyKind } from '../policy.ts';

const UTILIZATION_MAX = 100;
const SHAPE_SCORE_MAX = 10;

export interface ShapePoint {
  /** Percent. */
  readonly utilization: number;
  /** 0 to 100. */
  readonly score: number;
}

export interface ResourceWeights {
  readonly cpu: number;
  readonly memory: number;
}

/** The points of a shape such as `0:0-100:10`. */
export function parseShape(text: string): ShapePoint[] {
  const points = text.split('-').map((part) => {
    const [, utilization, score] = /^(\d+):(\d+)$/.exec(part) ?? [];
    assert(
      Number(utilization) <= UTILIZATION_MAX && Number(score) <= SHAPE_SCORE_MAX,
      () => `expected UTILIZATION:SCORE up to 100:10 in the shape ${text}, found "${part}"`,
    );
    const scale = UTILIZATION_MAX / SHAPE_SCORE_MAX;
    return { utilization: Number(utilization), score: Number(score) * scale };
  });
  for (const [i, { utilization }] of points.entries()) {
    assert(
      i === 0 || points[i - 1]!.utilization < utilization,
      () => `expected rising utilisations in the shape ${text}`,
    );
  }
  return points;
}

/** The score of a broken line at a whole percentage. */
export function scoreAt(shape: readonly ShapePoint[], utilization: number): number {
  const right = shape.findIndex((point) => utilization <= point.utilization);
  if (right < 0) return shape.at(-1)!.score;
  const to = shape[right]!;
  const from = shape[right - 1];
  if (from === undefined) return to.score;
  const rise = (to.score - from.score) * (utilization - from.utilization);
  return from.score + Math.trunc(rise / (to.utilization - from.utilization));
}

function requestedToCapacityScore(
  shape: readonly ShapePoint[],
  weights: ResourceWeights,
  host: number,
  request: PlacementRequest,
  view: ClusterView,
): number {
  const room = roomWithTask(host, request, view);
  const cpu = resourceScore(shape, room.cpu, room.cpuUsed);
  const memory = resourceScore(shape, room.memory, room.memoryUsed);
  return meanOf(weights, cpu, memory);
}

function meanOf(weights: ResourceWeights, cpu: number, memory: number): number {
  const weight = (cpu > 0 ? weights.cpu : 0) + (memory > 0 ? weights.memory : 0);
  return weight === 0 ? 0 : Math.round((cpu * weights.cpu + memory * weights.memory) / weight);
}

function resourceScore(shape: readonly ShapePoint[], capacity: number, used: number): number {
  return capacity === 0 ? 0 : scoreAt(shape, utilizationOf(capacity, used));
}

function utilizationOf(capacity: number, used: number): number {
  return used > capacity ? UTILIZATION_MAX : Math.trunc((used * UTILIZATION_MAX) / capacity);
}

/** Extremes of one resource's score between two amounts in use. */
function extremesOf(
  shape: readonly ShapePoint[],
  capacity: number,
  usedMin: number,
  usedMax: number,
) {
  const from = resourceScore(shape, capacity, usedMin);
  const to = resourceScore(shape, capacity, usedMax);
  let low = Math.min(from, to);
  let high = Math.max(from, to);
  // Between the ends the line turns only at its points.
  for (const { utilization, score } of shape) {
    if (utilization < utilizationOf(capacity, usedMin)) continue;
    if (utilization > utilizationOf(capacity, usedMax)) break;
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  return { low, high };
}

/** The mean of the highest scores, or more where a resource may score 0, which takes it out of the mean. */
function requestedToCapacityBound(
  shape: readonly ShapePoint[],
  weights: ResourceWeights,
  box: FreeBox,
  { spec }: PlacementRequest,
  { specs }: ClusterView,
): number {
  const cpuAsked = cpuCountedMilli(specs.cpuTicks[spec]!);
  const cpu = extremesOf(
    shape,
    cpuMilli(box.cpuAllocatable),
    cpuMilli(box.cpuAllocatable - box.cpuFreeMax) + cpuAsked,
    cpuMilli(box.cpuAllocatable - box.cpuFreeMin) + cpuAsked,
  );
  const memoryAsked = memoryCountedBytes(specs.memoryBytes[spec]!);
  const memory = extremesOf(
    shape,
    box.memoryAllocatable,
    box.memoryAllocatable - box.memoryFreeMax + memoryAsked,
    box.memoryAllocatable - box.memoryFreeMin + memoryAsked,
  );
  const mean = meanOf(weights, cpu.high, memory.high);
  const withoutCpu = cpu.low > 0 ? mean : meanOf(weights, 0, memory.high);
  const withoutMemory = memory.low > 0 ? mean : meanOf(weights, cpu.high, 0);
  return Math.max(mean, withoutCpu, withoutMemory);
}

const WEIGHTS = ['1', '2', '3', '5', '0'];

export const requestedToCapacityRatio: PolicyKind = {
  name: 'requested-to-capacity-ratio',
  summary: "kube-scheduler's RequestedToCapacityRatio: a broken line over utilisation",
  parameters: {
    shape: ['0:0-100:10', '0:10-100:0', '0:0-75:10-100:0'],
    cpu: WEIGHTS,
    memory: WEIGHTS,
  },
  create: (parameters) => {
    const shape = parseShape(parameters['shape']!);
    const weights = { cpu: Number(parameters['cpu']), memory: Number(parameters['memory']) };
    return {
      hostLocal: true,
      bound: (box, request, view) => requestedToCapacityBound(shape, weights, box, request, view),
      score: (host, request, view) => requestedToCapacityScore(shape, weights, host, request, view),
    };
  },
};
