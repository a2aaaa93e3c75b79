/** What an ECS cluster allows of tasks that wait for capacity. */

import { z } from 'zod';
import { durationOrNever } from './schema-quantity.ts';
import type { ProvisioningRule } from '../autoscaling/capacity-provider/provisioning.ts';

export const provisioning = z
  .strictObject({
    limit: z
      .int()
      .min(1)
      .prefault(500)
      .describe('Most tasks of the cluster that wait for pools with `managedScaling`, a quota.'),
    timeout: durationOrNever
      .prefault('Never')
      .describe(
        'Time after which a task that waits so is stopped; 30m is what AWS is thought to do.',
      ),
  })
  .describe(
    'ECS only: tasks in PROVISIONING. Those above the limit are refused and asked for again; managed scaling does not see them until then.',
  )
  .transform(({ limit, timeout }): ProvisioningRule => ({ limit, timeoutUs: timeout }));
