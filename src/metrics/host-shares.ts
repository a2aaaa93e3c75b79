/**
 * Who a host was there for: per (host, workload), the integral of max(CPU share, memory share) of its tasks' requests.
 * The bill of a host is split by these weights; what nobody asked for is idle.
 *
 * Units      ten-thousandths of the host x milliseconds, whole numbers: a host held for 149 days weighs 1.3e14.
 * Shares     of allocatable, rounded to the nearest ten-thousandth; a task that was resized in place counts by its last sizes.
 */

import { PairSums } from '../base/pair-sums.ts';
import { NOT_YET } from '../cluster/hosts.ts';
import { FIRST_END_STATE } from '../cluster/tasks.ts';
import { US_PER_MS } from '../base/units.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Observer } from '../simulation/observer.ts';
import type { PairSumsState } from '../base/pair-sums.ts';

export const WHOLE_HOST = 10_000;

export class HostShares implements Observer {
  private readonly view: ClusterView;
  /** Weight by host and workload. */
  private readonly weights = new PairSums();
  /** Made when first asked. */
  private grouped: WeightsByHost | undefined;

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

  /** Weights of a host by workload, workloads in row order. Ask when the run has ended. */
  of(host: number): [workload: number, weight: number][] {
    this.grouped ??= weightsByHost(this.weights, this.view.hosts.count);
    const { starts, workloads, weights } = this.grouped;
    const all: [workload: number, weight: number][] = [];
    for (let at = starts[host]!; at < starts[host + 1]!; at++) {
      all.push([workloads[at]!, weights[at]!]);
    }
    return all.sort(([a], [b]) => a - b);
  }

  save(): PairSumsState {
    return this.weights.save();
  }

  restore(state: PairSumsState): void {
    this.weights.restore(state);
    this.grouped = undefined;
  }

  private add(task: number, untilUs: number): void {
    const { tasks, hosts, specs } = this.view;
    const host = tasks.host[task]!;
    if (tasks.placedUs[task] === NOT_YET) return;
    const spec = tasks.spec[task]!;
    const cpuShare = specs.cpuTicks[spec]! / hosts.cpuAllocatable[host]!;
    const memoryShare = specs.memoryBytes[spec]! / hosts.memoryAllocatable[host]!;
    const share = Math.round(Math.max(cpuShare || 0, memoryShare || 0) * WHOLE_HOST);
    // Pods of a silent node are bound to it for a while after its machine is gone and no longer billed.
    const goneUs = hosts.terminatedUs[host]!;
    const heldUntilUs = goneUs === NOT_YET ? untilUs : Math.min(untilUs, goneUs);
    const heldMs = Math.max(0, Math.round((heldUntilUs - tasks.placedUs[task]!) / US_PER_MS));
    this.weights.add(host, tasks.workload[task]!, share * heldMs);
  }
}

/** Typed, since a fleet of 100,000 hosts has millions of pairs. */
interface WeightsByHost {
  /** Where the weights of a host begin; one entry more than there are hosts. */
  readonly starts: Int32Array;
  readonly workloads: Int32Array;
  readonly weights: Float64Array;
}

function weightsByHost(sums: PairSums, hosts: number): WeightsByHost {
  const starts = new Int32Array(hosts + 1);
  sums.forEach((host) => starts[host + 1]!++);
  for (let host = 0; host < hosts; host++) starts[host + 1]! += starts[host]!;
  const workloads = new Int32Array(sums.count);
  const weights = new Float64Array(sums.count);
  const next = starts.slice();
  sums.forEach((host, workload, weight) => {
    const at = next[host]!++;
    workloads[at] = workload;
    weights[at] = weight;
  });
  return { starts, workloads, weights };
}
