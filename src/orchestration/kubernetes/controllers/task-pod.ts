/** Tasks as the pods that controllers rank and count (kubernetes.md 3.2, 3.5). Uids are drawn, so that ties look random but repeat. */

import { CounterDraws } from '../../../random/counter-hash.ts';
import { NO_ROW } from '../../../cluster/hosts.ts';
import { PENDING_PHASE, RUNNING_PHASE, deletionCostOf } from './pod-ranking.ts';
import { TASK_STATE } from '../../../cluster/tasks.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { IndexedPod } from './job-step.ts';

const UID_LENGTH = 14;
const TWO_TO_53 = 9_007_199_254_740_992;

export interface TaskPod extends IndexedPod {
  readonly task: number;
}

export class TaskPods {
  private readonly view: ClusterView;
  private readonly uids: CounterDraws;

  constructor(view: ClusterView, seed: string | number) {
    this.view = view;
    this.uids = new CounterDraws(seed, 'pod-uid');
  }

  /** `index` is that of an indexed Job; 0 for all others. */
  podOf(task: number, index = 0): TaskPod {
    const { tasks, specs, counts } = this.view;
    const isAssigned = tasks.host[task] !== NO_ROW;
    const annotations = specs.at(tasks.spec[task]!).pod?.annotations;
    const draw = this.uids.uniform(tasks.number[task]!) * TWO_TO_53;
    return {
      task,
      index,
      uid: draw.toString(16).padStart(UID_LENGTH, '0'),
      isAssigned,
      phase: tasks.state[task] === TASK_STATE.running ? RUNNING_PHASE : PENDING_PHASE,
      isReady: tasks.isReady[task] === 1,
      deletionCost: annotations === undefined ? 0 : deletionCostOf(annotations),
      // Pods that are leaving are not counted on a node of Kubernetes.
      colocated: isAssigned ? counts.onHost(tasks.workload[task]!, tasks.host[task]!) : 0,
      readyUs: tasks.readyUs[task]!,
      createdUs: tasks.submittedUs[task]!,
      restarts: Math.max(0, tasks.attempts[task]! - 1),
      sidecarRestarts: 0,
    };
  }

  /** When a pod is, or will be, available: ready for so long. Infinity while it is not ready. */
  availableUs(task: number, minReadyUs: number): number {
    const { tasks } = this.view;
    return tasks.isReady[task] === 1 ? tasks.readyUs[task]! + minReadyUs : Infinity;
  }
}
