/**
 * What a policy may know of its workload before the run: which tasks will come, and how many of each.
 *
 * Such a policy has `prepare` beside `score`; the assembly calls it once, before the first score. From then on the policy is
 * pure as any other. A mix is the same in every variant and replication: it is counted, not drawn.
 */

import type { ScorePolicy } from '../policy.ts';
import type { TaskSpec } from '../../cluster/spec.ts';

export interface MixEntry {
  readonly spec: TaskSpec;
  readonly count: number;
}

export type WorkloadMix = readonly MixEntry[];

export interface PreparedPolicy extends Omit<ScorePolicy, 'name'> {
  prepare(mix: WorkloadMix): void;
}

export function wantsMix(policy: Omit<ScorePolicy, 'name'>): policy is PreparedPolicy {
  return 'prepare' in policy;
}
