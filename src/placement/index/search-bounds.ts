/**
 * The highest score that a policy can give in a box: its own `bound`, or, when the score has a trend, the score of the corner
 * that the trend leads to, taken on a host that is not there.
 */

import { HostColumns } from '../../cluster/hosts.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { FreeBox, PlacementRequest, ScorePolicy } from '../policy.ts';

type Bound = NonNullable<ScorePolicy['bound']>;

const CORNER = 0;

/** Undefined when nothing is known of the policy. */
export function boundOf(policy: ScorePolicy, view: ClusterView): Bound | undefined {
  const { trend } = policy;
  if (trend === undefined) return policy.bound;
  const columns = new HostColumns();
  columns.add();
  const corner = viewOn(columns, view);
  const cpuRises = trend.cpuFree === 'rises';
  const memoryRises = trend.memoryFree === 'rises';
  return (box: FreeBox, request: PlacementRequest) => {
    columns.cpuAllocatable[CORNER] = box.cpuAllocatable;
    columns.memoryAllocatable[CORNER] = box.memoryAllocatable;
    columns.cpuFree[CORNER] = cpuRises ? box.cpuFreeMax : box.cpuFreeMin;
    columns.memoryFree[CORNER] = memoryRises ? box.memoryFreeMax : box.memoryFreeMin;
    return policy.score(CORNER, request, corner);
  };
}

/** The same world with other hosts. */
function viewOn(hosts: HostColumns, view: ClusterView): ClusterView {
  const { zones, orchestrators, tasks, workloads, pools, specs } = view;
  const { counts, journal, totals, storage, resizes, images, hostNames, hostTypes } = view;
  return {
    hosts,
    zones,
    orchestrators,
    tasks,
    workloads,
    pools,
    specs,
    counts,
    journal,
    totals,
    storage,
    resizes,
    images,
    hostNames,
    hostTypes,
    fork: () => view.fork(),
  };
}
