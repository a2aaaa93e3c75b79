/**
 * The kinds of cases, how many of each are recorded, and how case `index` of a seed is drawn.
 *
 * A case is one line of JSON: it goes to the real code as it is, and its digest stands in the goldens instead of it.
 */

import { createHash } from 'node:crypto';
import { Draw } from './draw.ts';
import { drawBudgetsCase } from './karpenter/budgets-case.ts';
import { drawEvictionCase } from './karpenter/eviction-case.ts';
import { drawLaunchCase } from './karpenter/launch-case.ts';
import { drawRequirementsCase } from './karpenter/requirements-case.ts';
import { drawSolveCase } from './karpenter/solve-case.ts';
import { drawCronCase } from './kubernetes/cron-case.ts';
import { drawDaemonsCase } from './kubernetes/daemons-case.ts';
import { drawEstimatorCase } from './kubernetes/estimator-case.ts';
import { drawExpanderCase } from './kubernetes/expander-case.ts';
import { drawKubeletCase } from './kubernetes/kubelet-case.ts';
import { drawJobsCase } from './kubernetes/jobs-case.ts';
import { drawPluginsCase } from './kubernetes/plugins-case.ts';
import { drawPreemptionCase } from './kubernetes/preemption-case.ts';
import { drawQueueCase } from './kubernetes/queue-case.ts';
import { drawRankingCase } from './kubernetes/ranking-case.ts';
import { drawRecommendationCase } from './kubernetes/recommendation-case.ts';
import { drawReplicasCase } from './kubernetes/replicas-case.ts';
import { drawRolloutCase } from './kubernetes/rollout-case.ts';
import { drawStatefulCase } from './kubernetes/stateful-case.ts';
import { drawWholeCase } from './kubernetes/whole-case.ts';

/** The seed of the committed goldens. */
export const RECORDED_SEED = 2026;

/** The programs that ask the real code: each is a Go module. */
export type Program = 'go' | 'go-autoscaler' | 'go-karpenter';

/** Their folders beside this file. */
export const MODULE_FOLDERS: Readonly<Record<Program, string>> = {
  go: 'kubernetes/go',
  'go-autoscaler': 'kubernetes/go-autoscaler',
  'go-karpenter': 'karpenter/go',
};

export interface CaseKind {
  /** What of the real code answers, for the table. */
  readonly component: string;
  /** The program that asks it. */
  readonly program: Program;
  /** Cases in the committed goldens. */
  readonly recorded: number;
  readonly draw: (draw: Draw, index: number) => object;
}

// Every fourth run of the whole scheduler has 100 nodes or more.
const LARGE_EVERY = 4;

export const CASE_KINDS = {
  plugins: {
    component: 'kube-scheduler: filter and score plugins',
    program: 'go',
    recorded: 2400,
    draw: drawPluginsCase,
  },
  whole: {
    component: 'kube-scheduler: whole cycles, 100 pods a run',
    program: 'go',
    recorded: 200,
    draw: (draw: Draw, index: number) =>
      drawWholeCase(draw, index % LARGE_EVERY === LARGE_EVERY - 1),
  },
  preemption: {
    component: 'kube-scheduler: preemption',
    program: 'go',
    recorded: 500,
    draw: drawPreemptionCase,
  },
  queue: {
    component: 'kube-scheduler: scheduling queue, up to 90 steps',
    program: 'go',
    recorded: 400,
    draw: drawQueueCase,
  },
  hpa: {
    component: 'horizontal pod autoscaler: replicas and limits',
    program: 'go',
    recorded: 1000,
    draw: drawReplicasCase,
  },
  ranking: {
    component: 'ReplicaSet: order of deletion',
    program: 'go',
    recorded: 400,
    draw: drawRankingCase,
  },
  rollout: {
    component: 'Deployment: sizes of ReplicaSets after a step',
    program: 'go',
    recorded: 500,
    draw: drawRolloutCase,
  },
  stateful: {
    component: 'StatefulSet: pods made and deleted in a sync',
    program: 'go',
    recorded: 500,
    draw: drawStatefulCase,
  },
  daemons: {
    component: 'DaemonSet: pods made and deleted in a sync',
    program: 'go',
    recorded: 500,
    draw: drawDaemonsCase,
  },
  jobs: {
    component: 'Job: pods made and deleted in a sync, its end',
    program: 'go',
    recorded: 500,
    draw: drawJobsCase,
  },
  cron: {
    component: 'CronJob: time that is due, next look',
    program: 'go',
    recorded: 500,
    draw: drawCronCase,
  },
  kubelet: {
    component: 'kubelet: QoS classes, OOM scores, restarts of a crash loop',
    program: 'go',
    recorded: 1000,
    draw: drawKubeletCase,
  },
  vpa: {
    component: 'vertical pod autoscaler: recommendation',
    program: 'go',
    recorded: 200,
    draw: drawRecommendationCase,
  },
  estimator: {
    component: 'Cluster Autoscaler: estimator',
    program: 'go-autoscaler',
    recorded: 400,
    draw: drawEstimatorCase,
  },
  expander: {
    component: 'Cluster Autoscaler: expanders',
    program: 'go-autoscaler',
    recorded: 400,
    draw: drawExpanderCase,
  },
  solve: {
    component: 'Karpenter: one solve, up to 30 pods',
    program: 'go-karpenter',
    recorded: 1500,
    draw: drawSolveCase,
  },
  requirements: {
    component: 'Karpenter: requirement algebra',
    program: 'go-karpenter',
    recorded: 800,
    draw: drawRequirementsCase,
  },
  launch: {
    component: 'Karpenter AWS provider: launch filters, cut to the cheapest types',
    program: 'go-karpenter',
    recorded: 500,
    draw: drawLaunchCase,
  },
  'eviction-cost': {
    component: 'Karpenter: costs of disruption, lifetime left',
    program: 'go-karpenter',
    recorded: 300,
    draw: drawEvictionCase,
  },
  budgets: {
    component: 'Karpenter: disruption budgets',
    program: 'go-karpenter',
    recorded: 400,
    draw: drawBudgetsCase,
  },
} as const satisfies Record<string, CaseKind>;

export type KindName = keyof typeof CASE_KINDS;

export const KIND_NAMES = Object.keys(CASE_KINDS) as readonly KindName[];

/** Case `index` of a seed as a line of JSON, without the line's end. */
export function caseLine(kind: KindName, seed: number, index: number): string {
  const drawn = CASE_KINDS[kind].draw(new Draw(`${seed}/${kind}/${index}`), index);
  return JSON.stringify({ id: `${kind}-${index}`, kind, ...drawn });
}

/** What the goldens keep of a case: enough of its digest to notice any change. */
export function caseDigest(line: string): string {
  return createHash('sha256').update(line).digest('hex').slice(0, 16);
}
