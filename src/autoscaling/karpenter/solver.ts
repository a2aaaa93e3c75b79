/**
 * Karpenter's bin-packing: first fit, largest pods first, over existing nodes, then nodes planned a moment ago, then a new
 * one. The answer is a plan; whoever asked for it launches or drops it.
 *
 * One pod    1. the first existing node that has room; 2. the first claim that has room, the emptiest first (fewest pods,
 *            then order of opening); 3. a new claim of the first NodePool that can. Else one preference is dropped and all
 *            is tried again; else the pod goes to the tail of the queue with its preferences.
 * Bound      every pop places a pod or lengthens the list of failures; the queue ends after a pass without progress.
 * Left out   the one-minute limit; dynamic resources; reserved capacity.
 * Source     aws.md 1.4, 1.5, 1.6 (Karpenter 1.14, scheduler.go).
 */

import { NO_HOST } from '../../placement/policy.ts';
import { Attempt } from './attempt.ts';
import { Claim } from './claim.ts';
import { PodQueue } from './queue.ts';
import { Requirements } from './requirements.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { ExistingNodes } from './existing-nodes.ts';
import type { Limits } from './limits.ts';
import type { Pod } from './pod.ts';
import type { Template } from './template.ts';
import type { Topology } from './topology.ts';

export interface Plan {
  /** Nodes to launch, in order of opening. */
  readonly claims: readonly Claim[];
  /** Pods that go to nodes there are. */
  readonly placements: readonly { readonly pod: Pod; readonly host: number }[];
  readonly unplaced: readonly Pod[];
}

export class Solver {
  private readonly view: ClusterView;
  private readonly templates: readonly Template[];
  /** One a template. */
  private readonly limits: readonly Limits[];
  private readonly existing: ExistingNodes;
  private readonly topology: Topology;
  private readonly mayToleratePreferred: boolean;
  private readonly claims: Claim[] = [];
  private readonly placements: { pod: Pod; host: number }[] = [];
  /** Keys of pods without spread that failed: room only shrinks, so their like fails too. */
  private readonly hopeless = new Set<string>();
  private readonly requirementsBySpec = new Map<number, Requirements>();

  constructor(
    view: ClusterView,
    templates: readonly Template[],
    limits: readonly Limits[],
    existing: ExistingNodes,
    topology: Topology,
  ) {
    this.view = view;
    this.templates = templates;
    this.limits = limits;
    this.existing = existing;
    this.topology = topology;
    this.mayToleratePreferred = templates.some((template) => template.hasPreferredTaint);
  }

  solve(pods: readonly Pod[]): Plan {
    const queue = new PodQueue(this.view, pods);
    for (let pod = queue.pop(); pod !== undefined; pod = queue.pop()) {
      if (!this.place(pod)) queue.push(pod);
    }
    const placed = new Set(
      [...this.claims.flatMap((claim) => claim.pods), ...this.placements.map(({ pod }) => pod)].map(
        ({ task }) => task,
      ),
    );
    const unplaced = pods.filter(({ task }) => !placed.has(task));
    const claims = [...this.claims].sort((a, b) => a.ordinal - b.ordinal);
    return { claims, placements: this.placements, unplaced };
  }

  private place(pod: Pod): boolean {
    const attempt = new Attempt(pod, this.view.specs.at(pod.spec), this.requirementsOf(pod.spec));
    const isPlain = attempt.spread.length === 0;
    const key = attempt.key;
    if (isPlain && this.hopeless.has(key)) return false;
    do {
      if (this.tryOnce(attempt)) return true;
    } while (attempt.relax(this.mayToleratePreferred));
    if (isPlain) this.hopeless.add(key);
    return false;
  }

  private tryOnce(attempt: Attempt): boolean {
    const host = this.existing.take(attempt, this.topology);
    if (host !== NO_HOST) {
      this.placements.push({ pod: attempt.pod, host });
      return true;
    }
    this.claims.sort((a, b) => a.pods.length - b.pods.length || a.ordinal - b.ordinal);
    if (this.claims.some((claim) => claim.take(this.view, attempt, this.topology))) return true;
    return this.openClaim(attempt);
  }

  private openClaim(attempt: Attempt): boolean {
    for (const [at, template] of this.templates.entries()) {
      const limits = this.limits[at]!;
      const claim = new Claim(template, this.claims.length, limits.within(template.types));
      if (!claim.take(this.view, attempt, this.topology)) continue;
      limits.takeLargestOf(claim.types);
      this.claims.push(claim);
      return true;
    }
    return false;
  }

  private requirementsOf(spec: number): Requirements {
    let requirements = this.requirementsBySpec.get(spec);
    if (requirements === undefined) {
      requirements = Requirements.ofPod(this.view.specs.at(spec));
      this.requirementsBySpec.set(spec, requirements);
    }
    return requirements;
  }
}
