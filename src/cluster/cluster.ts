/**
 * The world that is simulated: hosts, tasks, workloads and pools as columns, for every cluster of a variant.
 * Policies and controllers see it as `ClusterView`; only the ledger and the simulation write.
 */

import { Journal } from './journal.ts';
import { Fork } from './fork.ts';
import { HostColumns } from './hosts.ts';
import { NodeImages } from './node-images.ts';
import { PoolColumns } from './pools.ts';
import { ClusterStorage } from './storage.ts';
import { Specs } from './specs.ts';
import { TaskColumns } from './tasks.ts';
import { TaskResizes } from './task-resizes.ts';
import { Totals } from './totals.ts';
import { WorkloadColumns } from './workloads.ts';
import { SpreadCounts } from './spread-counts.ts';
import type { ClaimColumns, VolumeColumns } from './storage.ts';
import type { HostDescription } from './hosts.ts';
import type { ReadonlyColumn } from '../base/columns.ts';

export type OrchestratorKind = 'ecs' | 'kubernetes' | 'batch';

export class Cluster {
  /** Names of zones; a host's `zone` is an index. */
  readonly zones: readonly string[];
  /** Orchestrators of the clusters of this variant; a host's `cluster` is an index. */
  readonly orchestrators: readonly OrchestratorKind[];
  readonly clusterNames: readonly string[];

  readonly hosts = new HostColumns();
  readonly tasks = new TaskColumns();
  readonly workloads = new WorkloadColumns();
  readonly pools = new PoolColumns();
  readonly specs = new Specs();
  readonly counts = new SpreadCounts(this);
  readonly journal = new Journal();
  readonly totals = new Totals();
  readonly storage = new ClusterStorage();
  readonly images = new NodeImages();
  readonly resizes = new TaskResizes();

  readonly hostNames: string[] = [];
  /** Instance type or Fargate size of each host. */
  readonly hostTypes: string[] = [];

  constructor(
    zones: readonly string[],
    clusterNames: readonly string[],
    orchestrators: readonly OrchestratorKind[],
  ) {
    this.zones = zones;
    this.clusterNames = clusterNames;
    this.orchestrators = orchestrators;
  }

  /** Remembers the text parts of a host; the ledger fills its columns. */
  nameHost(description: HostDescription): void {
    this.hostNames.push(description.name);
    this.hostTypes.push(description.instanceType);
  }

  /** A writable what-if on the same columns; always reverted (`whatIf`). */
  fork(): Fork {
    return new Fork(this);
  }

  save() {
    return {
      hosts: this.hosts.save(),
      tasks: this.tasks.save(),
      workloads: this.workloads.save(),
      pools: this.pools.save(),
      specs: this.specs.save(),
      journal: this.journal.save(),
      totals: this.totals.save(),
      storage: this.storage.save(),
      images: this.images.save(),
      resizes: this.resizes.save(),
      hostNames: [...this.hostNames],
      hostTypes: [...this.hostTypes],
    };
  }

  /** Into a cluster that was assembled from the same scenario: names and pool descriptions come from there. */
  restore(state: ReturnType<Cluster['save']>): void {
    this.hosts.restore(state.hosts);
    this.tasks.restore(state.tasks);
    this.workloads.restore(state.workloads);
    this.pools.restore(state.pools);
    this.specs.restore(state.specs);
    this.counts.forget();
    this.journal.restore(state.journal);
    this.totals.restore(state.totals);
    this.storage.restore(state.storage);
    this.images.restore(state.images);
    this.resizes.restore(state.resizes);
    this.hostNames.splice(0, Infinity, ...state.hostNames);
    this.hostTypes.splice(0, Infinity, ...state.hostTypes);
  }
}

/** The columns that answer "does it fit": the ledger's own, or a lagging copy of them. */
export interface FreeView {
  readonly state: ReadonlyColumn;
  readonly cpuFree: ReadonlyColumn;
  readonly memoryFree: ReadonlyColumn;
  readonly slotsFree: ReadonlyColumn;
  readonly gpuFree: ReadonlyColumn;
}

type ReadonlyTable<T> = {
  readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: T[K] extends
    Float64Array | Int32Array | Uint8Array
    ? ReadonlyColumn
    : T[K];
};

/** Claims and volumes, without a way to write them. */
export type StorageView = Pick<
  ClusterStorage,
  | 'isEmpty'
  | 'claimSpecs'
  | 'volumeSpecs'
  | 'classes'
  | 'wants'
  | 'claimRow'
  | 'claimNames'
  | 'claimsOf'
> & {
  readonly claims: ReadonlyTable<ClaimColumns>;
  readonly volumes: ReadonlyTable<VolumeColumns>;
};

/** What policies and controllers may see. The same columns, without a way to write them. */
export interface ClusterView {
  readonly zones: readonly string[];
  readonly orchestrators: readonly OrchestratorKind[];
  readonly hosts: ReadonlyTable<HostColumns>;
  readonly tasks: ReadonlyTable<TaskColumns>;
  readonly workloads: ReadonlyTable<WorkloadColumns>;
  readonly pools: ReadonlyTable<PoolColumns>;
  readonly specs: Specs;
  readonly counts: Pick<SpreadCounts, 'onHost' | 'inZone'>;
  readonly journal: Journal;
  readonly totals: Totals;
  readonly storage: StorageView;
  readonly resizes: Pick<TaskResizes, 'at' | 'specOf'>;
  readonly images: Pick<
    NodeImages,
    'names' | 'bytes' | 'find' | 'on' | 'has' | 'nodesWithImage' | 'nodesOf'
  >;
  readonly hostNames: readonly string[];
  readonly hostTypes: readonly string[];
  fork(): Fork;
}
