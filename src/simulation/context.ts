/** What the parts of a simulation share: clock and calendar, the world and its one writer, the watchers. */

import type { Digest } from './digest.ts';
import type { FinishedPods } from './finished-pods.ts';
import type { HostDisk } from './host-disk.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Ledger } from '../cluster/ledger.ts';
import type { LinkLosses } from './link-losses.ts';
import type { Observer } from './observer.ts';
import type { SimulationSetup } from './setup.ts';
import type { VolumeLife } from './volume-life.ts';

export interface SimulationContext {
  readonly setup: SimulationSetup;
  readonly kernel: Kernel;
  readonly ledger: Ledger;
  readonly digest: Digest;
  readonly observers: readonly Observer[];
  /** Time of the last bind, launch or end: a run in which nothing acts for long is stuck. */
  lastActedUs: number;
  /** Absent where no pool states a disk. */
  disks?: HostDisk;
  /** Absent where no link is lost. */
  links?: LinkLosses;
  /** Absent where finished pods cost nothing. */
  finishedPods?: FinishedPods;
  /** Absent where no pod claims a volume. */
  volumes?: VolumeLife;
}
