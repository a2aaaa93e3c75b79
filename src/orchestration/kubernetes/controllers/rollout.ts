/**
 * The ReplicaSets of one Deployment from its first update on (kubernetes.md 3.1): which there are, how large each is to be, and
 * the next step. A Deployment that was never updated has one set, which needs no record.
 */

import {
  fencesOf,
  isScalingEvent,
  recreatedSizes,
  rolledSizes,
  scaledSizes,
} from './deployment-step.ts';
import type { DeploymentSpec } from '../../../cluster/controller-specs.ts';
import type { Fences } from './deployment-step.ts';

export type DeploymentOptions = Pick<
  DeploymentSpec,
  'strategy' | 'maxSurge' | 'maxUnavailable' | 'minReadyUs' | 'isPaused' | 'revisionHistoryLimit'
>;

/** The defaults of the API. */
export const PLAIN_DEPLOYMENT: DeploymentOptions = {
  strategy: 'RollingUpdate',
  maxSurge: { percent: 25 },
  maxUnavailable: { percent: 25 },
  minReadyUs: 0,
  isPaused: false,
  revisionHistoryLimit: 10,
};

/** One ReplicaSet. */
export interface Revision {
  /** Number of the written spec: what its pods have in common. */
  readonly written: number;
  readonly spec: number;
  replicas: number;
  desired: number;
  maximum: number;
}

/** What exists of each set. */
export interface RevisionPods {
  /** Not leaving. */
  readonly active: readonly number[];
  readonly available: number;
  /** Leaving ones too. */
  readonly existing: number;
}

/** Sets in the order of their creation, and which of them has the current revision. */
export interface RolloutState {
  readonly revisions: readonly Readonly<Revision>[];
  readonly newest: number;
}

export class Rollout {
  private readonly options: DeploymentOptions;
  private revisions: Revision[] = [];
  private newest = 0;

  constructor(options: DeploymentOptions) {
    this.options = options;
  }

  get sets(): readonly Readonly<Revision>[] {
    return this.revisions;
  }

  /** The set that had the pods so far. */
  begin(written: number, spec: number, replicas: number): void {
    this.add(written, spec, replicas, replicas);
  }

  /** The Deployment has another revision from now on; one that it had before comes back with its old set. */
  turnTo(written: number, spec: number, replicas: number): void {
    const known = this.revisions.findIndex((set) => set.written === written);
    if (known < 0) this.add(written, spec, 0, replicas);
    this.newest = known < 0 ? this.revisions.length - 1 : known;
  }

  isCurrent(set: Readonly<Revision>): boolean {
    return this.revisions[this.newest] === set;
  }

  /** Takes one step; false when there is nothing to do. `pods` are those of each set. */
  step(replicas: number, pods: readonly RevisionPods[]): boolean {
    const fences = fencesOf(this.options, replicas);
    const sets = this.revisions.map((set, i) => ({ ...set, available: pods[i]!.available }));
    const isScaled = isScalingEvent(sets, replicas);
    const sizes = this.nextSizes(sets, replicas, fences, isScaled, pods);
    let isChanged = false;
    for (const [i, set] of this.revisions.entries()) {
      const isResized = set.replicas !== sizes[i];
      set.replicas = sizes[i]!;
      if (!isResized && !(isScaled && set.replicas > 0)) continue;
      isChanged ||= isResized || set.desired !== replicas;
      set.desired = replicas;
      set.maximum = replicas + fences.surge;
    }
    if (!isChanged) this.forgetOldest(pods);
    return isChanged;
  }

  save(): RolloutState {
    return { revisions: this.revisions.map((set) => ({ ...set })), newest: this.newest };
  }

  restore({ revisions, newest }: RolloutState): void {
    this.revisions = revisions.map((set) => ({ ...set }));
    this.newest = newest;
  }

  private nextSizes(
    sets: readonly (Revision & { available: number })[],
    replicas: number,
    fences: Fences,
    isScaled: boolean,
    pods: readonly RevisionPods[],
  ): number[] {
    const isRolling = this.options.strategy === 'RollingUpdate';
    if (isScaled || this.options.isPaused) {
      return scaledSizes(sets, this.newest, replicas, fences, isRolling);
    }
    if (isRolling) return rolledSizes(sets, this.newest, replicas, fences);
    const oldPods = pods.reduce(
      (sum, { existing }, i) => sum + (i === this.newest ? 0 : existing),
      0,
    );
    return recreatedSizes(sets, this.newest, replicas, oldPods);
  }

  private add(written: number, spec: number, size: number, replicas: number): void {
    const { surge } = fencesOf(this.options, replicas);
    const maximum = replicas + surge;
    this.revisions.push({ written, spec, replicas: size, desired: replicas, maximum });
  }

  /** Old sets without pods, beyond the history that is kept. */
  private forgetOldest(pods: readonly RevisionPods[]): void {
    const current = this.revisions[this.newest]!;
    const isEmpty = (set: Revision, i: number) =>
      set !== current && set.replicas === 0 && pods[i]!.existing === 0;
    const excess = this.revisions.length - 1 - this.options.revisionHistoryLimit;
    if (excess <= 0) return;
    const gone = this.revisions.filter(isEmpty).slice(0, excess);
    this.revisions = this.revisions.filter((set) => !gone.includes(set));
    this.newest = this.revisions.indexOf(current);
  }
}
