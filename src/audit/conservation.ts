/**
 * Nothing is lost and nothing is counted twice, checked at every sample and at the end:
 *
 *   free + bound = allocatable on every host, for CPU, memory, slots and every GPU; free is never negative
 *   the running totals of pending and inside tasks equal a recount
 *   time never goes back
 *
 * Does not check: that decisions were good, that prices are right, anything between two samples.
 * Cost: O(hosts + tasks) a check.
 */

import { FIRST_END_STATE, TASK_STATE } from '../cluster/tasks.ts';
import { GPUS_PER_HOST_MAX, NO_ROW } from '../cluster/hosts.ts';
import { MILLI_PER_GPU } from '../base/units.ts';
import { assert } from '../base/assert.ts';
import { WORKLOAD_KINDS } from '../cluster/workloads.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Observer } from '../simulation/observer.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

export class ConservationAudit implements Observer {
  private readonly view: ClusterView;
  private lastUs = 0;

  constructor(view: ClusterView) {
    this.view = view;
  }

  beforeEvent(nowUs: number): void {
    assert(nowUs >= this.lastUs, () => `time went back from ${this.lastUs} to ${nowUs} us`);
    this.lastUs = nowUs;
  }

  sample(): void {
    for (let host = 0; host < this.view.hosts.count; host++) this.checkHost(host);
    this.checkTotals();
  }

  runEnded(): void {
    this.sample();
  }

  restore(): void {
    this.lastUs = 0;
  }

  private checkHost(host: number): void {
    const { hosts, tasks, specs } = this.view;
    let cpu = 0;
    let memory = 0;
    let slots = 0;
    let gpuMilli = 0;
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      const spec = tasks.spec[task]!;
      cpu += specs.cpuTicks[spec]!;
      memory += specs.memoryBytes[spec]!;
      gpuMilli += specs.gpuCount[spec]! * specs.gpuMilli[spec]!;
      slots++;
      assert(
        tasks.host[task] === host,
        () => `task ${task} is listed on host ${host}, not its own`,
      );
    }
    this.same(host, 'CPU ticks', cpu, hosts.cpuFree[host]!, hosts.cpuAllocatable[host]!);
    this.same(
      host,
      'memory bytes',
      memory,
      hosts.memoryFree[host]!,
      hosts.memoryAllocatable[host]!,
    );
    this.same(host, 'slots', slots, hosts.slotsFree[host]!, hosts.slotsAllocatable[host]!);
    let gpuFree = 0;
    for (let device = 0; device < hosts.gpuCount[host]!; device++) {
      gpuFree += hosts.gpuFree[host * GPUS_PER_HOST_MAX + device]!;
    }
    this.same(host, 'milli-GPU', gpuMilli, gpuFree, hosts.gpuCount[host]! * MILLI_PER_GPU);
  }

  private same(host: number, what: string, bound: number, free: number, all: number): void {
    assert(
      free >= 0 && bound + free === all,
      () => `host ${host}: ${bound} ${what} bound + ${free} free, expected ${all}`,
    );
  }

  private checkTotals(): void {
    const { tasks, totals, workloads } = this.view;
    let pending = 0;
    let inside = 0;
    for (let task = 0; task < tasks.count; task++) {
      if (workloads.kind[tasks.workload[task]!] === DAEMON) continue;
      if (tasks.state[task] === TASK_STATE.pending) pending++;
      else if (tasks.state[task]! < FIRST_END_STATE) inside++;
    }
    assert(
      pending === totals.tasksPending && inside === totals.tasksInside,
      () =>
        `recount: ${pending} pending and ${inside} inside, totals: ${totals.tasksPending} and ${totals.tasksInside}`,
    );
  }
}
