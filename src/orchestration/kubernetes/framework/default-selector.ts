/**
 * The selector of default spreading: of every Service that selects the pod and of the controller that owns it, all of which
 * must match (kubernetes.md 1.8, 1.9).
 *
 * Services     their selectors merge into one set of labels: all match the pod, so they agree where they meet.
 * Controllers  a ReplicationController's selector is merged over these labels; one of a ReplicaSet or a StatefulSet is added
 *              as further conditions. The controller is found by name; whether it selects the pod is not asked.
 */

import { selectorMatches } from './label-selector.ts';
import type { LabelRequirement } from '../../../cluster/spec.ts';
import type { LabelSelector } from '../../../cluster/pod-template.ts';
import type { Labels } from './label-selector.ts';

/** A Service; one without a selector selects no pod. */
export interface SelectingService {
  readonly namespace: string;
  readonly selector?: Labels;
}

/** A controller that can own pods, by what its reference says. */
export interface SelectingController {
  readonly kind: 'ReplicationController' | 'ReplicaSet' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
  readonly selector?: LabelSelector;
}

export interface Selecting {
  readonly services: readonly SelectingService[];
  readonly controllers: readonly SelectingController[];
}

export interface SelectedPod {
  readonly namespace: string;
  readonly labels: Labels;
  /** What its controller reference says, if it has one. */
  readonly owner?: { readonly kind: string; readonly name: string };
}

/** PodSpecInfo.defaultSelector; undefined when nothing selects the pod. */
export function defaultSelectorOf(pod: SelectedPod, around: Selecting): LabelSelector | undefined {
  const matchLabels: Record<string, string> = {};
  for (const { namespace, selector } of around.services) {
    if (namespace !== pod.namespace || selector === undefined) continue;
    if (!selectorMatches({ matchLabels: selector, matchExpressions: [] }, pod.labels)) continue;
    Object.assign(matchLabels, selector);
  }
  const matchExpressions: LabelRequirement[] = [];
  const owner = ownerOf(pod, around.controllers);
  if (owner?.selector !== undefined) {
    if (owner.kind === 'ReplicationController') {
      Object.assign(matchLabels, owner.selector.matchLabels);
    } else {
      matchExpressions.push(...requirementsOf(owner.selector));
    }
  }
  const isEmpty = Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
  return isEmpty ? undefined : { matchLabels, matchExpressions };
}

function ownerOf(
  { namespace, owner }: SelectedPod,
  controllers: readonly SelectingController[],
): SelectingController | undefined {
  if (owner === undefined) return undefined;
  return controllers.find(
    (one) => one.kind === owner.kind && one.name === owner.name && one.namespace === namespace,
  );
}

// As expressions, because a Service may ask for another value of the same label: then nothing matches.
function requirementsOf({ matchLabels, matchExpressions }: LabelSelector): LabelRequirement[] {
  const equalities = Object.entries(matchLabels).map(([key, value]) => ({
    key,
    operator: 'In' as const,
    values: [value],
  }));
  return [...equalities, ...matchExpressions];
}
