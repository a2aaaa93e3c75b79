/**
 * The typical tasks of a workload: its most frequent classes, until they make up 95 % of all tasks.
 *
 * Class      equal CPU, number of GPUs, milli-GPU and wishes about the host (model of GPU, labels, taints). Memory and all
 *            else is not looked at.
 * Order      count, the highest first; equal counts by first appearance (the study's order among them is by chance).
 * Source     published-results 2.1; hkust-adsl/kubernetes-scheduler-simulator, `GetTypicalPods`.
 */

import type { TaskSpec } from '../../cluster/spec.ts';
import type { WorkloadMix } from './workload-mix.ts';

const SHARE_PERCENT = 95;

export interface TypicalTask {
  /** One task of the class. */
  readonly spec: TaskSpec;
  readonly count: number;
}

export function typicalTasks(mix: WorkloadMix): TypicalTask[] {
  const classes = new Map<string, { spec: TaskSpec; count: number }>();
  let total = 0;
  for (const { spec, count } of mix) {
    total += count;
    const key = classKey(spec);
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { spec, count });
    else known.count += count;
  }
  // Sorting is stable, so equal counts keep the order in which the classes appeared.
  const ranked = [...classes.values()].sort((a, b) => b.count - a.count);
  let taken = 0;
  let covered = 0;
  while (covered * 100 < SHARE_PERCENT * total) covered += ranked[taken++]!.count;
  return ranked.slice(0, taken);
}

function classKey(spec: TaskSpec): string {
  const { cpuTicks, gpuCount, gpuMilli, nodeSelector, requirements, tolerations } = spec;
  return JSON.stringify([cpuTicks, gpuCount, gpuMilli, nodeSelector, requirements, tolerations]);
}
