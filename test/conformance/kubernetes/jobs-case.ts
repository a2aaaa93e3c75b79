/** Pods of one Job at some moment: which would one sync make and delete, and does it end the Job? */

import type { Draw } from '../draw.ts';

export interface JobsCase {
  readonly parallelism: number;
  /** Absent for a work queue. */
  readonly completions?: number;
  readonly indexed: boolean;
  readonly backoffLimit: number;
  readonly deadlineS?: number;
  readonly activeForS: number;
  readonly replacement: 'TerminatingOrFailed' | 'Failed';
  readonly restartPolicy: 'Never' | 'OnFailure';
  readonly pods: readonly JobsCasePod[];
}

export interface JobsCasePod {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly terminating: boolean;
  readonly ready: boolean;
  readonly index: number;
  /** Times ago, in seconds. */
  readonly ageS: number;
  readonly readyS: number;
  /** Of one that ended or is terminating. */
  readonly endedS: number;
  readonly restarts: number;
}

export function drawJobsCase(draw: Draw): JobsCase {
  const completions = draw.chance(0.85) ? draw.int(1, 8) : undefined;
  const indexed = completions !== undefined && draw.chance(0.5);
  const calm = draw.pick([0.5, 0.8, 1]);
  const count = draw.int(0, 9);
  return {
    parallelism: draw.int(1, 6),
    ...(completions === undefined ? {} : { completions }),
    indexed,
    backoffLimit: draw.pick([0, 1, 2, 6, 6, 6]),
    ...draw.maybe(0.2, () => ({ deadlineS: draw.int(1, 4_000) })),
    activeForS: draw.int(0, 5_000),
    replacement: draw.chance(0.7) ? 'TerminatingOrFailed' : 'Failed',
    restartPolicy: draw.chance(0.7) ? 'Never' : 'OnFailure',
    pods: Array.from({ length: count }, (_, i) => drawPod(draw, i, calm, completions ?? 8)),
  };
}

/** Times differ by at least a second from pod to pod, and ends from every back-off by half of one. */
function drawPod(draw: Draw, i: number, calm: number, completions: number): JobsCasePod {
  const phases = ['Running', 'Running', 'Pending', 'Succeeded', 'Succeeded'] as const;
  const phase = draw.chance(calm) ? draw.pick(phases) : 'Failed';
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  return {
    phase,
    terminating: !isOver && draw.chance((1 - calm) / 2),
    ready: phase === 'Running' && draw.chance(0.8),
    index: draw.int(0, draw.chance(0.95) ? completions - 1 : completions + 1),
    ageS: 5_000 + 20 * draw.int(0, 99) + i,
    readyS: 20 * draw.int(1, 200) + i,
    endedS: draw.pick([5, 15, 45, 95, 195, 350, 700]) + i / 16 + 0.03125,
    restarts: draw.chance(0.2) ? draw.int(1, 3) : 0,
  };
}
