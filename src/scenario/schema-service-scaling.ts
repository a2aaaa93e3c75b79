/** How Application Auto Scaling sizes an ECS service: policies and scheduled bounds (aws.md 3.14). */

import { z } from 'zod';
import { COMPARISONS } from '../autoscaling/target-tracking/service-policy.ts';
import { NEVER } from '../base/units.ts';
import { percentOf } from '../telemetry/service-metric.ts';
import { count, duration, oneKey, positiveDuration, rate, share } from './schema-quantity.ts';
import type {
  BoundsChange,
  ServiceMeasure,
  ServicePolicy,
} from '../autoscaling/target-tracking/service-policy.ts';

interface Level {
  readonly measure: ServiceMeasure;
  readonly value: number;
}

const metric = oneKey({
  cpu: share
    .transform((fraction): Level => ({ measure: 'cpu', value: percentOf(fraction) }))
    .describe('Average CPU use, of what the tasks reserve.'),
  memory: share
    .transform((fraction): Level => ({ measure: 'memory', value: percentOf(fraction) }))
    .describe('Average memory use, of what they reserve; of a service that states its use.'),
  requestsPerTask: rate
    .transform((perSecond): Level => ({ measure: 'requests', value: perSecond }))
    .describe('Requests for each ready task (ALBRequestCountPerTarget).'),
  messagesPerTask: z
    .number()
    .positive()
    .transform((messages): Level => ({ measure: 'messages', value: messages }))
    .describe('Messages of the `queue` for each ready task, a metric of your own.'),
});

const cooldown = duration.prefault('300s');

const target = z
  .strictObject({
    metric: metric.describe('What is kept, and where.'),
    disableScaleIn: z.boolean().prefault(false).describe('Only scale out.'),
    scaleOutCooldown: cooldown.describe(
      'Time after a scale-out in which only a larger need counts.',
    ),
    scaleInCooldown: cooldown.describe('Time after a scale-in in which no other follows.'),
  })
  .transform(({ metric: { measure, value }, ...rest }, context): ServicePolicy => {
    if (value <= 0) {
      const message = 'expected a target above 0';
      context.addIssue({ code: 'custom', message, path: ['metric'] });
    }
    return {
      kind: 'target',
      measure,
      target: value,
      disableScaleIn: rest.disableScaleIn,
      scaleOutCooldownUs: rest.scaleOutCooldown,
      scaleInCooldownUs: rest.scaleInCooldown,
    };
  });

const step = z
  .strictObject({
    threshold: metric.describe('What the alarm looks at, and its threshold.'),
    alarm: z.enum(COMPARISONS).describe('On which side of the threshold the alarm is on.'),
    datapoints: z.int().min(1).prefault(1).describe('Minutes that have to be there.'),
    evaluationPeriods: z
      .exactOptional(z.int().min(1))
      .describe('Of how many latest minutes; default as many as `datapoints`.'),
    adjustment: z
      .enum(['change', 'percent', 'exact'])
      .prefault('change')
      .describe('What `by` is: tasks, per cent of the running ones, or the count itself.'),
    steps: z
      .array(
        z.strictObject({
          from: z.exactOptional(z.number()).describe('Lower bound, relative to the threshold.'),
          to: z.exactOptional(z.number()).describe('Upper bound, relative to the threshold.'),
          by: z.int().describe('The adjustment.'),
        }),
      )
      .min(1)
      .describe('What to do by how far the metric is from the threshold, without gap or overlap.'),
    least: count.prefault(0).describe('Tasks that a percentage comes to at least.'),
    cooldown: cooldown.describe('Time after an adjustment in which only a larger need counts.'),
  })
  .transform((map, context): ServicePolicy => {
    const { threshold, alarm: comparison, datapoints, evaluationPeriods = datapoints } = map;
    const steps = map.steps.map(({ from = -Infinity, to = Infinity, by }) => ({ from, to, by }));
    const sorted = [...steps].sort((a, b) => a.from - b.from);
    const isChain = sorted.every(
      ({ from, to }, i) => from < to && (i === 0 || sorted[i - 1]!.to === from),
    );
    if (!isChain) {
      const message = 'expected steps that follow each other without gap or overlap';
      context.addIssue({ code: 'custom', message, path: ['steps'] });
    }
    if (evaluationPeriods < datapoints) {
      const message = `expected at least \`datapoints\` (${datapoints}), found ${evaluationPeriods}`;
      context.addIssue({ code: 'custom', message, path: ['evaluationPeriods'] });
    }
    return {
      kind: 'step',
      measure: threshold.measure,
      comparison,
      threshold: threshold.value,
      alarm: {
        datapointsToAlarm: datapoints,
        evaluationPeriods: Math.max(datapoints, evaluationPeriods),
      },
      adjustment: map.adjustment,
      steps,
      least: map.least,
      cooldownUs: map.cooldown,
    };
  });

const change = z
  .strictObject({
    at: duration.describe('When, since the start of the run.'),
    every: z.exactOptional(positiveDuration).describe('Again each so long, such as 1d.'),
    min: z.exactOptional(count).describe('Fewest tasks from then on.'),
    max: z.exactOptional(count).describe('Most tasks from then on.'),
  })
  .transform(({ at, every, min, max }): BoundsChange => ({
    atUs: at,
    everyUs: every ?? NEVER,
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  }));

export const serviceScaling = z
  .strictObject({
    policies: z
      .array(
        oneKey({
          target: target.describe('Target tracking.'),
          step: step.describe('Step scaling on an alarm.'),
        }),
      )
      .prefault([])
      .describe('The largest count that any asks for; smaller only when all agree.'),
    schedule: z
      .array(change)
      .prefault([])
      .describe('Scheduled actions: the bounds of the count at a time.'),
  })
  .describe(
    'Application Auto Scaling in full, in place of `scaling`; bounds are those of `replicas`.',
  );

export type ServiceScaling = z.output<typeof serviceScaling>;
