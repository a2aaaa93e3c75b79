/** A cluster of equal nodes whose pods the simulation's kube-scheduler places, with the ledger that carries out what it decides. */

import { ActionBuffer } from '../../src/orchestration/actions.ts';
import { CAPACITY_TYPE, HOST_STATE, LAUNCH_TYPE, NO_ROW } from '../../src/cluster/hosts.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { DefaultProfile } from '../../src/orchestration/kubernetes/cycle/default-profile.ts';
import { GIB, TICKS_PER_CORE } from '../../src/base/units.ts';
import { ZONE_KEY } from '../../src/orchestration/kubernetes/topology-keys.ts';
import { KubeScheduler } from '../../src/orchestration/kubernetes/kube-scheduler.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { DEFAULT_BACKOFF } from '../../src/orchestration/kubernetes/queue/backoff.ts';
import type { GateCase } from './gate-cases.ts';
import type { TaskSpec } from '../../src/cluster/spec.ts';

const ZONES = ['a', 'b', 'c'];
const CORES = 4;
const MEMORY_BYTES = 32 * GIB;
const PODS = 110;
/** A pod comes and is thought about each millisecond. */
const THINK_US = 1_000;

export class ScheduledCluster {
  readonly cluster = new Cluster(ZONES, ['main'], ['kubernetes']);
  private readonly ledger = new Ledger(this.cluster);
  private readonly profile = new DefaultProfile(this.cluster);
  private readonly scheduler: KubeScheduler;
  private readonly out = new ActionBuffer();
  private nowUs = 0;

  constructor({ zones }: GateCase, nodes: number) {
    const pool = {
      name: 'pool',
      cluster: 0,
      kind: 'external',
      instanceTypes: [],
      spot: false,
    } as const;
    this.cluster.pools.add({ ...pool, labels: {}, taints: [], workloads: [] }, 0, 0, 0);
    for (let node = 0; node < nodes; node++) this.addNode(node, node % zones);
    this.scheduler = new KubeScheduler(this.cluster, {
      cluster: 0,
      choice: this.profile,
      thinkUs: THINK_US,
      bindUs: 0,
      backoff: DEFAULT_BACKOFF,
      delayUs: 0,
      schedulesGangs: false,
    });
  }

  get nextStart(): number {
    return this.profile.save().nextStart;
  }

  specOf(task: number): number {
    return this.cluster.tasks.spec[task]!;
  }

  /** Pods of one workload that wait to be scheduled, in order. */
  add(spec: TaskSpec, pods: number): number[] {
    const { cluster, ledger } = this;
    const row = cluster.specs.rowOf(spec);
    const workload = cluster.workloads.add(spec.workload, spec.kind, 0, row);
    const task = { spec: row, workload, replaces: NO_ROW, durationUs: Infinity, workTickUs: 0 };
    return Array.from({ length: pods }, () => ledger.addTask(task, NO_ROW, this.nowUs));
  }

  /** Until each of the pods has a node. */
  schedule(pods: readonly number[]): void {
    const { ledger, scheduler, out } = this;
    let left = pods.length;
    while (left > 0) {
      scheduler.wake(this.nowUs, out);
      for (const action of out.actions) {
        if (action.kind !== 'bind') throw new Error(`expected binds alone, found ${action.kind}`);
        const refusal = ledger.bind(action.task, action.host, this.nowUs, action.devices);
        if (refusal !== undefined) throw new Error(`a bind was refused: ${refusal}`);
        left--;
      }
      out.clear();
      this.nowUs = Math.max(scheduler.wakeAtUs, this.nowUs + THINK_US);
    }
  }

  private addNode(number: number, zone: number): void {
    const { ledger } = this;
    const host = ledger.addHost(
      {
        name: `node-${number}`,
        cluster: 0,
        pool: 0,
        zone,
        instanceType: '',
        launchType: LAUNCH_TYPE.external,
        capacityType: CAPACITY_TYPE.none,
        labels: { [ZONE_KEY]: ZONES[zone]! },
        taints: [],
        cpuCapacityTicks: CORES * TICKS_PER_CORE,
        memoryCapacityBytes: MEMORY_BYTES,
        cpuAllocatableTicks: CORES * TICKS_PER_CORE,
        memoryAllocatableBytes: MEMORY_BYTES,
        slots: PODS,
        gpuCount: 0,
        priceNanoUsdPerHour: 0,
      },
      0,
    );
    ledger.setHostState(host, HOST_STATE.ready, 0);
  }
}
