/**
 * Pod lists of the Alibaba GPU cluster trace 2023 ("openb").
 *
 *   name, cpu_milli, memory_mib, num_gpu, gpu_milli, gpu_spec, qos, pod_phase, creation_time, deletion_time, scheduled_time
 *
 * Rules
 *   submitted    creation_time, in seconds since the start of the trace; 0 in lists without times.
 *   duration     deletion_time - scheduled_time; for a pod that was never scheduled (phase Pending) deletion_time -
 *                creation_time, so it lives as long as its owner waited for it. No deletion_time (or no times at all):
 *                Infinity, it runs to the end of the run. The pod's phase at the end of the trace is not used.
 *   GPU          num_gpu devices of gpu_milli each: 1000 takes them whole, less shares one.
 *   gpu_spec     `A|B`: the host's label `gpu-model` is A or B. Empty: any.
 *   labels       qos, when stated.
 *
 * Source: alibaba/clusterdata, cluster-trace-gpu-v2023.
 */

import { MIB, TICKS_PER_MILLI, US_PER_SECOND } from '../../base/units.ts';
import { plainTaskSpec, type LabelRequirement, type TaskSpec } from '../../cluster/spec.ts';
import { BadRows } from './bad-rows.ts';
import { eachRecord } from './each-record.ts';
import type { FieldReader } from './field-reader.ts';
import { TaskTraceBuilder } from './task-trace-builder.ts';
import type { TraceReader } from './reader.ts';

/** Key of the host label that `gpu_spec` asks for. */
export const GPU_MODEL_LABEL = 'gpu-model';

const REQUIRED = ['name', 'cpu_milli', 'memory_mib', 'num_gpu', 'gpu_milli'] as const;
const OPTIONAL = ['gpu_spec', 'qos', 'creation_time', 'deletion_time', 'scheduled_time'] as const;
type Name = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

export const openbPods: TraceReader = {
  format: 'openb',

  async read(chunks, options) {
    const bad = new BadRows(options);
    const tasks = new TaskTraceBuilder(options);
    await eachRecord<Name>(chunks, bad, {
      required: REQUIRED,
      optional: OPTIONAL,
      headerOf: (name) => name,
      onRecord(row, line) {
        if (tasks.isFull) return false;
        const pod = readPod(row);
        if (row.fault === null) {
          const { cpuMilli, memoryMib } = pod;
          const rest = `${pod.gpuCount} ${pod.gpuMilli} ${pod.gpuSpec} ${pod.qos}`;
          const spec = tasks.internSpec(cpuMilli, memoryMib, rest, () =>
            specOf(pod, options.workload, options.image),
          );
          tasks.add(spec, pod.submittedUs, pod.durationUs, pod.name);
        } else {
          bad.add(line, 1, row.fault.field, row.raw, row.fault.message);
        }
        return !tasks.isFull;
      },
    });
    bad.finish();
    return tasks.finish(false);
  },
};

interface Pod {
  readonly name: string;
  readonly cpuMilli: number;
  readonly memoryMib: number;
  readonly gpuCount: number;
  readonly gpuMilli: number;
  readonly gpuSpec: string;
  readonly qos: string;
  readonly submittedUs: number;
  readonly durationUs: number;
}

function readPod(row: FieldReader<Name>): Pod {
  const { columns } = row;
  const gpuCount = row.whole(columns.num_gpu, 0, 1_000);
  const createdS = row.isEmpty(columns.creation_time) ? 0 : row.seconds(columns.creation_time);
  const startedS = row.isEmpty(columns.scheduled_time)
    ? createdS
    : row.seconds(columns.scheduled_time);
  const deletedS = row.isEmpty(columns.deletion_time)
    ? Infinity
    : row.seconds(columns.deletion_time);
  if (row.fault === null && deletedS < startedS) {
    row.refuse(columns.deletion_time, `a time not before the start at ${startedS}`);
  }
  return {
    name: row.name(columns.name),
    cpuMilli: row.whole(columns.cpu_milli, 0, 1e9),
    memoryMib: row.whole(columns.memory_mib, 0, 1e9),
    gpuCount,
    gpuMilli: gpuCount === 0 ? 0 : row.whole(columns.gpu_milli, 1, 1_000),
    gpuSpec: row.text(columns.gpu_spec),
    qos: row.text(columns.qos),
    submittedUs: Math.round(createdS * US_PER_SECOND),
    durationUs: Math.round((deletedS - startedS) * US_PER_SECOND),
  };
}

function specOf(pod: Pod, workload: string, image: string): TaskSpec {
  const cpuTicks = pod.cpuMilli * TICKS_PER_MILLI;
  return {
    ...plainTaskSpec(workload, 'trace', cpuTicks, pod.memoryMib * MIB),
    gpuCount: pod.gpuCount,
    gpuMilli: pod.gpuMilli,
    image,
    labels: pod.qos === '' ? {} : { qos: pod.qos },
    requirements: gpuModels(pod.gpuSpec),
  };
}

function gpuModels(gpuSpec: string): LabelRequirement[] {
  if (gpuSpec === '') return [];
  const models = new Set(gpuSpec.split('|').map((model) => model.trim()));
  models.delete('');
  return [{ key: GPU_MODEL_LABEL, operator: 'In', values: [...models] }];
}
