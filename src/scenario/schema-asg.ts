/** The source `asg` of a pool: an Auto Scaling group, and what it is told. */

import { z } from 'zod';
import { ALLOCATION_STRATEGIES } from '../cloud/supply/allocation.ts';
import { NEVER } from '../base/units.ts';
import { TERMINATION_POLICIES } from '../autoscaling/asg/group.ts';
import { capacityType, instanceType } from './schema-instance-types.ts';
import { count, duration, positiveDuration } from './schema-quantity.ts';
import { scalingKeys, scalingOf } from './schema-asg-scaling.ts';
import { zoneName } from './schema-workload.ts';
import type { MixedInstances } from '../autoscaling/asg/group.ts';

const percent = z.int().min(0).max(100);

const mixed = z
  .strictObject({
    onDemandBase: count.prefault(0).describe('Capacity bought on demand before any share counts.'),
    onDemandPercentage: percent
      .prefault(100)
      .describe('Per cent above the base that is bought on demand, rounded up; the rest is spot.'),
    onDemandStrategy: z
      .enum(['prioritized', 'lowest-price'])
      .prefault('prioritized')
      .describe(
        'How EC2 picks a type on demand: the first of the list with room, or the cheapest.',
      ),
    spotStrategy: z
      .enum(ALLOCATION_STRATEGIES.filter((one) => one !== 'prioritized'))
      .prefault('lowest-price')
      .describe('How EC2 picks a spot pool; AWS recommends price-capacity-optimized.'),
    spotPools: z
      .int()
      .min(1)
      .max(20)
      .prefault(2)
      .describe('Of lowest-price: how many of the cheapest pools to spread over.'),
  })
  .describe('Buys on demand and spot in one group.');

const healthyRange = {
  minHealthy: percent.prefault(90).describe('Per cent of desired that stays healthy.'),
  maxHealthy: z
    .int()
    .min(100)
    .max(200)
    .prefault(100)
    .describe('Per cent of desired that may be there; above 100 others are launched first.'),
};

const refresh = z
  .strictObject({
    at: duration.describe('When the campaign begins, since the start of the run.'),
    ...healthyRange,
    warmup: duration
      .prefault('300s')
      .describe('Time that a new host is in service before the next one goes.'),
  })
  .superRefine(checkRange)
  .transform(({ at, minHealthy, maxHealthy, warmup }) => ({
    atUs: at,
    minimum: minHealthy,
    maximum: maxHealthy,
    warmupUs: warmup,
  }));

const maintenance = z
  .strictObject(healthyRange)
  .superRefine(checkRange)
  .transform(({ minHealthy, maxHealthy }) => ({ minimum: minHealthy, maximum: maxHealthy }));

/** aws.md 2.9: at most 100 points apart. */
function checkRange(
  { minHealthy, maxHealthy }: { minHealthy: number; maxHealthy: number },
  context: z.RefinementCtx,
): void {
  if (maxHealthy - minHealthy <= 100) return;
  const message = `expected at most 100 above minHealthy, found ${maxHealthy} and ${minHealthy}`;
  context.addIssue({ code: 'custom', message, path: ['maxHealthy'] });
}

const DAY_US = 86_400_000_000;

const keys = {
  instanceTypes: z.array(instanceType).min(1).describe('EC2 instance types, in order of wish.'),
  weights: z
    .exactOptional(z.record(instanceType, z.int().min(1).max(999)))
    .describe(
      'Capacity that an instance of a type counts for, default 1; sizes of the group are then in these units. Not with clusterAutoscaler or managedScaling, which count hosts.',
    ),
  min: count.prefault(0).describe('Fewest hosts.'),
  max: count.describe('Most hosts.'),
  initial: z.exactOptional(count).describe('Hosts at the start; default `min`.'),
  capacityType: z
    .exactOptional(capacityType)
    .describe('How all hosts are bought, default on-demand; instead of `mixed`.'),
  mixed: z.exactOptional(mixed),
  zones: z
    .exactOptional(z.array(zoneName).min(1))
    .describe('Zones of its subnets; default all of the scenario.'),
  zoneDistribution: z
    .enum(['balanced-best-effort', 'balanced-only'])
    .prefault('balanced-best-effort')
    .describe('What to do while a zone has no capacity: use the others, or wait for it.'),
  zoneRebalance: z
    .boolean()
    .prefault(true)
    .describe('Move hosts when zones differ by two or more (the process AZRebalance).'),
  capacityRebalance: z
    .boolean()
    .prefault(false)
    .describe('Replace spot hosts when EC2 says that they are at risk, before their notice.'),
  terminationPolicies: z
    .array(z.enum(TERMINATION_POLICIES))
    .min(1)
    .prefault(['default'])
    .describe('Which host of a zone goes first; each breaks the ties of those before.'),
  maintenance: z
    .exactOptional(maintenance)
    .describe('How many hosts may be away or too many while they are replaced for age.'),
  maxLifetime: z
    .exactOptional(positiveDuration)
    .describe('Age at which a host is replaced; at least a day.'),
  refreshes: z
    .array(refresh)
    .prefault([])
    .describe('Campaigns that replace every host, such as patching (instance refresh).'),
  ...scalingKeys,
};

export const asg = z.strictObject(keys).transform((map, context) => {
  const { min, max, initial = min, weights = {}, maxLifetime, mixed: policy, ...others } = map;
  const { scaling, schedule, warmup, monitoring, ...rest } = others;
  const fault = (path: (string | number)[], message: string, at: 'key' | 'value' = 'value') =>
    context.addIssue({ code: 'custom', message, path, params: { at } });
  if (min > max) fault(['min'], `expected min not above max, found ${min} and ${max}`);
  else if (initial < min || initial > max) {
    const range = `${min} to ${max}`;
    fault(['initial'], `expected a number from min to max (${range}), found ${initial}`);
  }
  if (policy !== undefined && map.capacityType !== undefined) {
    fault(['capacityType'], '`mixed` already says how hosts are bought; leave this out', 'key');
  }
  for (const type of Object.keys(weights)) {
    if (map.instanceTypes.includes(type)) continue;
    fault(['weights', type], `expected one of the instanceTypes, found ${type}`, 'key');
  }
  if (maxLifetime !== undefined && maxLifetime < DAY_US) {
    fault(['maxLifetime'], 'expected at least one day, as EC2 does');
  }
  const spot = map.capacityType === 'spot';
  const instances: MixedInstances = {
    types: map.instanceTypes.map((name) => ({ name, weight: weights[name] ?? 1 })),
    onDemandBase: policy?.onDemandBase ?? 0,
    onDemandPercent: policy?.onDemandPercentage ?? (spot ? 0 : 100),
    onDemandStrategy: policy?.onDemandStrategy ?? 'prioritized',
    spotStrategy: policy?.spotStrategy ?? 'lowest-price',
    spotPools: policy?.spotPools ?? 2,
  };
  return {
    kind: 'asg' as const,
    ...rest,
    min,
    max,
    initial,
    weighted: Object.keys(weights).length > 0,
    instances,
    capacityType: instances.onDemandBase + instances.onDemandPercent > 0 ? 'on-demand' : 'spot',
    lifetimeUs: maxLifetime ?? NEVER,
    scaling: scalingOf({ scaling, schedule, warmup, monitoring }),
  };
});
