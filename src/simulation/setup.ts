/** Everything that a run is made of, assembled by `scenario` before the clock starts. */

import type { Cluster } from '../cluster/cluster.ts';
import type { DisruptionBudgets } from '../orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { Controller } from '../orchestration/controller.ts';
import type { Distribution } from '../random/distribution.ts';
import type { HostDescription } from '../cluster/hosts.ts';
import type { HostFailureProcess } from '../disruption/host-failure.ts';
import type { LinkLoss } from '../disruption/link-loss.ts';
import type { ZoneOutage } from '../disruption/zone-outage.ts';
import type { ImageCaches } from '../images/host-cache.ts';
import type { Market } from '../orchestration/host-description.ts';
import type { Observer } from './observer.ts';
import type { PoolChooser } from '../orchestration/pool-chooser.ts';
import type { ContainerBehaviour } from '../runtime/container-behaviour.ts';
import type { Supply } from '../cloud/supply/supply.ts';
import type { StopTimes } from '../runtime/stop-time.ts';
import type { PullPath } from '../images/pull-path.ts';
import type { Streams } from '../random/streams.ts';
import type { TaskSource } from './task-source.ts';
import type { Usage } from './usage.ts';

export interface SimulationSetup {
  /** Seed of this replication: for what is drawn by a counter hash. */
  readonly seed: string | number;
  readonly durationUs: number;
  readonly samplingUs: number;
  readonly stuckAfterUs: number;
  readonly market: Market;
  /** What EC2 has to give. */
  readonly supply: Supply;
  /** By pool row: does its group replace hosts that are at risk? */
  readonly heedsRisk: readonly (boolean | undefined)[];
  readonly cluster: Cluster;
  /** The first zones of the cluster are those of the region; others hold own hosts only. */
  readonly regionZones: number;
  readonly streams: Streams;
  readonly usage: Usage;
  readonly images: ImageCaches;
  /** By pool row: how images reach its hosts. */
  readonly pullPaths: readonly PullPath[];
  readonly sources: readonly TaskSource[];
  /** By workload row: time from the start of a task's containers to its readiness. */
  readonly startup: readonly (Distribution | undefined)[];
  /** By workload row: what it says about its stopping. */
  readonly stops: readonly (StopTimes | undefined)[];
  /** By workload row: what its containers do that nobody asked for. */
  readonly containers: readonly (ContainerBehaviour | undefined)[];
  /** By pool row: how its machines fail; undefined for those that never do. */
  readonly hostFailures: readonly (HostFailureProcess | undefined)[];
  readonly outages: readonly ZoneOutage[];
  readonly linkLosses: readonly LinkLoss[];
  /** Hosts that are there, and ready, when the run starts. */
  readonly ownHosts: readonly HostDescription[];
  /** By cluster. */
  readonly choosers: readonly PoolChooser[];
  readonly controllers: readonly Controller[];
  /** By cluster: pods that leave an emptied host only when they are evicted. */
  readonly budgets: readonly DisruptionBudgets[];
  /** Pods of one Job, by workload row: of those whose Jobs are kept after their end where that costs something. */
  readonly podsOfJob: ReadonlyMap<number, number>;
  readonly observers: readonly Observer[];
}

/** How a run ended. */
export interface RunEnd {
  readonly endUs: number;
  readonly ending: 'duration' | 'finished' | 'stuck';
  /** When stuck: the first pending task, and why nothing takes it. */
  readonly explanation: string;
}
