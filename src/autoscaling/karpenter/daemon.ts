/**
 * A pod that would run on every node that it tolerates and selects.
 *
 * Taints   those that are only preferred never keep it away.
 * Quirks   of nodes that there are they do, as long as no type of any NodePool was looked at. And the real one tries the terms of its required node affinity by taking them off the pod, and never puts them back:
 *          once a term did not fit a type it is gone for all types and NodePools that are looked at later, and for nodes.
 *          The last term stays.
 * Source   aws.md 1.9 (Karpenter 1.14, isDaemonPodCompatible in scheduler.go).
 */

import { WELL_KNOWN_LABELS } from './well-known-labels.ts';
import type { CandidateType } from './instance-types.ts';
import type { PodShape, PodVariant } from './pod-shape.ts';
import type { Requirements } from './requirements.ts';
import type { Taint } from '../../cluster/spec.ts';

const NOTHING_OPEN: ReadonlySet<string> = new Set();

export class Daemon {
  readonly shape: PodShape;
  private variant: PodVariant;
  private isRelaxed = false;

  constructor(shape: PodShape) {
    this.shape = shape;
    this.variant = shape.first;
  }

  runsOnType(taints: readonly Taint[], template: Requirements, type: CandidateType): boolean {
    this.isRelaxed = true;
    if (!this.tolerates(taints)) return false;
    for (;;) {
      const { strict, requiredTerms } = this.variant;
      const fits =
        template.isCompatible(strict, WELL_KNOWN_LABELS) && type.requirements.intersects(strict);
      if (fits || requiredTerms.length < 2) return fits;
      this.variant = this.variant.relaxed(false)!;
    }
  }

  runsOnNode(taints: readonly Taint[], labels: Requirements): boolean {
    return this.tolerates(taints) && labels.isCompatible(this.variant.strict, NOTHING_OPEN);
  }

  private tolerates(taints: readonly Taint[]): boolean {
    return this.variant.toleratesAll(
      this.isRelaxed ? taints.filter(({ effect }) => effect !== 'PreferNoSchedule') : taints,
    );
  }
}
