/** What a kube-scheduler saves, as flat data. */

import type { ClusterNewsState } from './queue/cluster-news.ts';
import type { LaggingCacheState } from '../../cluster/lagging-cache.ts';
import type { Coscheduling } from './gang/coscheduling.ts';
import type { Preemptor } from './preemption/preemptor.ts';
import type { SchedulingQueue } from './queue/scheduling-queue.ts';

export interface KubeSchedulerState {
  readonly wakeAtUs: number;
  readonly wakesOn: number;
  readonly background: boolean;
  readonly busyUntilUs: number;
  readonly leftoverUs: number;
  readonly version: number;
  readonly news: ClusterNewsState;
  readonly queue: ReturnType<SchedulingQueue['save']>;
  readonly preemptor: ReturnType<Preemptor['save']>;
  readonly permits: ReturnType<Coscheduling['save']>;
  readonly choice: unknown;
  readonly cache: LaggingCacheState | null;
}
