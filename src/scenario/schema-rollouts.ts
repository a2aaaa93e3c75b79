/** The list `rollouts`: workloads that get another revision while the run goes on. */

import { z } from 'zod';
import { imageKey } from './schema-demand.ts';
import { bytes, cpu, duration, name } from './schema-quantity.ts';

const rollout = z
  .strictObject({
    workload: name.describe('Name of a service, or of a daemon that runs on Kubernetes.'),
    at: duration.describe('Time since the start of the run.'),
    image: imageKey.describe('Image of the new revision; left out, the same.'),
    cpu: z.exactOptional(cpu).describe('CPU request of the new revision; left out, the same.'),
    memory: z.exactOptional(bytes).describe('Memory request; left out, the same.'),
  })
  .transform((map, context) => {
    const { workload, at: atUs, image, cpu: cpuTicks, memory: memoryBytes } = map;
    if (image === undefined && cpuTicks === undefined && memoryBytes === undefined) {
      const message = 'expected `image`, `cpu` or `memory` of the new revision, found none';
      context.addIssue({ code: 'custom', message, params: { at: 'key' } });
    }
    return { workload, atUs, image, cpuTicks, memoryBytes };
  });

export const rollouts = z
  .array(rollout)
  .prefault([])
  .describe(
    'New revisions of workloads: an update as its Deployment, StatefulSet, DaemonSet or ECS service does it.',
  );

export type PlannedRevision = z.output<typeof rollout>;
