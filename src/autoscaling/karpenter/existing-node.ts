/**
 * A node that a plan may fill: one of the cluster, or one of Karpenter's own that is still on its way.
 *
 * Check    settling; taints (PreferNoSchedule until relaxed); pool; ports; room; labels, of which none may be open; for each place
 *          where the pod's volumes may be: topology.
 * Labels   are narrowed by what its new pods ask for. So a label that the node does not have counts as stated once a pod asks
 *          that it be NotIn something: a quirk of the real one.
 * Source   aws.md 1.6 (Karpenter 1.14, existingnode.go).
 */

import { HOSTNAME } from './well-known-labels.ts';
import { Requirement } from './requirement.ts';
import { portsCollide } from '../../orchestration/kubernetes/framework/host-ports.ts';
import type { HostPort } from '../../cluster/pod-template.ts';
import type { Pod } from './pod.ts';
import type { PodVariant } from './pod-shape.ts';
import type { Requirements } from './requirements.ts';
import type { SpreadNode } from './topology-group.ts';
import type { Taint } from '../../cluster/spec.ts';
import type { Topology } from './topology.ts';

/** What a node has left, by whatever it is counted. */
export interface NodeRoom {
  fits(pod: Pod, variant: PodVariant): boolean;
  take(pod: Pod, variant: PodVariant): void;
}

export interface NodeState extends SpreadNode {
  /** Row of the host. */
  readonly host: number;
  /** Row of its pool. */
  readonly pool: number;
  readonly taints: readonly Taint[];
  readonly hostPorts: readonly HostPort[];
  /** Takes no pod that would move only to let its node go (aws.md 1.20). */
  readonly isSettling: boolean;
}

const NOTHING_OPEN: ReadonlySet<string> = new Set();
const ANYWHERE: readonly undefined[] = [undefined];

export class ExistingNode {
  readonly state: NodeState;
  private requirements: Requirements;
  private ports: readonly HostPort[];
  private readonly room: NodeRoom;
  private readonly name: Requirement;

  constructor(state: NodeState, room: NodeRoom) {
    this.state = state;
    this.room = room;
    this.requirements = state.requirements;
    this.ports = state.hostPorts;
    this.name = Requirement.is(HOSTNAME, state.hostname);
  }

  /** Everything but volumes and topology: once false in a plan, false for good, as long as no label is added. */
  mayHold(pod: Pod, variant: PodVariant): boolean {
    const { state } = this;
    const { wishes } = variant.shape;
    return (
      !(pod.isMoved && state.isSettling) &&
      this.room.fits(pod, variant) &&
      variant.toleratesAll(state.taints) &&
      wishes.mayUsePool?.(state.pool) !== false &&
      !portsCollide(wishes.hostPorts, this.ports) &&
      variant.hostname?.meets(this.name) !== false &&
      this.requirements.isCompatible(variant.requirements, NOTHING_OPEN)
    );
  }

  /** Takes in a pod that it may hold; false, and nothing changes, where volumes or other pods forbid it. */
  take(pod: Pod, variant: PodVariant, topology: Topology): boolean {
    const base = this.requirements.and(variant.requirements);
    const { volumes, hostPorts } = variant.shape.wishes;
    for (const place of volumes.length === 0 ? ANYWHERE : volumes) {
      if (place !== undefined && !base.isCompatible(place, NOTHING_OPEN)) continue;
      const asked = place === undefined ? base : base.and(place);
      const narrowed = topology.narrow(variant, this.nodeOf(asked), this.name, NOTHING_OPEN);
      if (narrowed === undefined) continue;
      this.requirements = narrowed;
      this.room.take(pod, variant);
      if (hostPorts.length > 0) this.ports = [...this.ports, ...hostPorts];
      topology.record(variant, this.nodeOf(narrowed));
      return true;
    }
    return false;
  }

  /** How many labels are stated of it. */
  get labelCount(): number {
    return this.requirements.size;
  }

  private nodeOf(requirements: Requirements): SpreadNode {
    const { taints, hostname } = this.state;
    return { taints, requirements, hostname };
  }
}
