/** What plugins look at besides nodes and pods. */

import type { LabelSelector } from '../../../cluster/pod-template.ts';
import type { Storage } from './storage.ts';

export interface Surroundings {
  /** Labels of every namespace by its name. */
  readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly budgets: readonly DisruptionBudget[];
  /** Nodes of the cluster, where a cycle is shown a part of them; else those that it is shown are all. */
  readonly nodeCount?: number;
  /** Absent where claims are not modelled: then they hold no pod back. */
  readonly storage?: Storage;
}

/** A PodDisruptionBudget as preemption reads it (kubernetes.md 1.10). */
export interface DisruptionBudget {
  readonly namespace: string;
  readonly selector?: LabelSelector;
  readonly disruptionsAllowed: number;
  /** Names of pods already being disrupted. */
  readonly disrupted: ReadonlySet<string>;
}

export const BARE: Surroundings = { namespaces: new Map(), budgets: [] };
