/**
 * The engine's own columns, counts and journal, filled with the hosts of a load. What a bind and a release change is changed
 * here as the ledger does, without its rows of tasks, its totals and its checks, which are no part of a choice.
 */

import {
  CAPACITY_TYPE,
  GPUS_PER_HOST_MAX,
  HOST_STATE,
  LAUNCH_TYPE,
} from '../../src/cluster/hosts.ts';
import { CHANGE } from '../../src/cluster/journal.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { MILLI_PER_GPU, TICKS_PER_MILLI } from '../../src/base/units.ts';
import { ZONE_KEY } from '../../src/orchestration/kubernetes/topology-keys.ts';
import { gpuDevicesFor } from '../../src/cluster/fit.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { HostShape, Load, Template } from './load.ts';
import type { OrchestratorKind } from '../../src/cluster/cluster.ts';
import type { PlacementRequest } from '../../src/placement/policy.ts';

const ZONES = ['a', 'b', 'c'];

export class LoadedCluster {
  readonly cluster: Cluster;
  /** Rows of the hosts, in the order of the load. */
  readonly hosts: readonly number[];
  /** By template; each is a workload of its own. */
  readonly requests: readonly PlacementRequest[];
  /** By template. */
  private readonly wantsGpus: readonly boolean[];
  /** Devices that each task that wants some holds. */
  private readonly gpuMask: Int32Array;

  /** With `counts`, tasks are counted by workload, host and zone from the beginning: the engine does so once it is asked. */
  constructor(load: Load, orchestrator: OrchestratorKind, counts: boolean) {
    const cluster = new Cluster(ZONES, ['main'], [orchestrator]);
    const pool = {
      name: 'pool',
      cluster: 0,
      kind: 'external',
      instanceTypes: [],
      spot: false,
    } as const;
    cluster.pools.add({ ...pool, labels: {}, taints: [], workloads: [] }, 0, 0, 0);
    const ledger = new Ledger(cluster);
    this.cluster = cluster;
    if (counts) cluster.counts.onHost(0, 0);
    this.hosts = load.hosts.map((shape, i) => addHost(ledger, shape, i));
    this.requests = load.templates.map((template, i) => requestOf(cluster, template, i));
    this.wantsGpus = load.templates.map(({ gpus }) => gpus > 0);
    this.gpuMask = new Int32Array(load.templateOf.length);
  }

  /** `row` is what the journal calls the task. */
  put(host: number, template: number, task: number, row: number): void {
    const { hosts, specs, journal } = this.cluster;
    const { spec } = this.requests[template]!;
    if (this.wantsGpus[template]!) this.gpuMask[task] = gpuDevicesFor(specs, spec, hosts, host);
    this.move(host, template, task, 1);
    journal.write(CHANGE.taskBound, row, host, 0);
  }

  take(host: number, template: number, task: number, row: number): void {
    this.move(host, template, task, -1);
    this.cluster.journal.write(CHANGE.taskReleased, row, host, 0);
  }

  private move(host: number, template: number, task: number, sign: 1 | -1): void {
    const { hosts, specs, counts } = this.cluster;
    const { spec, workload } = this.requests[template]!;
    hosts.cpuFree[host]! -= sign * specs.cpuTicks[spec]!;
    hosts.memoryFree[host]! -= sign * specs.memoryBytes[spec]!;
    hosts.slotsFree[host]! -= sign;
    if (this.wantsGpus[template]!) this.moveGpus(host, task, sign);
    counts.add(workload, host, sign);
  }

  private moveGpus(host: number, task: number, sign: 1 | -1): void {
    const { gpuFree } = this.cluster.hosts;
    for (let mask = this.gpuMask[task]!; mask !== 0; mask &= mask - 1) {
      const device = 31 - Math.clz32(mask & -mask);
      gpuFree[host * GPUS_PER_HOST_MAX + device]! -= sign * MILLI_PER_GPU;
    }
  }
}

function requestOf(cluster: Cluster, template: Template, number: number): PlacementRequest {
  const name = `w-${number}`;
  const cpuTicks = template.cpuMilli * TICKS_PER_MILLI;
  const plain = plainTaskSpec(name, 'service', cpuTicks, template.memoryBytes);
  const gpu = { gpuCount: template.gpus, gpuMilli: template.gpus > 0 ? MILLI_PER_GPU : 0 };
  const spec = cluster.specs.rowOf({ ...plain, ...gpu });
  return { spec, workload: cluster.workloads.add(name, 'service', 0, spec) };
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
      labels: { [ZONE_KEY]: ZONES[shape.zone]! },
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
