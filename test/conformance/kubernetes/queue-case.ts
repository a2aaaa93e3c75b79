/** A history of the scheduling queue: pods come, are popped and fail, events and time pass. Which pod stands where, step by step? */

import type { Draw } from '../draw.ts';

export const QUEUE_OPS = [
  'add',
  'pop',
  'fail',
  'done',
  'take',
  'node-added',
  'pod-deleted',
  'pod-added',
  'leftovers',
] as const;

export type QueueOp = (typeof QUEUE_OPS)[number];

export interface QueueStep {
  readonly passMs: number;
  readonly op: QueueOp;
  /** Of a pod that is added; picks one of the popped pods, or of all, by the remainder. */
  readonly number: number;
  /** Of a failure. */
  readonly plugins: readonly string[];
}

export interface QueueCase {
  readonly initialSeconds: number;
  readonly maxSeconds: number;
  readonly steps: readonly QueueStep[];
}

/** The plugins of a case: what they hear of and say is the same in both programs. */
export const FIT = 'NodeResourcesFit';
export const TAINT = 'TaintToleration';
export const SPREAD = 'PodTopologySpread';

const REFUSALS = [[], [FIT], [FIT], [TAINT], [FIT, TAINT], [SPREAD]];
const OFTEN: readonly QueueOp[] = ['add', 'pop', 'pop', 'pop', 'fail', 'fail', 'fail'];

export function drawQueueCase(draw: Draw): QueueCase {
  const [initialSeconds, maxSeconds] = draw.pick([
    [1, 10],
    [1, 10],
    [2, 60],
    [3, 3],
  ] as const);
  const isHasty = draw.chance(0.5);
  const steps = Array.from({ length: draw.int(30, 90) }, (): QueueStep => {
    const passMs = isHasty
      ? draw.pick([draw.int(1, 30), draw.int(1, 30), draw.int(500, 1500)])
      : draw.pick([draw.int(1, 400), draw.int(900, 4000), draw.int(1, 60_000)]);
    const op = draw.chance(0.75) ? draw.pick(OFTEN) : draw.pick(QUEUE_OPS);
    return { passMs, op, number: draw.int(0, 9_999), plugins: draw.pick(REFUSALS) };
  });
  return { initialSeconds, maxSeconds, steps };
}
