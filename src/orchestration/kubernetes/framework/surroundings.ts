/** What plugins look at besides nodes and pods. */

import type { LabelSelector } from '../../../cluster/pod-template.ts';

export interface Surroundings {
  /** Labels of every namespace by its name. */
  readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly budgets: readonly DisruptionBudget[];
  readonly storage: Storage;
}

/** A PodDisruptionBudget as preemption reads it (kubernetes.md 1.10). */
export interface DisruptionBudget {
  readonly namespace: string;
  readonly selector?: LabelSelector;
  readonly disruptionsAllowed: number;
  /** Names of pods already being disrupted. */
  readonly disrupted: ReadonlySet<string>;
}

/** What claims of pods are bound to, or wait for. Read by the volume plugins alone. */
export interface Storage {
  readonly claims: ReadonlyMap<string, unknown>;
}

export const BARE: Surroundings = {
  namespaces: new Map(),
  budgets: [],
  storage: { claims: new Map() },
};
