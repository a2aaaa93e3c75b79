/**
 * Decisions as values. Controllers append, the simulation commits in order; a commit may be refused when the world
 * has moved on, and what was refused is seen again by the next wake.
 */

import type { AllocationStrategy } from '../cloud/supply/allocation.ts';
import type { Taint } from '../cluster/spec.ts';
import type { TaskPlace } from '../cluster/ledger.ts';
import type { EndReason, PendingReason, TerminationReason } from '../base/reasons.ts';

export type Action =
  /**
   * Bind a pending task to a host and to these of its GPUs, 0 for those of the ledger's rule; its host hears of it at `atUs`
   * (think time and API latency are over).
   */
  | {
      readonly kind: 'bind';
      readonly task: number;
      readonly host: number;
      readonly devices: number;
      readonly atUs: number;
    }
  /** Let a task be seen whose job was suspended. */
  | { readonly kind: 'admit'; readonly task: number }
  /** Keep a host for a pending task while others make room for it there; NO_ROW gives it up. */
  | { readonly kind: 'nominate'; readonly task: number; readonly host: number }
  /** Note why a task stays pending. */
  | { readonly kind: 'refuse'; readonly task: number; readonly reason: PendingReason }
  /** Let a pending task wait for another pool. */
  | { readonly kind: 'assign-pool'; readonly task: number; readonly pool: number }
  /** Order one host of an instance type in a zone, or of what EC2 picks among the offers of `fleet`. */
  | {
      readonly kind: 'launch';
      readonly pool: number;
      readonly instanceType: string;
      readonly zone: number;
      readonly spot: boolean;
      readonly fleet?: FleetRequest;
    }
  /** Give a task a Fargate micro-VM of its own and bind it there. */
  | { readonly kind: 'launch-micro-vm'; readonly task: number; readonly pool: number }
  /** Empty a host (its tasks are stopped, services replace theirs) and end it. */
  | { readonly kind: 'terminate'; readonly host: number; readonly reason: TerminationReason }
  /** Start one more task of a service, or the one that `run` tells. */
  | { readonly kind: 'create-task'; readonly workload: number; readonly run?: TaskRun }
  /** Note that a job of a workload has failed for good. */
  | { readonly kind: 'give-up'; readonly workload: number; readonly why: string }
  /** Delete a Job of a workload that has ended, and its pods with it, after a time. */
  | {
      readonly kind: 'delete-job';
      readonly workload: number;
      readonly job: number;
      readonly afterUs: number;
    }
  /** Give a workload another revision: its next tasks ask for `spec`. */
  | { readonly kind: 'set-spec'; readonly workload: number; readonly spec: number }
  /** Let the next tasks of a workload ask for other amounts than are written, without another revision; 0 for those. */
  | {
      readonly kind: 'set-requests';
      readonly workload: number;
      readonly cpuTicks: number;
      readonly memoryBytes: number;
    }
  /** Let a bound task ask for other amounts from now on, where it is: its host gives them when it can. */
  | {
      readonly kind: 'resize-task';
      readonly task: number;
      readonly cpuTicks: number;
      readonly memoryBytes: number;
    }
  /** Start a daemon's task on a host. */
  | { readonly kind: 'create-daemon'; readonly workload: number; readonly host: number }
  /** Submit a job's task again, whole: its host went away. */
  | { readonly kind: 'replace-task'; readonly task: number }
  /** `graceUs`: in place of the task's own grace period. */
  | {
      readonly kind: 'stop-task';
      readonly task: number;
      readonly reason: EndReason;
      readonly graceUs?: number;
    }
  /** The task is gone, whatever its host says. */
  | { readonly kind: 'force-delete'; readonly task: number; readonly reason: EndReason }
  /** A task that was ready counts as ready no more: its host is silent. */
  | { readonly kind: 'mark-unready'; readonly task: number }
  /** Take taints from a host (by key and effect) and give it others. */
  | {
      readonly kind: 'change-taints';
      readonly host: number;
      readonly remove: readonly Taint[];
      readonly add: readonly Taint[];
    }
  | { readonly kind: 'set-desired'; readonly workload: number; readonly desired: number }
  /** `bounds`: those of the pool from now on. */
  | {
      readonly kind: 'set-pool-desired';
      readonly pool: number;
      readonly desired: number;
      readonly bounds?: { readonly minimum: number; readonly maximum: number };
    };

/** Types and zones that a launch leaves to EC2, in order of wish, and how it shall choose (cloud/supply/allocation). */
export interface FleetRequest {
  readonly strategy: AllocationStrategy;
  /** Of `lowest-price`: over how many of the cheapest pools to spread. */
  readonly pools: number;
  readonly offers: readonly {
    readonly instanceType: string;
    readonly zone: number;
    /** Capacity that one instance counts for. */
    readonly weight: number;
    /** Instances of it that the one who launches has. */
    readonly held: number;
  }[];
}

/** What a task is other than the next of its workload, of the current revision, until it is told to stop. */
export interface TaskRun {
  readonly spec?: number;
  readonly durationUs?: number;
  readonly workTickUs?: number;
  readonly place?: TaskPlace;
}

export class ActionBuffer {
  readonly actions: Action[] = [];

  push(action: Action): void {
    this.actions.push(action);
  }

  /** One by one: a length of 0 would give the memory back, to be asked for again at the next wake. */
  clear(): void {
    while (this.actions.length > 0) this.actions.pop();
  }
}
