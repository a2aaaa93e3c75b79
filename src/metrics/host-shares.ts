/**
 * Who a host was there for: per (host, workload), the integral of max(CPU share, memory share) of its tasks' requests.
 * The bill of a host is split by these weights; what nobody asked for is idle.
 *
 * Units      ten-thousandths of the host x milliseconds, whole numbers: a host held for 149 days weighs 1.3e14.
 * Shares     of allocatable, rounded to the nearest ten-thousandth.
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
  /** Pairs by host, workloads in row order; made when first asked. */
  private pairsOf: number[][] | undefined;

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
    const { seconds, sums } = this.weights;
    this.pairsOf ??= pairsByFirst(this.weights);
    return (this.pairsOf[host] ?? []).map((pair) => [seconds[pair]!, sums[pair]!]);
  }

  save(): PairSumsState {
    return this.weights.save();
  }

  restore(state: PairSumsState): void {
    this.weights.restore(state);
    this.pairsOf = undefined;
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
    this.weights.add(host, tasks.workload[task]!, share * heldMs);
  }
}

function pairsByFirst({ count, firsts, seconds }: PairSums): number[][] {
  const pairs: number[][] = [];
  for (let pair = 0; pair < count; pair++) (pairs[firsts[pair]!] ??= []).push(pair);
  for (const ofFirst of pairs) ofFirst?.sort((a, b) => seconds[a]! - seconds[b]!);
  return pairs;
}
