/**
 * One attempt to place one pod: the pod with its preferences, of which each failure takes one away.
 *
 * Relaxation  a preference counts as required until it is dropped, one a step, the first that applies:
 *             a ScheduleAnyway spread (the last constraint moves into its place); then, when some NodePool has a
 *             PreferNoSchedule taint, those taints are tolerated.
 * Left out    OR-terms of node affinity and preferred affinities: specs do not carry them.
 * Source      aws.md 1.8 (Karpenter 1.14, preferences.go).
 */

import { tolerates } from '../../cluster/specs.ts';
import { Requirements } from './requirements.ts';
import type { Pod } from './pod.ts';
import type { SpreadConstraint, Taint, TaskSpec } from '../../cluster/spec.ts';

export class Attempt {
  readonly pod: Pod;
  readonly spec: TaskSpec;
  readonly requirements: Requirements;
  private readonly constraints: SpreadConstraint[];
  private toleratesPreferred = false;

  constructor(pod: Pod, spec: TaskSpec, requirements: Requirements) {
    this.pod = pod;
    this.spec = spec;
    this.requirements = requirements;
    this.constraints = [...spec.spread];
  }

  get spread(): readonly SpreadConstraint[] {
    return this.constraints;
  }

  /** Attempts of one key are alike but for their spreads: when one finds no room, neither does the other. */
  get key(): string {
    const { spec, workload, pool, isMoved } = this.pod;
    return `${spec}/${workload}/${pool}/${Number(isMoved)}/${Number(this.toleratesPreferred)}`;
  }

  toleratesAll(taints: readonly Taint[]): boolean {
    return taints.every(
      (taint) =>
        (taint.effect === 'PreferNoSchedule' && this.toleratesPreferred) ||
        this.spec.tolerations.some((toleration) => tolerates(toleration, taint)),
    );
  }

  /** Drops one preference; false when none is left. */
  relax(mayToleratePreferred: boolean): boolean {
    const at = this.constraints.findIndex(
      ({ whenUnsatisfiable }) => whenUnsatisfiable === 'ScheduleAnyway',
    );
    if (at >= 0) {
      const last = this.constraints.pop()!;
      if (at < this.constraints.length) this.constraints[at] = last;
      return true;
    }
    if (!mayToleratePreferred || this.toleratesPreferred) return false;
    this.toleratesPreferred = true;
    return true;
  }
}
