/** Reads the pods of a ranking case and compares our order of deletion with the real one. */

import {
  deletionCostOf,
  rankForDeletion,
} from '../../../src/orchestration/kubernetes/controllers/pod-ranking.ts';
import type { Pod } from './api-objects.ts';
import type { RankedPod } from '../../../src/orchestration/kubernetes/controllers/pod-ranking.ts';
import type { RankingCase } from './ranking-case.ts';

interface NamedPod extends RankedPod {
  readonly name: string;
}

interface Status {
  readonly phase: string;
  readonly conditions: readonly {
    type: string;
    status: string;
    lastTransitionTime: string | null;
  }[];
  readonly containerStatuses: readonly { restartCount: number }[];
}

export function judgeRanking(input: unknown, output: unknown): string | undefined {
  const { now, pods, rank } = input as RankingCase;
  const named = pods.map((pod, i) => rankedPod(pod, rank[i]!));
  const ours = rankForDeletion(named, usOf(now)).map(({ name }) => name);
  const { order } = output as { order: readonly string[] };
  const at = ours.findIndex((name, i) => name !== order[i]);
  return at < 0 ? undefined : `place ${at}: ${ours[at]}, really ${order[at]}`;
}

/** Init containers are none of them sidecars: their restarts do not count. */
function rankedPod({ metadata, spec, status }: Pod, colocated: number): NamedPod {
  const { phase, conditions, containerStatuses } = status as unknown as Status;
  const ready = conditions.find(({ type, status: is }) => type === 'Ready' && is === 'True');
  const since = ready?.lastTransitionTime;
  return {
    name: metadata.name,
    uid: metadata.uid!,
    isAssigned: (spec.nodeName ?? '') !== '',
    phase: ['Pending', 'Unknown', 'Running'].indexOf(phase),
    isReady: ready !== undefined,
    deletionCost: deletionCostOf(metadata.annotations ?? {}),
    colocated,
    readyUs: since === null || since === undefined ? NaN : usOf(since),
    createdUs: usOf(metadata.creationTimestamp as string),
    restarts: Math.max(...containerStatuses.map(({ restartCount }) => restartCount)),
    sidecarRestarts: 0,
  };
}

function usOf(instant: string): number {
  return Date.parse(instant) * 1_000;
}
