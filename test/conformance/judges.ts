/**
 * Judges compare our answer to a case with the real code's. A kind without a judge is recorded but not yet compared.
 */

import { judgeBudgets } from './karpenter/budgets-judge.ts';
import { judgeEviction } from './karpenter/eviction-judge.ts';
import { judgeLaunch } from './karpenter/launch-judge.ts';
import { judgeRequirements } from './karpenter/requirements-judge.ts';
import { judgeSolve } from './karpenter/solve-judge.ts';
import { judgeRanking } from './kubernetes/ranking-judge.ts';
import { judgeDaemons } from './kubernetes/daemons-judge.ts';
import { judgeEstimator } from './kubernetes/estimator-judge.ts';
import { judgeExpander } from './kubernetes/expander-judge.ts';
import { judgeHpa } from './kubernetes/hpa-judge.ts';
import { judgeKubelet } from './kubernetes/kubelet-judge.ts';
import { judgeJobs } from './kubernetes/jobs-judge.ts';
import { judgePlugins } from './kubernetes/plugins-judge.ts';
import { judgeCron, judgeRollout, judgeStateful } from './kubernetes/rollout-judge.ts';
import { judgePreemption } from './kubernetes/preemption-judge.ts';
import { judgeQueue } from './kubernetes/queue-judge.ts';
import { judgeVpa } from './kubernetes/vpa-judge.ts';
import { judgeWhole } from './kubernetes/whole-judge.ts';
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
  solve: judgeSolve,
  requirements: judgeRequirements,
  launch: judgeLaunch,
  'eviction-cost': judgeEviction,
  budgets: judgeBudgets,
};
