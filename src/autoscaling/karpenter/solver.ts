/**
 * Karpenter's bin-packing: first fit, largest pods first, over existing nodes, then nodes planned a moment ago, then a new
 * one. The answer is a plan; whoever asked for it launches or drops it.
 *
 * One pod    1. the first existing node that takes it; 2. the first claim that does, the emptiest first; 3. a new claim of the
 *            first NodePool that can. Else one preference is dropped and all is tried again; else the pod goes to the tail of
 *            the queue with its preferences. A pod that waits for a reservation drops none, and no NodePool of less weight
 *            than the one that has the reservation is asked.
 * Emptiest   claims are sorted by their number of pods before each look at them, stably: among equals the order of before.
 *            The real one's sort is not stable from 13 claims on, so that equals come in an order of their own.
 * Bound      every pop places a pod or lengthens the list of failures; the queue ends after a pass without progress.
 * Left out   the one-minute limit; dynamic resources.
 * Source     aws.md 1.4, 1.5, 1.6 (Karpenter 1.14, scheduler.go).
 */

import { NO_HOST } from '../../placement/policy.ts';
import { Claim } from './claim.ts';
import { PodQueue } from './queue.ts';
import type { ClaimPolicy, TakeResult } from './claim.ts';
import type { ExistingNodes } from './existing-nodes.ts';
import type { Limits } from './limits.ts';
import type { Pod } from './pod.ts';
import type { PodShape, PodVariant } from './pod-shape.ts';
import type { Reservations } from './reservations.ts';
import type { Template } from './template.ts';
import type { Topology } from './topology.ts';

export interface Plan {
  /** Nodes to launch, in order of opening. */
  readonly claims: readonly Claim[];
  /** Pods that go to nodes there are. */
  readonly placements: readonly { readonly pod: Pod; readonly host: number }[];
  readonly unplaced: readonly Pod[];
  /** Of those unplaced, the ones that wait for a reservation. */
  readonly deferred: readonly Pod[];
}

/** A pod and its kind. */
export interface ShapedPod {
  readonly pod: Pod;
  readonly shape: PodShape;
}

export class Solver {
  private readonly templates: readonly Template[];
  /** One a template. */
  private readonly limits: readonly Limits[];
  private readonly existing: ExistingNodes;
  private readonly topology: Topology;
  private readonly reservations: Reservations;
  private readonly policy: ClaimPolicy;
  private readonly mayToleratePreferred: boolean;
  /** The emptiest first. */
  private readonly claims: Claim[] = [];
  private readonly placements: { pod: Pod; host: number }[] = [];
  /** Shapes that mind no other pods and failed: room only shrinks, so their like fails too. */
  private readonly hopeless = new Set<number>();
  private readonly hasReservations: boolean;
  private opened = 0;

  constructor(
    templates: readonly Template[],
    limits: readonly Limits[],
    existing: ExistingNodes,
    topology: Topology,
    reservations: Reservations,
    policy: ClaimPolicy,
    mayToleratePreferred: boolean,
  ) {
    this.templates = templates;
    this.limits = limits;
    this.existing = existing;
    this.topology = topology;
    this.reservations = reservations;
    this.policy = policy;
    this.mayToleratePreferred = mayToleratePreferred;
    this.hasReservations = templates.some(({ table }) => table.reserved.length > 0);
  }

  /** `pods` in the order in which they are tried. */
  solve(pods: readonly ShapedPod[]): Plan {
    const queue = new PodQueue(pods);
    const failed = new Map<ShapedPod, TakeResult>();
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const result = this.place(next);
      if (result === 'taken') failed.delete(next);
      else {
        failed.set(next, result);
        queue.push(next);
      }
    }
    for (const claim of this.claims) claim.settle();
    const unplaced = pods.filter((one) => failed.has(one));
    const deferred = unplaced.filter((one) => failed.get(one) === 'deferred');
    return {
      claims: [...this.claims].sort((a, b) => a.ordinal - b.ordinal),
      placements: this.placements,
      unplaced: unplaced.map(({ pod }) => pod),
      deferred: deferred.map(({ pod }) => pod),
    };
  }

  private place({ pod, shape }: ShapedPod): TakeResult {
    const key = 2 * shape.first.id + Number(pod.isMoved);
    if (this.hopeless.has(key)) return 'refused';
    let variant: PodVariant | undefined = shape.first;
    let result: TakeResult;
    do {
      result = this.tryOnce(pod, variant);
      if (result !== 'refused') return result;
      variant = variant.relaxed(this.mayToleratePreferred);
      if (variant !== undefined) this.topology.open(variant);
    } while (variant !== undefined);
    if (!shape.mindsOthers && !this.hasReservations) this.hopeless.add(key);
    return result;
  }

  private tryOnce(pod: Pod, variant: PodVariant): TakeResult {
    const { existing } = this;
    const changes = existing.changes;
    const host = existing.take(pod, variant, this.topology);
    if (host !== NO_HOST) {
      if (existing.changes > changes) this.hopeless.clear();
      this.placements.push({ pod, host });
      return 'taken';
    }
    for (const [at, claim] of this.claims.entries()) {
      const { topology, reservations, policy } = this;
      const labels = claim.requirements.size;
      if (claim.take(pod, variant, topology, reservations, policy) !== 'taken') continue;
      if (claim.requirements.size > labels) this.hopeless.clear();
      this.moveBack(at);
      return 'taken';
    }
    return this.openClaim(pod, variant);
  }

  private openClaim(pod: Pod, variant: PodVariant): TakeResult {
    for (const [at, template] of this.templates.entries()) {
      const limits = this.limits[at]!;
      const types = limits.within(template);
      if (types === undefined) continue;
      const claim = new Claim(template, this.opened, types);
      const { topology, reservations, policy } = this;
      const result = claim.take(pod, variant, topology, reservations, policy);
      if (result === 'deferred') return result;
      if (result === 'refused') continue;
      this.opened++;
      limits.takeLargestOf(template, claim);
      this.claims.push(claim);
      this.hopeless.clear();
      this.moveUp();
      return result;
    }
    return 'refused';
  }

  /** The claim has one pod more: behind all that have fewer, before those that now have as many. */
  private moveBack(from: number): void {
    const claim = this.claims[from]!;
    let at = from;
    while (at + 1 < this.claims.length && this.claims[at + 1]!.pods.length < claim.pods.length) {
      this.claims[at] = this.claims[at + 1]!;
      at++;
    }
    this.claims[at] = claim;
  }

  /** The last claim is new: before all that have more pods, behind those that have one too. */
  private moveUp(): void {
    let at = this.claims.length - 1;
    const claim = this.claims[at]!;
    while (at > 0 && this.claims[at - 1]!.pods.length > claim.pods.length) {
      this.claims[at] = this.claims[at - 1]!;
      at--;
    }
    this.claims[at] = claim;
  }
}
