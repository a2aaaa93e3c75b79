/**
 * The scenario file, written once: from here come the types (values already in model units), the JSON Schema for
 * editors, and the reference page.
 *
 * A scenario has three kinds of keys: those of the whole experiment (name, seed, replications, variants, baseline,
 * expect), the settings, which every variant may override, and, inside a variant, those of its cluster or clusters.
 */

import { z } from 'zod';
import { US_PER_SECOND } from '../base/units.ts';
import { ASSUMPTIONS } from '../cloud/assumptions.ts';
import { describeValue } from './describe-value.ts';
import { plainDefaults } from './plain-defaults.ts';
import { disruption } from './schema-disruption.ts';
import { clusterKeys, namedCluster } from './schema-cluster.ts';
import { duration, either, imageName, name, positiveDuration } from './schema-quantity.ts';
import { image, workloadEntry, zoneName } from './schema-workload.ts';
import { prices } from './schema-prices.ts';
import { rollouts } from './schema-rollouts.ts';
import { storageClasses } from './schema-storage.ts';
import { supply } from './schema-supply.ts';
import { parseStartTime } from './start-time.ts';

const start = z
  .string()
  .transform((text, context): number => {
    const startUs = parseStartTime(text);
    if (startUs !== undefined) return startUs;
    const message = `expected a UTC time such as 2026-01-05T00:00:00Z, found ${JSON.stringify(text)}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .meta({ title: 'UTC time' });

const assumptions = z
  .partialRecord(z.enum(ASSUMPTIONS.map((one) => one.name)), z.number().min(0))
  .transform((map): Readonly<Record<string, number>> => map as Record<string, number>);

const zones = z
  .array(zoneName)
  .min(1)
  .superRefine((list, context) => {
    const twice = list.findIndex((zone, i) => list.indexOf(zone) < i);
    if (twice < 0) return;
    const message = `expected each zone once, found "${list[twice]}" again`;
    context.addIssue({ code: 'custom', message, path: [twice] });
  });

/** Keys that a variant may override. */
export const settingsKeys = {
  start: start.prefault('2026-01-05T00:00:00Z').describe('Civil time at which the run starts.'),
  duration: positiveDuration.describe('Simulated length of a run.'),
  warmup: duration.prefault('0s').describe('Start of the window that waits and utilisation cover.'),
  sampling: z
    .exactOptional(positiveDuration)
    .describe(`Time between two samples; default duration / ${plainDefaults.samplesPerRun}.`),
  stuckAfter: positiveDuration
    .prefault('1h')
    .describe('A run ends when tasks are pending and nothing acted for so long.'),
  region: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)+-\d$/, {
      error: ({ input }) =>
        `expected an AWS region such as us-east-1, found ${describeValue(input)}`,
    })
    .prefault('us-east-1')
    .describe('AWS region: prices and latencies.'),
  zones: zones.prefault(['a', 'b', 'c']).describe('Availability zones, by their short names.'),
  images: z.record(imageName, image).prefault({}).describe('Container images by name.'),
  storageClasses: storageClasses
    .prefault({})
    .describe('Classes of volumes by name, beside those of manifests (Kubernetes).'),
  assumptions: assumptions
    .prefault({})
    .describe('Other values for assumed parameters, by name (`berth catalog --assumptions`).'),
  workload: z.array(workloadEntry).min(1).describe('Where tasks come from.'),
  rollouts,
  supply: supply
    .prefault({})
    .describe('What EC2 has to give; default no limit but spot shortages.'),
  prices: prices.prefault({}).describe('What is agreed with AWS; default list prices.'),
  disruptions: z.array(disruption).prefault([]).describe('What goes wrong; default nothing.'),
};

const settingsObject = z.strictObject(settingsKeys);

export const settings = settingsObject.transform((map) => {
  return {
    startUs: map.start,
    durationUs: map.duration,
    warmupUs: map.warmup,
    samplingUs: map.sampling ?? defaultSamplingUs(map.duration),
    stuckAfterUs: map.stuckAfter,
    region: map.region,
    zones: map.zones,
    images: map.images,
    storageClasses: map.storageClasses,
    assumptions: map.assumptions,
    workload: map.workload,
    rollouts: map.rollouts,
    supply: map.supply,
    prices: map.prices,
    disruptions: map.disruptions,
  };
});

export type ScenarioSettings = z.output<typeof settings>;

/** Keys of the whole experiment, which a variant cannot have. */
export const experimentKeys = {
  name: name.describe('Name of the experiment; the output goes to out/NAME.'),
  seed: either('a whole number or text', [z.int().min(0), z.string().min(1)]).describe(
    'Root of all randomness: a whole number or text. There is no default.',
  ),
  replications: z
    .int()
    .min(1)
    .prefault(1)
    .describe('Runs of each variant, each with its own seed derived from `seed`.'),
  baseline: z
    .exactOptional(z.string())
    .describe('Variant that others are compared with; default the first.'),
  expect: z
    .array(z.string())
    .prefault([])
    .describe(
      'Conditions on means over replications, such as `wait_s_p95 < 60` or `cost_usd <= 1.1 * cost_usd[VARIANT]`.',
    ),
};

/** The top of the file, with variants still raw: each is read again with the settings it overrides. */
export const experimentObject = z.strictObject({
  ...experimentKeys,
  ...settingsKeys,
  variants: z.record(name, z.unknown()),
});

/** The list form of a variant: several clusters, and which workload goes where. */
export const clustersKeys = {
  clusters: z.array(namedCluster).min(1).describe('Several clusters, each with a name.'),
  place: z
    .record(name, name)
    .prefault({})
    .describe('Cluster of a workload, by name; others go to the first cluster.'),
};

export const clustersObject = z.strictObject(clustersKeys);

const overridable = settingsObject.partial().shape;

/** The whole file as an editor sees it. */
export const scenarioDocument = z
  .strictObject({
    ...experimentKeys,
    ...settingsKeys,
    variants: z
      .record(
        name,
        z.union([
          z.strictObject({ ...clusterKeys, ...overridable }),
          z.strictObject({ ...clustersKeys, ...overridable }),
        ]),
      )
      .meta({ minProperties: 1 })
      .describe('What is compared: cluster keys (or `clusters` and `place`), and any setting.'),
  })
  .meta({
    title: 'Berth scenario',
    description: 'One workload and the variants of clusters that it is run against.',
  });

/** `duration` / 288, rounded up to a whole second. */
function defaultSamplingUs(durationUs: number): number {
  const seconds = Math.ceil(durationUs / plainDefaults.samplesPerRun / US_PER_SECOND);
  return Math.max(1, seconds) * US_PER_SECOND;
}
