/** The dull twin of every placer: filter the hosts, sort them by their scores, take the first. */

import { HOST_STATE } from '../../src/cluster/hosts.ts';
import { eligibilityOf } from '../../src/cluster/specs.ts';
import type { ClusterView } from '../../src/cluster/cluster.ts';
import type { PlacementRequest, ScorePolicy } from '../../src/placement/policy.ts';

/** Every best host, in row order; a placer with rule `first` takes the first of them. */
export function bestByFilterAndSort(
  view: ClusterView,
  policies: readonly ScorePolicy[],
  request: PlacementRequest,
  hosts: readonly number[],
): number[] {
  const scored = hosts
    .filter((host) => isFeasible(view, request, host))
    .map((host) => ({ host, scores: policies.map((one) => one.score(host, request, view)) }));
  scored.sort((a, b) => compareScores(b.scores, a.scores) || a.host - b.host);
  const best = scored[0];
  if (best === undefined) return [];
  return scored
    .filter(({ scores }) => compareScores(scores, best.scores) === 0)
    .map(({ host }) => host);
}

function compareScores(a: readonly number[], b: readonly number[]): number {
  for (const [i, score] of a.entries()) if (score !== b[i]) return score - b[i]!;
  return 0;
}

function isFeasible(
  view: ClusterView,
  { spec, workload }: PlacementRequest,
  host: number,
): boolean {
  const { hosts, pools, specs } = view;
  const task = specs.at(spec);
  const keptFor = pools.descriptions[hosts.pool[host]!]!.workloads;
  const devices = Array.from({ length: 16 }, (_, d) => hosts.gpuFree[host * 16 + d]!);
  const enough = devices.filter((milli) => milli > 0 && milli >= task.gpuMilli).length;
  return (
    hosts.state[host] === HOST_STATE.ready &&
    (keptFor.length === 0 || keptFor.includes(workload)) &&
    eligibilityOf(task, specs.kindAt(hosts.kind[host]!)) === 0 &&
    task.cpuTicks <= hosts.cpuFree[host]! &&
    task.memoryBytes <= hosts.memoryFree[host]! &&
    hosts.slotsFree[host]! > 0 &&
    enough >= task.gpuCount
  );
}
