/** What the packing study is run on: hosts and the pods of a trace, from files or small and made up. */

import { GIB, TICKS_PER_CORE } from '../../src/base/units.ts';
import { createReadStream } from 'node:fs';
import { openbPods } from '../../src/workload/traces/openb-pods.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import { plainTraceOptions } from '../../src/workload/traces/reader.ts';
import { readOpenbNodes } from '../../src/workload/traces/openb-nodes.ts';
import type { HostShape, TaskSpec } from '../../src/cluster/spec.ts';

export interface Problem {
  readonly hosts: readonly HostShape[];
  readonly specs: readonly TaskSpec[];
  /** Row in `specs` of every pod of the trace. */
  readonly pods: ArrayLike<number>;
}

/** The GPU hosts of the openb trace and one of its pod lists, under `folder`. */
export async function openbProblem(folder: string, trace: string): Promise<Problem> {
  const path = (name: string) => `${folder}/openb-gpu-2023/csv/openb_${name}.csv`;
  const nodes = path('node_list_gpu_node');
  const bad = { file: nodes, skipBadRows: false, reject: () => {} };
  const hosts = await readOpenbNodes(createReadStream(nodes, 'utf8'), bad);
  const pods = path(`pod_list_${trace}`);
  const options = plainTraceOptions('pods', pods);
  const { specs, specOf } = await openbPods.read(createReadStream(pods, 'utf8'), options);
  return { hosts, specs, pods: specOf };
}

/** Twelve hosts and a trace of forty pods in five sizes. */
export function smokeProblem(): Problem {
  const hosts = Array.from({ length: 12 }, (_, row) => {
    const gpuCount = row % 3 === 0 ? 8 : 4;
    const cpuTicks = gpuCount * 12 * TICKS_PER_CORE;
    return { name: `host-${row}`, cpuTicks, memoryBytes: 512 * GIB, gpuCount, gpuModel: 'x' };
  });
  const sizes = [
    [8, 0, 0],
    [4, 1, 300],
    [6, 1, 500],
    [12, 1, 1_000],
    [40, 4, 1_000],
  ] as const;
  const specs = sizes.map(([cores, gpuCount, gpuMilli]) => ({
    ...plainTaskSpec('pods', 'trace', cores * TICKS_PER_CORE, 16 * GIB),
    gpuCount,
    gpuMilli,
  }));
  const pods = Array.from({ length: 40 }, (_, pod) => [1, 3, 2, 0, 3, 4, 1, 2][pod % 8]!);
  return { hosts, specs, pods };
}
