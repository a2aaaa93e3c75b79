/**
 * Judges compare our answer to a case with the real code's. A kind without a judge is recorded but not yet compared.
 */

import { judgeRanking } from './ranking-judge.ts';
import { judgeDaemons } from './daemons-judge.ts';
import { judgeEstimator } from './estimator-judge.ts';
import { judgeExpander } from './expander-judge.ts';
import { judgeHpa } from './hpa-judge.ts';
import { judgeKubelet } from './kubelet-judge.ts';
import { judgeJobs } from './jobs-judge.ts';
import { judgePlugins } from './plugins-judge.ts';
import { judgeCron, judgeRollout, judgeStateful } from './rollout-judge.ts';
import { judgePreemption } from './preemption-judge.ts';
import { judgeQueue } from './queue-judge.ts';
import { judgeVpa } from './vpa-judge.ts';
import { judgeWhole } from './whole-judge.ts';
import type { KindName } from './kinds.ts';

/** Says where our answer to the input differs from the real one, or nothing where the two agree. */
export type Judge = (input: unknown, output: unknown) => string | undefined;

export const JUDGES: Partial<Readonly<Record<KindName, Judge>>> = {
  plugins: judgePlugins,
  whole: judgeWhole,
  preemption: judgePreemption,
  queue: judgeQueue,
  estimator: judgeEstimator,
  expander: judgeExpander,
  hpa: judgeHpa,
  vpa: judgeVpa,
  ranking: judgeRanking,
  rollout: judgeRollout,
  stateful: judgeStateful,
  cron: judgeCron,
  daemons: judgeDaemons,
  jobs: judgeJobs,
  kubelet: judgeKubelet,
};
