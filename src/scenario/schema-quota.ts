/** Quotas of a Kubernetes cluster: ClusterQueues that admit jobs, in outline as Kueue does. */

import { bytes, count, cpu, either, name } from './schema-quantity.ts';
import { z } from 'zod';
import { MILLI_PER_GPU } from '../base/units.ts';
import type { QuotaAmounts } from '../orchestration/kubernetes/quota/quota-book.ts';

export interface Quota {
  readonly name: string;
  readonly cohort: string;
  readonly strategy: 'StrictFIFO' | 'BestEffortFIFO';
  readonly workloads: readonly string[];
  readonly nominal: QuotaAmounts;
  readonly borrowing: QuotaAmounts;
}

const amounts = {
  cpu: z.exactOptional(cpu).describe('CPU requests; left out, no limit.'),
  memory: z.exactOptional(bytes).describe('Memory requests; left out, no limit.'),
  gpu: z.exactOptional(count).describe('GPUs; left out, no limit.'),
};

type AmountsMap = { readonly cpu?: number; readonly memory?: number; readonly gpu?: number };

const quota = z
  .strictObject({
    workloads: z.array(name).min(1).describe('Jobs and traces that need this quota to begin.'),
    cohort: z
      .exactOptional(name)
      .describe('Quotas of one cohort lend each other what they do not use.'),
    strategy: z
      .enum(['BestEffortFIFO', 'StrictFIFO'])
      .prefault('BestEffortFIFO')
      .describe('Whether a job that has no quota lets later ones of the queue pass.'),
    ...amounts,
    borrowing: either('`false` or the most of each resource', [
      z.literal(false).transform((): AmountsMap => ({ cpu: 0, memory: 0, gpu: 0 })),
      z.strictObject(amounts).transform((map): AmountsMap => map),
    ] as const)
      .prefault({})
      .describe('Most that may be used above the quota from the cohort; default no limit.'),
  })
  .transform(({ workloads, cohort = '', strategy, borrowing, ...nominal }) => ({
    workloads,
    cohort,
    strategy,
    nominal: amountsOf(nominal),
    borrowing: amountsOf(borrowing),
  }));

/** In the order of their names in the file. */
export const quotas = z
  .record(name, quota)
  .transform((map): Quota[] => Object.entries(map).map(([own, rest]) => ({ name: own, ...rest })));

function amountsOf({ cpu: cpuTicks, memory, gpu }: AmountsMap): QuotaAmounts {
  const gpuMilli = gpu === undefined ? Infinity : gpu * MILLI_PER_GPU;
  return [cpuTicks ?? Infinity, memory ?? Infinity, gpuMilli];
}
