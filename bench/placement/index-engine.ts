/**
 * The engine's own columns, counts and journal with an IndexPlacer on top. What a bind and a release change is changed here as
 * the ledger does, without its rows of tasks, its totals and its checks, which are no part of a choice.
 */

import { CHANGE } from '../../src/cluster/journal.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import {
  CAPACITY_TYPE,
  GPUS_PER_HOST_MAX,
  HOST_STATE,
  LAUNCH_TYPE,
  NO_ROW,
} from '../../src/cluster/hosts.ts';
import { IndexPlacer } from '../../src/placement/index-placer.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { MILLI_PER_GPU, TICKS_PER_MILLI } from '../../src/base/units.ts';
import { FIRST } from '../../src/placement/tie-rule.ts';
import { gpuDevicesFor } from '../../src/cluster/fit.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { Contestant } from './contestants.ts';
import type { Draw } from '../../src/placement/tie-rule.ts';
import type { Engine } from './engine.ts';
import type { Load } from './load.ts';
import type { PlacementRequest } from '../../src/placement/policy.ts';

export class IndexEngine implements Engine {
  private readonly cluster = new Cluster(['a', 'b', 'c'], ['main'], ['ecs']);
  private readonly placer: IndexPlacer;
  private readonly requests: readonly PlacementRequest[];
  /** By template. */
  private readonly wantsGpus: readonly boolean[];
  /** Devices that each task that wants some holds. */
  private readonly gpuMask: Int32Array;
  private readonly counts: boolean;

  constructor(load: Load, contestant: Contestant, draw: Draw) {
    const { cluster } = this;
    const pool = {
      name: 'pool',
      cluster: 0,
      kind: 'external',
      instanceTypes: [],
      spot: false,
    } as const;
    cluster.pools.add({ ...pool, labels: {}, taints: [], workloads: [] }, 0, 0, 0);
    this.addHosts(load);
    this.requests = load.templates.map((template, workload) => {
      const cpuTicks = template.cpuMilli * TICKS_PER_MILLI;
      const plain = plainTaskSpec(`w-${workload}`, 'service', cpuTicks, template.memoryBytes);
      const gpu = { gpuCount: template.gpus, gpuMilli: template.gpus > 0 ? MILLI_PER_GPU : 0 };
      return { spec: cluster.specs.rowOf({ ...plain, ...gpu }), workload };
    });
    this.wantsGpus = load.templates.map(({ gpus }) => gpus > 0);
    // The engine always counts. Here only where the other engines must count too, to time the same work.
    this.counts = contestant.policies.some(({ countsBy }) => countsBy !== undefined);
    this.gpuMask = new Int32Array(load.templateOf.length);
    const ties = contestant.scan === 'random' ? ({ kind: 'random', draw } as const) : FIRST;
    this.placer = new IndexPlacer(cluster, contestant.policies, ties, { cluster: 0, pool: NO_ROW });
  }

  choose(template: number): number {
    return this.placer.place(this.requests[template]!);
  }

  put(host: number, template: number, task: number): void {
    const { hosts, specs, journal } = this.cluster;
    const { spec } = this.requests[template]!;
    if (this.wantsGpus[template]!) this.gpuMask[task] = gpuDevicesFor(specs, spec, hosts, host);
    this.move(host, template, task, 1);
    journal.write(CHANGE.taskBound, task, host, 0);
  }

  take(host: number, template: number, task: number): void {
    this.move(host, template, task, -1);
    this.cluster.journal.write(CHANGE.taskReleased, task, host, 0);
  }

  private move(host: number, template: number, task: number, sign: 1 | -1): void {
    const { hosts, specs, counts } = this.cluster;
    const { spec, workload } = this.requests[template]!;
    hosts.cpuFree[host]! -= sign * specs.cpuTicks[spec]!;
    hosts.memoryFree[host]! -= sign * specs.memoryBytes[spec]!;
    hosts.slotsFree[host]! -= sign;
    if (this.wantsGpus[template]!) this.moveGpus(host, task, sign);
    if (this.counts) counts.add(workload, host, hosts.zone[host]!, sign);
  }

  private moveGpus(host: number, task: number, sign: 1 | -1): void {
    const { gpuFree } = this.cluster.hosts;
    for (let mask = this.gpuMask[task]!; mask !== 0; mask &= mask - 1) {
      const device = 31 - Math.clz32(mask & -mask);
      gpuFree[host * GPUS_PER_HOST_MAX + device]! -= sign * MILLI_PER_GPU;
    }
  }

  private addHosts({ hosts }: Load): void {
    const ledger = new Ledger(this.cluster);
    for (const [i, shape] of hosts.entries()) {
      const cpuTicks = shape.cpuMilli * TICKS_PER_MILLI;
      const host = ledger.addHost(
        {
          name: `host-${i}`,
          cluster: 0,
          pool: 0,
          zone: shape.zone,
          instanceType: '',
          launchType: LAUNCH_TYPE.external,
          capacityType: CAPACITY_TYPE.none,
          labels: {},
          taints: [],
          cpuCapacityTicks: cpuTicks,
          memoryCapacityBytes: shape.memoryBytes,
          cpuAllocatableTicks: cpuTicks,
          memoryAllocatableBytes: shape.memoryBytes,
          slots: shape.slots,
          gpuCount: shape.gpus,
          priceNanoUsdPerHour: 0,
        },
        0,
      );
      ledger.setHostState(host, HOST_STATE.ready, 0);
    }
  }
}
