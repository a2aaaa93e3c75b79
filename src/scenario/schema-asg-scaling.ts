/** Keys of an Auto Scaling group that say how it is sized: policies, warm-up, monitoring, scheduled actions. */

import { z } from 'zod';
import { US_PER_MINUTE } from '../base/units.ts';
import { count, duration, oneKey, share } from './schema-quantity.ts';
import type { ScalingPolicy } from '../autoscaling/asg/scaling/policy.ts';

const percent = z.int().min(1).max(100);
const datapoints = z.int().min(1).max(100).prefault(1).describe('Data points in a row.');
const adjustment = z
  .enum(['change', 'percent', 'exact'])
  .prefault('change')
  .describe('What `by` is: so many hosts, per cent of the group, or the size itself.');

const target = z
  .strictObject({
    cpu: share.describe('Average CPU of the hosts to keep, of their cores: 50%.'),
    disableScaleIn: z.boolean().prefault(false).describe('Only scale out.'),
  })
  .transform(({ cpu, disableScaleIn }): ScalingPolicy => {
    return { kind: 'target', targetPercent: Math.round(cpu * 1e8) / 1e6, disableScaleIn };
  });

const alarm = {
  above: z
    .exactOptional(percent)
    .describe('The alarm is on while average CPU, in per cent, is above it.'),
  below: z.exactOptional(percent).describe('Or below it.'),
  datapoints,
};

function ruleOf(
  map: { above?: number; below?: number; datapoints: number },
  context: z.RefinementCtx,
) {
  if ((map.above === undefined) === (map.below === undefined)) {
    const found = map.above === undefined ? 'neither' : 'both';
    const message = `expected either \`above\` or \`below\`, found ${found}`;
    context.addIssue({ code: 'custom', message });
  }
  return {
    comparison: map.above === undefined ? ('below' as const) : ('above' as const),
    threshold: map.above ?? map.below ?? 0,
    datapoints: map.datapoints,
  };
}

const step = z
  .strictObject({
    ...alarm,
    adjustment,
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
    least: count.prefault(0).describe('Hosts that a percentage comes to at least.'),
  })
  .transform((map, context): ScalingPolicy => {
    const steps = map.steps.map(({ from = -Infinity, to = Infinity, by }) => ({ from, to, by }));
    const sorted = [...steps].sort((a, b) => a.from - b.from);
    sorted.forEach((one, i) => {
      if (one.from < one.to && (i === 0 || sorted[i - 1]!.to === one.from)) return;
      const message = 'expected steps that follow each other without gap or overlap';
      context.addIssue({ code: 'custom', message, path: ['steps'] });
    });
    const { adjustment: type, least } = map;
    return { kind: 'step', alarm: ruleOf(map, context), adjustment: type, steps, least };
  });

const simple = z
  .strictObject({
    ...alarm,
    adjustment,
    by: z.int().describe('The adjustment.'),
    cooldown: duration.prefault('300s').describe('Time after it in which simple policies rest.'),
  })
  .transform((map, context): ScalingPolicy => {
    const { adjustment: type, by, cooldown } = map;
    return {
      kind: 'simple',
      alarm: ruleOf(map, context),
      adjustment: type,
      by,
      cooldownUs: cooldown,
    };
  });

const scheduled = z
  .strictObject({
    at: duration.describe('When, since the start of the run.'),
    min: z.exactOptional(count).describe('Fewest hosts from then on.'),
    max: z.exactOptional(count).describe('Most hosts from then on.'),
    desired: z.exactOptional(count).describe('Size to take then.'),
  })
  .transform(({ at, min, max, desired }) => ({
    atUs: at,
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(desired === undefined ? {} : { desired }),
  }));

export const scalingKeys = {
  scaling: z
    .array(
      oneKey({
        target: target.describe('Target tracking on average CPU.'),
        step: step.describe('Step scaling on average CPU.'),
        simple: simple.describe('Simple scaling on average CPU, with a cooldown.'),
      }),
    )
    .prefault([])
    .describe(
      'Scaling policies: the largest size that any asks for, smaller only when all agree. Not with managedScaling or clusterAutoscaler, which size the group themselves.',
    ),
  schedule: z
    .array(scheduled)
    .prefault([])
    .describe('Scheduled actions: bounds and size at a time.'),
  warmup: duration
    .prefault('300s')
    .describe('Time that a new host is in service before its CPU counts.'),
  monitoring: z
    .enum(['detailed', 'basic'])
    .prefault('detailed')
    .describe('A data point each minute, or each five.'),
};

interface ScalingMap {
  readonly scaling: readonly ScalingPolicy[];
  readonly schedule: readonly z.output<typeof scheduled>[];
  readonly warmup: number;
  readonly monitoring: 'detailed' | 'basic';
}

/** What sizes the group. */
export function scalingOf({ scaling, schedule, warmup, monitoring }: ScalingMap) {
  return {
    policies: scaling,
    schedule: [...schedule].sort((a, b) => a.atUs - b.atUs),
    warmupUs: warmup,
    periodUs: (monitoring === 'basic' ? 5 : 1) * US_PER_MINUTE,
  };
}
