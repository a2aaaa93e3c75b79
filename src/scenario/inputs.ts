/**
 * What the files that a scenario names hold, read before the run: plain data, which may be copied to another thread.
 * `hosts`, `nodePools` and `schedulers` are found by the path as the scenario writes it, traces by `traceKey`, manifests by `manifestsKey`.
 */

import type { DepthSeries } from '../cloud/supply/capacity-depth.ts';
import type { HostShape, TaskTrace } from '../cluster/spec.ts';
import type { SchedulerConfiguration } from '../cluster/scheduler-configuration.ts';
import type { ManifestWorkloads } from '../workload/manifests/manifest-workloads.ts';
import type { ManifestsWorkload, TraceWorkload } from './schema-workload.ts';

export interface LoadedInputs {
  readonly traces: Readonly<Record<string, TaskTrace>>;
  readonly hosts: Readonly<Record<string, readonly HostShape[]>>;
  readonly manifests: Readonly<Record<string, ManifestWorkloads>>;
  /** Text of NodePool YAML. */
  readonly nodePools: Readonly<Record<string, string>>;
  /** Absent where no scenario names one. */
  readonly schedulers?: Readonly<Record<string, SchedulerConfiguration>>;
  /** Traces of spot availability; absent where no scenario names one. */
  readonly availability?: Readonly<Record<string, DepthSeries>>;
}

/** Variants may read one file in several ways: everything that changes the tasks is part of the key. */
export function traceKey(trace: TraceWorkload): string {
  const { name, format, file, image, taskLimit, timeScale, processorMemoryBytes, columns } = trace;
  const limit = taskLimit === Infinity ? 'all' : taskLimit;
  return JSON.stringify([
    name,
    format,
    file,
    image,
    limit,
    timeScale,
    processorMemoryBytes,
    columns,
  ]);
}

/** Everything that changes what is read is part of the key; `only` chooses later. */
export function manifestsKey(manifests: ManifestsWorkload): string {
  const { path, recursive, usageFraction, jobDurationUs } = manifests;
  return JSON.stringify([path, recursive, usageFraction, jobDurationUs]);
}
