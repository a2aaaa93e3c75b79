/** Keys of a service that let its replicas, or their requests, follow what they use. */

import { z } from 'zod';
import { QUEUE_METRIC, REQUESTS_METRIC } from '../autoscaling/hpa/hpa.ts';
import { ticksToMilli } from '../base/units.ts';
import { completeBehavior } from '../cluster/scaling-behavior.ts';
import { percentOf } from '../telemetry/service-metric.ts';
import { bytes, cpu, duration, oneKey, positiveDuration, rate, share } from './schema-quantity.ts';
import type { MetricSpec, ScalingPolicy } from '../cluster/controller-specs.ts';
import type { ContainerAmounts } from '../autoscaling/vpa/recommendation.ts';
import type { WrittenRules } from '../cluster/scaling-behavior.ts';

const MILLI = 1000;
const requests = { name: REQUESTS_METRIC };

const metric = oneKey({
  cpu: share
    .transform((target): MetricSpec => cpuUtilization(target))
    .describe('Average CPU use, of the request, aimed at.'),
  cpuPerReplica: cpu
    .transform((ticks): MetricSpec => ({
      kind: 'resource',
      resource: 'cpu',
      target: { kind: 'average-value', milliAverage: Math.ceil(ticksToMilli(ticks)) },
    }))
    .describe('Average CPU use of a replica aimed at.'),
  memory: share
    .transform((fraction): MetricSpec => ({
      kind: 'resource',
      resource: 'memory',
      target: { kind: 'utilization', percent: wholePercent(fraction) },
    }))
    .describe('Average memory use, of the request, aimed at; of a service that states its use.'),
  requestsPerReplica: rate
    .transform((perSecond): MetricSpec => ({
      kind: 'external',
      metric: requests,
      target: { kind: 'average-value', milliAverage: thousandths(perSecond) },
    }))
    .describe('Requests for each replica aimed at: those of all replicas by their number.'),
  messagesPerReplica: z
    .number()
    .positive()
    .transform((messages): MetricSpec => ({
      kind: 'external',
      metric: { name: QUEUE_METRIC },
      target: { kind: 'average-value', milliAverage: thousandths(messages) },
    }))
    .describe('Messages of the `queue` for each replica aimed at.'),
  requestsPerReadyReplica: rate
    .transform((perSecond): MetricSpec => ({
      kind: 'pods',
      metric: requests,
      target: { kind: 'average-value', milliAverage: thousandths(perSecond) },
    }))
    .describe('The same as the replicas themselves report it: only ready ones have requests.'),
  requests: rate
    .transform((perSecond): MetricSpec => ({
      kind: 'object',
      metric: requests,
      object: { kind: 'Service', namespace: 'default', name: '' },
      target: { kind: 'value', milliValue: thousandths(perSecond) },
    }))
    .describe('Requests of the whole service aimed at, whatever its replicas.'),
});

const policy = z
  .strictObject({
    pods: z.exactOptional(z.int().min(1)).describe('Replicas by which the number may change.'),
    percent: z.exactOptional(share).describe('Share of the replicas by which it may change.'),
    every: duration.prefault('15s').describe('Time in which it may change by that much.'),
  })
  .transform((map, context): ScalingPolicy => {
    const { pods, percent, every } = map;
    if ((pods === undefined) === (percent === undefined)) {
      const message = 'expected `pods` or `percent`';
      context.addIssue({ code: 'custom', message, params: { at: 'key' } });
      return z.NEVER;
    }
    return pods === undefined
      ? { kind: 'Percent', value: wholePercent(percent!), periodUs: every }
      : { kind: 'Pods', value: pods, periodUs: every };
  });

const rules = z
  .strictObject({
    window: z.exactOptional(duration).describe('How long an earlier recommendation counts.'),
    select: z
      .exactOptional(z.enum(['max', 'min', 'disabled']))
      .describe('Which policy holds: that of the largest change, the smallest, or no change.'),
    policies: z.exactOptional(z.array(policy).min(1)).describe('How fast the number may change.'),
    tolerance: z.exactOptional(share).describe('How far off the target nothing happens.'),
  })
  .transform((map): WrittenRules => {
    const { window: stabilizationUs, select, policies, tolerance } = map;
    const words = { max: 'Max', min: 'Min', disabled: 'Disabled' } as const;
    const selectPolicy = select === undefined ? undefined : words[select];
    return { stabilizationUs, selectPolicy, policies, tolerance };
  });

const keda = z
  .strictObject({
    idle: z
      .exactOptional(z.int().min(0))
      .describe(
        'Replicas of an inactive service whose minimum is above them; left out, 0 where the minimum is 0.',
      ),
    activation: rate.prefault('0/s').describe('The service is active above that many requests.'),
    activationMessages: z
      .exactOptional(z.number().min(0))
      .describe('It is active above that many messages in its `queue`, in place of requests.'),
    polling: positiveDuration.prefault('30s').describe('Time between two looks.'),
    cooldown: duration
      .prefault('5m')
      .describe('Time without activity before the last replica goes.'),
    initialCooldown: duration.prefault('0s').describe('No replica goes before this time.'),
  })
  .transform(({ idle, activation, activationMessages, polling, cooldown, initialCooldown }) => ({
    idleReplicas: idle,
    measure: activationMessages === undefined ? ('requests' as const) : ('queue' as const),
    activation: activationMessages ?? activation,
    pollingUs: polling,
    cooldownUs: cooldown,
    initialCooldownUs: initialCooldown,
  }));

export const scaling = z
  .strictObject({
    target: share.prefault('60%').describe('Average CPU use, of the request, aimed at.'),
    metrics: z
      .exactOptional(z.array(metric).min(1))
      .describe('Kubernetes: what the replicas follow, in place of `target`; the highest counts.'),
    behavior: z
      .exactOptional(
        z
          .strictObject({
            scaleUp: z.exactOptional(rules).describe('Rules for more replicas.'),
            scaleDown: z.exactOptional(rules).describe('Rules for fewer replicas.'),
          })
          .transform(completeBehavior),
      )
      .describe('Kubernetes: how fast the replicas may follow.'),
    keda: z
      .exactOptional(keda)
      .describe(
        'Kubernetes: KEDA takes the service to 0 replicas and back by its requests or its queue.',
      ),
  })
  .transform(({ target, metrics, behavior, keda: kedaSettings }) => ({
    targetFraction: target,
    metrics: metrics ?? [cpuUtilization(target)],
    ...(behavior === undefined ? {} : { behavior }),
    ...(kedaSettings === undefined ? {} : { keda: kedaSettings }),
  }));

function cpuUtilization(fraction: number): MetricSpec {
  const percent = wholePercent(fraction);
  return { kind: 'resource', resource: 'cpu', target: { kind: 'utilization', percent } };
}

function wholePercent(fraction: number): number {
  return Math.max(1, Math.round(percentOf(fraction)));
}

function thousandths(perSecond: number): number {
  return Math.max(1, Math.round(perSecond * MILLI));
}

const amounts = z
  .strictObject({
    cpu: z.exactOptional(cpu).describe('CPU.'),
    memory: z.exactOptional(bytes).describe('Memory.'),
  })
  .transform(({ cpu: ticks, memory }): Partial<ContainerAmounts> => ({
    ...(ticks === undefined ? {} : { cpuMilli: Math.ceil(ticksToMilli(ticks)) }),
    ...(memory === undefined ? {} : { memoryBytes: memory }),
  }));

export const verticalScaling = z
  .strictObject({
    mode: z
      .enum(['off', 'initial', 'recreate', 'in-place-or-recreate'])
      .prefault('recreate')
      .describe(
        'Only recommends, changes new replicas, evicts old ones too, or resizes those where they are and evicts the ones whose node cannot give that.',
      ),
    restartOnResize: z
      .array(z.enum(['cpu', 'memory']))
      .prefault([])
      .describe('Resources for which a resize in place starts the containers again.'),
    minReplicas: z.int().min(1).prefault(2).describe('With fewer replicas none is evicted.'),
    minAllowed: amounts.prefault({}).describe('Least requests of a replica.'),
    maxAllowed: amounts.prefault({}).describe('Largest requests of a replica.'),
    controlledValues: z
      .enum(['requests-and-limits', 'requests-only'])
      .prefault('requests-and-limits')
      .describe('Whether limits keep their ratio to the requests, or stay as they are.'),
  })
  .describe('Kubernetes: VerticalPodAutoscaler, sets the requests of replicas by what they use.');
