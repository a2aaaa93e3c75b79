/**
 * The engine's own columns, counts and journal with the default profile on top, by its index or node by node. What a bind and a
 * release change is changed here as the ledger does, without its rows of tasks, its totals and its checks, which are no part
 * of a choice.
 */

import {
  CAPACITY_TYPE,
  GPUS_PER_HOST_MAX,
  HOST_STATE,
  LAUNCH_TYPE,
} from '../../src/cluster/hosts.ts';
import { CHANGE } from '../../src/cluster/journal.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { DefaultProfile } from '../../src/orchestration/kubernetes/default-profile.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { MILLI_PER_GPU, TICKS_PER_MILLI } from '../../src/base/units.ts';
import { NO_ROW } from '../../src/cluster/hosts.ts';
import { gpuDevicesFor } from '../../src/cluster/fit.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { Engine } from './engine.ts';
import type { Load, HostShape } from './load.ts';
import type { PlacementRequest } from '../../src/placement/policy.ts';

export class ProfileEngine implements Engine {
  private readonly cluster = new Cluster(['a', 'b', 'c'], ['main'], ['kubernetes']);
  private readonly profile: DefaultProfile;
  private readonly requests: readonly PlacementRequest[];
  private readonly nodes: readonly number[];
  /** Devices that each task holds. */
  private readonly gpuMask: Int32Array;
  private readonly isIndexed: boolean;

  constructor(load: Load, percentage: number, isIndexed: boolean) {
    const { cluster } = this;
    const plain = {
      name: 'pool',
      cluster: 0,
      kind: 'external',
      instanceTypes: [],
      spot: false,
    } as const;
    cluster.pools.add({ ...plain, labels: {}, taints: [], workloads: [] }, 0, 0, 0);
    const ledger = new Ledger(cluster);
    this.nodes = load.hosts.map((shape, i) => addHost(ledger, shape, i));
    this.requests = load.templates.map((template, i) => {
      const cpuTicks = template.cpuMilli * TICKS_PER_MILLI;
      const gpu = { gpuCount: template.gpus, gpuMilli: template.gpus > 0 ? MILLI_PER_GPU : 0 };
      const whole = plainTaskSpec(`w-${i}`, 'service', cpuTicks, template.memoryBytes);
      const spec = cluster.specs.rowOf({ ...whole, ...gpu });
      return { spec, workload: cluster.workloads.add(`w-${i}`, 'service', 0, spec) };
    });
    // One row of tasks for each Deployment: the journal names a row for its workload.
    for (const { workload } of this.requests) {
      cluster.tasks.workload[cluster.tasks.add(0)] = workload;
    }
    this.gpuMask = new Int32Array(load.templateOf.length);
    this.profile = new DefaultProfile(cluster, { percentage });
    this.isIndexed = isIndexed;
  }

  choose(template: number): number {
    const request = this.requests[template]!;
    return this.isIndexed
      ? this.profile.choose(request, this.nodes, NO_ROW)
      : this.profile.choose(request, this.nodes);
  }

  put(host: number, template: number, task: number): void {
    const { hosts, specs, journal } = this.cluster;
    const { spec } = this.requests[template]!;
    const isGpuTask = specs.gpuCount[spec]! > 0;
    this.gpuMask[task] = isGpuTask ? gpuDevicesFor(specs, spec, hosts, host) : 0;
    this.move(host, template, task, 1);
    journal.write(CHANGE.taskBound, template, host, 0);
  }

  take(host: number, template: number, task: number): void {
    this.move(host, template, task, -1);
    this.cluster.journal.write(CHANGE.taskReleased, template, host, 0);
  }

  /** Cycles start there. */
  get nextStart(): number {
    return this.profile.save().nextStart;
  }

  set nextStart(nextStart: number) {
    this.profile.restore({ nextStart, draws: null });
  }

  private move(host: number, template: number, task: number, sign: 1 | -1): void {
    const { hosts, specs, counts } = this.cluster;
    const { spec, workload } = this.requests[template]!;
    hosts.cpuFree[host]! -= sign * specs.cpuTicks[spec]!;
    hosts.memoryFree[host]! -= sign * specs.memoryBytes[spec]!;
    hosts.slotsFree[host]! -= sign;
    for (let mask = this.gpuMask[task]!; mask !== 0; mask &= mask - 1) {
      const device = 31 - Math.clz32(mask & -mask);
      hosts.gpuFree[host * GPUS_PER_HOST_MAX + device]! -= sign * MILLI_PER_GPU;
    }
    counts.add(workload, host, hosts.zone[host]!, sign);
  }
}

function addHost(ledger: Ledger, shape: HostShape, number: number): number {
  const cpuTicks = shape.cpuMilli * TICKS_PER_MILLI;
  const host = ledger.addHost(
    {
      name: `host-${number}`,
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
  return host;
}
