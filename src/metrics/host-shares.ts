/**
 * Who a host was there for: per (host, workload), the integral of max(CPU share, memory share) of its tasks' requests.
 * The bill of a host is split by these weights; what nobody asked for is idle.
 *
 * Units      ten-thousandths of the host x milliseconds, whole numbers: a host held for 149 days weighs 1.3e14.
 * Shares     of allocatable, rounded to the nearest ten-thousandth.
 */

import { NOT_YET } from '../cluster/hosts.ts';
import { FIRST_END_STATE } from '../cluster/tasks.ts';
import { US_PER_MS } from '../base/units.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Observer } from '../simulation/observer.ts';

export const WHOLE_HOST = 10_000;

export class HostShares implements Observer {
  private readonly view: ClusterView;
  /** Weight by workload, by host. */
  private readonly weights = new Map<number, Map<number, number>>();

  constructor(view: ClusterView) {
    this.view = view;
  }

  taskEnded(task: number): void {
    this.add(task, this.view.tasks.finishedUs[task]!);
  }

  /** Tasks that are still on their hosts count to the end. */
  runEnded(endUs: number): void {
    const { tasks } = this.view;
    for (let task = 0; task < tasks.count; task++) {
      if (tasks.state[task]! < FIRST_END_STATE) this.add(task, endUs);
    }
  }

  /** Weights of a host by workload, workloads in row order. */
  of(host: number): [workload: number, weight: number][] {
    return [...(this.weights.get(host) ?? [])].sort(([a], [b]) => a - b);
  }

  save(): unknown {
    return [...this.weights].map(([host, weights]) => [host, [...weights]] as const);
  }

  restore(state: [number, [number, number][]][]): void {
    this.weights.clear();
    for (const [host, weights] of state) this.weights.set(host, new Map(weights));
  }

  private add(task: number, untilUs: number): void {
    const { tasks, hosts, specs } = this.view;
    const host = tasks.host[task]!;
    if (tasks.placedUs[task] === NOT_YET) return;
    const spec = tasks.spec[task]!;
    const cpuShare = specs.cpuTicks[spec]! / hosts.cpuAllocatable[host]!;
    const memoryShare = specs.memoryBytes[spec]! / hosts.memoryAllocatable[host]!;
    const share = Math.round(Math.max(cpuShare || 0, memoryShare || 0) * WHOLE_HOST);
    const heldMs = Math.round((untilUs - tasks.placedUs[task]!) / US_PER_MS);
    const weights = this.weights.get(host) ?? new Map<number, number>();
    this.weights.set(host, weights);
    const workload = tasks.workload[task]!;
    weights.set(workload, (weights.get(workload) ?? 0) + share * heldMs);
  }
}
