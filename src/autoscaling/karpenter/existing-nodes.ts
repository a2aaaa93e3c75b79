/**
 * The nodes that a plan may fill, in the order in which they are tried: ready ones first, then by name, which is the order of
 * rows. The lowest one that takes the pod wins (aws.md 1.6; Karpenter 1.14, scheduler.go).
 */

import { NO_HOST } from '../../placement/policy.ts';
import type { ExistingNode } from './existing-node.ts';
import type { Pod } from './pod.ts';
import type { PodVariant } from './pod-shape.ts';
import type { Topology } from './topology.ts';

/** Nodes by position. */
export interface Lineup {
  readonly count: number;
  /** The first that could take such a pod when nothing was placed: no need to look before it. */
  firstOf(pod: Pod, variant: PodVariant): number;
  /** Everything but volumes and topology: once false in a plan, false for good, as long as no label is added. */
  mayHold(at: number, pod: Pod, variant: PodVariant): boolean;
  nodeAt(at: number): ExistingNode;
}

export class ExistingNodes {
  /** Grows when what was refused may no longer be. */
  changes = 0;
  private readonly lineup: Lineup;
  /** By variant: the first position that may have room. All before it never will, since a plan only fills. */
  private readonly firstOpen = new Map<number, number>();

  constructor(lineup: Lineup) {
    this.lineup = lineup;
  }

  /** The host that takes the pod, or NO_HOST. */
  take(pod: Pod, variant: PodVariant, topology: Topology): number {
    const { lineup } = this;
    const { count } = lineup;
    const key = 2 * variant.id + Number(pod.isMoved);
    let at = this.firstOpen.get(key) ?? (this.changes > 0 ? 0 : lineup.firstOf(pod, variant));
    while (at < count && !lineup.mayHold(at, pod, variant)) at++;
    this.firstOpen.set(key, at);
    for (; at < count; at++) {
      if (!lineup.mayHold(at, pod, variant)) continue;
      const node = lineup.nodeAt(at);
      const labels = node.labelCount;
      if (!node.take(pod, variant, topology)) continue;
      // One more label that is stated: pods that were refused for want of it may now be let in.
      if (node.labelCount > labels) {
        this.firstOpen.clear();
        this.changes++;
      }
      return node.state.host;
    }
    return NO_HOST;
  }
}
