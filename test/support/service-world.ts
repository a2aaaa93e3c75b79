/** One service on one host without limits, and a probe whose utilisation the test sets: a world for replica autoscalers. */

import { ActionBuffer } from '../../src/orchestration/actions.ts';
import { CAPACITY_TYPE, HOST_STATE, LAUNCH_TYPE, NO_ROW } from '../../src/cluster/hosts.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { TASK_STATE } from '../../src/cluster/tasks.ts';
import { US_PER_SECOND } from '../../src/base/units.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { Controller } from '../../src/orchestration/controller.ts';
import type { MemoryKill, UsageProbe } from '../../src/telemetry/usage-probe.ts';

const TASK_TICKS = 128_000;

export class ServiceWorld implements UsageProbe {
  readonly cluster = new Cluster(['a'], ['main'], ['kubernetes']);
  readonly ledger = new Ledger(this.cluster);
  readonly workload: number;
  /** CPU in use by ready tasks, percent of their request. */
  percent = 0;
  /** Memory in use by a task, percent of its request of one byte. */
  memoryPercent = 0;
  kills: readonly MemoryKill[] = [];
  /** Messages in its queue. */
  messages = 0;
  /** Requests a second of the service. */
  requests = 0;
  /** Whether new tasks become ready at once. */
  startsAtOnce = true;
  private readonly spec: number;
  private readonly host: number;
  private readonly tasks: number[] = [];

  constructor(desired: number) {
    this.spec = this.cluster.specs.rowOf(plainTaskSpec('api', 'service', TASK_TICKS, 1));
    this.workload = this.cluster.workloads.add('api', 'service', 0, this.spec);
    this.host = this.ledger.addHost(
      {
        name: 'host',
        cluster: 0,
        pool: 0,
        zone: 0,
        instanceType: '',
        launchType: LAUNCH_TYPE.external,
        capacityType: CAPACITY_TYPE.none,
        labels: {},
        taints: [],
        cpuCapacityTicks: 1e9,
        memoryCapacityBytes: 1e9,
        cpuAllocatableTicks: 1e9,
        memoryAllocatableBytes: 1e9,
        slots: 1e6,
        gpuCount: 0,
        priceNanoUsdPerHour: 0,
      },
      0,
    );
    this.ledger.setHostState(this.host, HOST_STATE.ready, 0);
    this.setDesired(desired, 0);
  }

  get desired(): number {
    return this.cluster.workloads.desired[this.workload]!;
  }

  /** Sets the count and, when tasks start at once, follows it. */
  setDesired(desired: number, nowUs: number): void {
    this.ledger.setDesired(this.workload, desired, nowUs);
    while (this.tasks.length < desired) this.start(nowUs);
    while (this.tasks.length > desired) this.end(nowUs);
  }

  /** Makes every task ready that runs and is not. */
  settle(nowUs: number): void {
    for (const task of this.tasks) {
      if (this.cluster.tasks.isReady[task] === 0) this.ledger.setReady(task, nowUs);
    }
  }

  usedTicks(): number {
    return (this.requestedTicks() * this.percent) / 100;
  }

  requestedTicks(): number {
    return this.readyTasks() * TASK_TICKS;
  }

  readyTasks(): number {
    return this.cluster.workloads.ready[this.workload]!;
  }

  taskTicks(): number {
    return (TASK_TICKS * this.percent) / 100;
  }

  taskMemoryBytes(): number {
    return this.memoryPercent / 100;
  }

  memoryKills(_workload: number, afterUs: number): readonly MemoryKill[] {
    return this.kills.filter(({ atUs }) => atUs > afterUs);
  }

  queueLength(): number {
    return this.messages;
  }

  requestsPerSecond(): number {
    return this.requests;
  }

  /** Wakes the controller until `untilS`; what it set, as [second, desired]. */
  run(controller: Controller, untilS: number): [second: number, desired: number][] {
    const decisions: [number, number][] = [];
    const out = new ActionBuffer();
    while (controller.wakeAtUs <= untilS * US_PER_SECOND) {
      const nowUs = controller.wakeAtUs;
      out.clear();
      controller.wake(nowUs, out);
      for (const action of out.actions) {
        if (action.kind !== 'set-desired') continue;
        decisions.push([nowUs / US_PER_SECOND, action.desired]);
        this.setDesired(action.desired, nowUs);
      }
    }
    return decisions;
  }

  private start(nowUs: number): void {
    const { spec, workload } = this;
    const task = this.ledger.addTask(
      { spec, workload, replaces: NO_ROW, durationUs: Infinity, workTickUs: 0 },
      NO_ROW,
      nowUs,
    );
    this.ledger.bind(task, this.host, nowUs);
    this.cluster.tasks.state[task] = TASK_STATE.running;
    if (this.startsAtOnce) this.ledger.setReady(task, nowUs);
    this.tasks.push(task);
  }

  private end(nowUs: number): void {
    this.ledger.end(this.tasks.pop()!, TASK_STATE.cancelled, 0, nowUs);
  }
}
