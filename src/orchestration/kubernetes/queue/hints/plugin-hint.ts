/** One plugin's answer to events of one kind: would a pod that it refused be worth another try? (kubernetes.md 1.2) */

import type { ClusterEvent } from '../cluster-event.ts';
import type { ClusterView } from '../../../../cluster/cluster.ts';
import type { PodSpecInfo } from '../../framework/pod-info.ts';
import type { TaskSpec } from '../../../../cluster/spec.ts';
import type { TemplateKey } from '../template.ts';

type EventKind = ClusterEvent['kind'];
type EventOf<Kind extends EventKind> = Extract<ClusterEvent, { kind: Kind }>;

/** The pods that were refused. */
export interface RefusedPods {
  readonly key: TemplateKey;
  readonly spec: TaskSpec;
  /** As the framework sees them. */
  readonly info: () => PodSpecInfo;
}

/** What hints may look at. */
export interface HintWorld {
  readonly view: ClusterView;
  /** What the framework sees of an assigned pod. */
  readonly infoOf: (task: number) => PodSpecInfo;
}

/** Kinds of events that are missing are not registered. */
export type PluginHint = {
  readonly [Kind in EventKind]?: (
    refused: RefusedPods,
    event: EventOf<Kind>,
    world: HintWorld,
  ) => boolean;
};

/** For events that are registered without a hint. */
export function always(): boolean {
  return true;
}
