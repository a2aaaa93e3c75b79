/** What every kind of workload may say about its tasks: where they may run, which image they need, how many GPUs. */

import { z } from 'zod';
import type { Distribution } from '../random/distribution.ts';
import type { StopTimes } from '../runtime/stop-time.ts';
import type { SpreadConstraint, Toleration } from '../cluster/spec.ts';
import { MILLI_PER_GPU } from '../base/units.ts';
import { durationDistribution } from './schema-distribution.ts';
import { duration, imageName, label } from './schema-quantity.ts';

export const labels = z.record(z.string(), label);

const toleration = z
  .strictObject({
    key: label.prefault('').describe('Key of the taint; left out, every key (needs `Exists`).'),
    operator: z.enum(['Equal', 'Exists']).prefault('Equal').describe('How the value is compared.'),
    value: label.prefault('').describe('Value of the taint, for `Equal`.'),
    effect: z
      .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
      .optional()
      .describe('Effect of the taint; left out, every effect.'),
    seconds: z
      .exactOptional(z.number().min(0))
      .describe('How long a NoExecute taint is tolerated; left out, for ever.'),
  })
  .transform(({ effect, ...rest }): Toleration => ({ ...rest, effect: effect ?? '' }))
  .superRefine((one, context) => {
    if (one.key !== '' || one.operator === 'Exists') return;
    const message = 'expected a `key`, or `operator: Exists` to tolerate every key';
    context.addIssue({ code: 'custom', message });
  });

const spreadConstraint = z.strictObject({
  topologyKey: label.describe(
    'Host label whose values are the domains, such as topology.kubernetes.io/zone.',
  ),
  maxSkew: z.int().min(1).prefault(1).describe('Largest allowed difference between two domains.'),
  whenUnsatisfiable: z
    .enum(['DoNotSchedule', 'ScheduleAnyway'])
    .prefault('DoNotSchedule')
    .describe('Whether the constraint is a filter or a wish.'),
}) satisfies z.ZodType<SpreadConstraint>;

/** Devices and the share of each: `2` takes two whole, `0.5` half of one. */
const gpu = z
  .number()
  .min(0)
  .transform((devices, context) => {
    if (Number.isInteger(devices)) {
      return { gpuCount: devices, gpuMilli: devices === 0 ? 0 : MILLI_PER_GPU };
    }
    const milli = Math.round(devices * MILLI_PER_GPU);
    if (devices < 1 && milli / MILLI_PER_GPU === devices) return { gpuCount: 1, gpuMilli: milli };
    const message = `expected a whole number of GPUs or a fraction of one in thousandths, found ${devices}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

export const imageKey = z
  .exactOptional(imageName)
  .describe('Name under `images`; left out, nothing has to be pulled.');
export const gpuKey = gpu
  .prefault(0)
  .describe('GPUs of a task: a whole number, or a fraction of one such as 0.5.');

/** Keys about where tasks may run. */
export const placementKeys = {
  priority: z.int().prefault(0).describe('Higher goes first, and may preempt under Kubernetes.'),
  labels: labels.prefault({}).describe('Labels of the tasks.'),
  nodeSelector: labels.prefault({}).describe('Labels that the host must have.'),
  tolerations: z
    .array(toleration)
    .prefault([])
    .describe('Taints of hosts that do not keep these tasks away.'),
};

export const spreadKey = z
  .array(spreadConstraint)
  .prefault([])
  .describe('Topology spread constraints of the service (Kubernetes).');

/** Keys about how a task ends when it is told to. */
export const stopKeys = {
  stopTime: z
    .exactOptional(durationDistribution)
    .describe(
      'Time its containers take to stop after TERM; default the assumed `container.stop-s`.',
    ),
  terminationGrace: z
    .exactOptional(duration)
    .describe('Time from the order to stop to the kill; default 30s.'),
  preStop: z
    .exactOptional(duration)
    .describe(
      'Kubernetes only: time of a hook between the order to stop and TERM, out of the grace period.',
    ),
};

/** What of them was stated, or undefined. */
export function stopTimes(map: {
  readonly stopTime?: Distribution;
  readonly terminationGrace?: number;
  readonly preStop?: number;
}): StopTimes | undefined {
  const { stopTime, terminationGrace, preStop } = map;
  const stops: StopTimes = {
    ...(stopTime === undefined ? {} : { stopUs: stopTime }),
    ...(terminationGrace === undefined ? {} : { graceUs: terminationGrace }),
    ...(preStop === undefined ? {} : { preStopUs: preStop }),
  };
  return Object.keys(stops).length === 0 ? undefined : stops;
}
