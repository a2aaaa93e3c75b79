/** The list `workload`: each entry is a map with one key that says what kind it is. */

import { z } from 'zod';
import type { CsvColumns } from '../workload/traces/reader.ts';
import { describeValue } from './describe-value.ts';
import { jobs } from './schema-jobs.ts';
import { daemonSet } from './schema-controllers.ts';
import { imageKey } from './schema-demand.ts';
import { plainDefaults } from './plain-defaults.ts';
import {
  bytes,
  cpu,
  either,
  filePath,
  name,
  oneKey,
  positiveDuration,
  positiveNumber,
  share,
} from './schema-quantity.ts';
import { service } from './schema-service.ts';

const columns = z.strictObject({
  submitted: z
    .string()
    .prefault('submitted')
    .describe('Submission: seconds since the start, or a duration.'),
  duration: z
    .string()
    .prefault('duration')
    .describe('Run time: seconds or a duration; an empty cell means to the end.'),
  cpu: z.string().prefault('cpu').describe('CPU request: cores, or an amount such as 500m.'),
  memory: z
    .string()
    .prefault('memory')
    .describe('Memory request: bytes, or a size such as 512MiB.'),
  name: z.string().prefault('name').describe('Name of the task (may be absent).'),
  gpu: z.string().prefault('gpu').describe('GPUs of the task (may be absent).'),
  image: z.string().prefault('image').describe('Image of the task (may be absent).'),
}) satisfies z.ZodType<CsvColumns>;

const trace = z
  .strictObject({
    name: name.describe('Name of the workload, unique.'),
    format: z
      .enum(['swf', 'openb', 'csv', 'kubernetes'])
      .describe('Format of the file; kubernetes for Pods, submitted in the order of the file.'),
    file: filePath.describe('Path from the scenario file, or data:NAME/FILE under BERTH_DATA.'),
    limit: z.exactOptional(z.int().min(1)).describe('Reads only so many tasks.'),
    image: imageKey,
    timeScale: positiveNumber
      .prefault(1)
      .describe('Factor on submission times: 0.5 makes tasks arrive twice as fast.'),
    processorMemory: bytes
      .prefault(0)
      .describe('swf: memory for each processor when the log states none.'),
    columns: z.exactOptional(columns).describe('csv: header names of the columns.'),
  })
  .transform((map, context) => {
    const { image, limit, processorMemory, columns: named, ...kept } = map;
    if (named !== undefined && map.format !== 'csv') {
      const message = `\`columns\` belongs to format csv, and this trace is ${map.format}`;
      context.addIssue({ code: 'custom', message, path: ['columns'], params: { at: 'key' } });
    }
    return {
      kind: 'trace' as const,
      ...kept,
      image: image ?? '',
      taskLimit: limit ?? Infinity,
      processorMemoryBytes: processorMemory,
      columns: named ?? columns.parse({}),
    };
  });

const manifestsObject = z
  .strictObject({
    name: name.prefault('manifests').describe('Name of the workload, unique.'),
    path: filePath.describe('A file or folder of Kubernetes YAML.'),
    recursive: z.boolean().prefault(false).describe('Takes the folders in the folder too.'),
    only: z
      .exactOptional(z.array(z.string()).min(1))
      .describe('Names of the workloads to take; left out, all of them.'),
    usage: share
      .prefault(plainDefaults.serviceUsage)
      .describe('CPU in use as a share of the request, which no manifest states; jobs use all.'),
    jobDuration: positiveDuration
      .prefault('1m')
      .describe('Run time of every pod of a job, which no manifest states.'),
  })
  .transform(({ only, usage, jobDuration, ...kept }) => ({
    kind: 'manifests' as const,
    ...kept,
    /** Empty for all. */
    only: only ?? [],
    usageFraction: usage,
    jobDurationUs: jobDuration,
  }));

const manifests = either('a path or {name, path, ...}', [
  filePath.transform((path) => manifestsObject.parse({ path })),
  manifestsObject,
]);

/** Value of the priority class of that name. */
export const SYSTEM_NODE_CRITICAL = 2_000_001_000;

const daemon = z
  .strictObject({
    name: name.describe('Name of the daemon, unique in the workload.'),
    cpu: cpu.describe('CPU request on each host.'),
    memory: bytes.describe('Memory request on each host.'),
    image: imageKey,
    orchestrators: z
      .array(z.enum(['kubernetes', 'ecs']))
      .min(1)
      .prefault(['kubernetes', 'ecs'])
      .describe('Where it runs; never on Fargate or under batch.'),
    priority: z
      .int()
      .prefault(SYSTEM_NODE_CRITICAL)
      .describe(
        'Kubernetes only: pods of lower priority make room for it on its node; default that of system-node-critical, which agents of the node usually have.',
      ),
    daemonSet: z.exactOptional(daemonSet).describe('How a rollout replaces the pods (Kubernetes).'),
  })
  .transform(({ cpu: cpuTicks, memory: memoryBytes, image, ...kept }) => ({
    kind: 'daemon' as const,
    ...kept,
    image: image ?? '',
    cpuTicks,
    memoryBytes,
  }));

export const workloadEntry = oneKey({
  service: service.describe('Replicas that stay up, with or without traffic.'),
  jobs: jobs.describe('Tasks that arrive, run once and end.'),
  trace: trace.describe('Tasks of a public or own trace.'),
  manifests: manifests.describe('Kubernetes YAML, as it is.'),
  daemon: daemon.describe('One task on every host.'),
}).meta({ id: 'workloadEntry' });

export type WorkloadEntry = z.output<typeof workloadEntry>;
export type ServiceWorkload = Extract<WorkloadEntry, { kind: 'service' }>;
export type JobsWorkload = Extract<WorkloadEntry, { kind: 'jobs' }>;
export type TraceWorkload = Extract<WorkloadEntry, { kind: 'trace' }>;
export type ManifestsWorkload = Extract<WorkloadEntry, { kind: 'manifests' }>;
export type DaemonWorkload = Extract<WorkloadEntry, { kind: 'daemon' }>;

export const image = z
  .strictObject({
    size: bytes.describe('Compressed size.'),
    layers: z.int().min(1).prefault(1).describe('Number of layers, taken as equally large.'),
  })
  .transform(({ size, layers }) => ({ sizeBytes: size, layers }));

export const zoneName = z.string().regex(/^[a-z][a-z0-9-]*$/, {
  error: ({ input }) => `expected a short zone name such as a, found ${describeValue(input)}`,
});
