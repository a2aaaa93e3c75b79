/** The list `disruptions`: what goes wrong with machines and zones. Each entry is a map with one key that says what. */

import { z } from 'zod';
import { NEVER } from '../base/units.ts';
import { durationDistribution } from './schema-distribution.ts';
import { duration, either, name, oneKey, positiveDuration } from './schema-quantity.ts';
import { zoneName } from './schema-workload.ts';

const hostFailure = z
  .strictObject({
    after: durationDistribution.describe('Time that a machine runs until it fails.'),
    repair: z
      .exactOptional(
        either('a duration, a distribution or Never', [z.literal('Never'), durationDistribution]),
      )
      .describe('Time until it answers again, empty of what ran; default Never.'),
    pools: z
      .exactOptional(z.array(name).min(1))
      .describe('Pools whose machines fail; left out, all but Fargate.'),
    outOfService: z
      .exactOptional(duration)
      .describe(
        'Kubernetes: time after which an operator marks a failed node as out of service, so that its pods are deleted by force; left out, nobody does.',
      ),
  })
  .transform(({ after, repair, pools, outOfService }) => ({
    kind: 'host-failure' as const,
    pools,
    process: {
      afterUs: after,
      ...(repair === undefined || repair === 'Never' ? {} : { repairUs: repair }),
      outOfServiceUs: outOfService ?? NEVER,
    },
  }));

const zoneOutage = z
  .strictObject({
    zone: zoneName.describe('Zone that goes out.'),
    at: duration.describe('When, since the start of the run.'),
    duration: positiveDuration.describe('How long.'),
  })
  .transform(({ zone, at, duration: lengthUs }) => ({
    kind: 'zone-outage' as const,
    zone,
    fromUs: at,
    untilUs: at + lengthUs,
  }));

const fargateRetirement = z
  .strictObject({
    at: duration.describe(
      'When AWS patches the platform: tasks that were launched before are told.',
    ),
    wait: duration
      .prefault('7d')
      .describe('From then until they are replaced or stopped; AWS offers 0, 7 and 14 days.'),
  })
  .transform(({ at, wait }) => ({
    kind: 'fargate-retirement' as const,
    launchedBeforeUs: at,
    atUs: at + wait,
  }));

const linkLoss = z
  .strictObject({
    pools: z
      .exactOptional(z.array(name).min(1))
      .describe('Pools of own hosts that are cut off; left out, all.'),
    zone: z.exactOptional(zoneName).describe('Only hosts of this zone.'),
    at: duration.describe('When, since the start of the run.'),
    duration: positiveDuration.describe('How long.'),
  })
  .transform(({ pools, zone, at, duration: lengthUs }) => ({
    kind: 'link-loss' as const,
    pools,
    zone,
    fromUs: at,
    untilUs: at + lengthUs,
  }));

export const disruption = oneKey({
  fargateRetirement: fargateRetirement.describe(
    'Fargate tasks on an old platform are retired: services replace theirs, others are stopped.',
  ),
  hostFailure: hostFailure.describe('Machines of a pool fail by themselves.'),
  zoneOutage: zoneOutage.describe('All machines of a zone fail together and come back together.'),
  linkLoss: linkLoss.describe(
    'Own hosts are cut off from the region: what runs there runs on, nothing new is placed; Kubernetes evicts after its grace.',
  ),
}).meta({ id: 'disruption' });
