/** The files that a scenario names. Reading them is done elsewhere, before the run. */

import type { Experiment } from './experiment.ts';

export interface InputFile {
  /** As written: a path from the scenario file, or data:NAME/FILE. */
  readonly path: string;
  readonly use: 'trace' | 'manifests' | 'node-pools' | 'hosts' | 'scheduler' | 'availability';
}

/** Every file once for each use, in the order in which the variants name them. */
export function inputFilesOf(experiment: Experiment): InputFile[] {
  const files = new Map<string, InputFile>();
  const add = (path: string, use: InputFile['use']) => files.set(`${use} ${path}`, { path, use });
  for (const { scenario, clusters } of experiment.variants) {
    for (const entry of scenario.workload) {
      if (entry.kind === 'trace') add(entry.file, 'trace');
      if (entry.kind === 'manifests') add(entry.path, 'manifests');
    }
    for (const { trace } of scenario.supply.capacity) {
      if (trace !== undefined) add(trace, 'availability');
    }
    for (const cluster of clusters) {
      if (cluster.orchestrator !== 'kubernetes' || cluster.schedulerConfig === undefined) continue;
      add(cluster.schedulerConfig, 'scheduler');
    }
    for (const pool of clusters.flatMap((cluster) => cluster.pools)) {
      if (pool.kind === 'karpenter' && pool.nodePools !== undefined) {
        for (const path of pool.nodePools) add(path, 'node-pools');
      }
      if (pool.kind === 'external' && pool.hosts.kind === 'file') add(pool.hosts.file, 'hosts');
    }
  }
  return [...files.values()];
}
