/**
 * The leaves of the schema: quantities that arrive in model units (base/units.ts), names, and the two ways in which a
 * map may have to choose (exactly one key; a tag added to what was chosen).
 *
 * A quantity is text or a number in the file. Its JSON Schema is a pattern, which editors check; what the pattern
 * cannot say (a whole number of ticks) is said when the file is loaded.
 */

import { z } from 'zod';
import {
  parseBytes,
  parseCpu,
  parseDuration,
  parseMoney,
  parsePercent,
  parseRate,
} from '../base/quantity.ts';
import type { Parsed, QuantityInput } from '../base/quantity.ts';
import { NEVER } from '../base/units.ts';
import { describeValue } from './describe-value.ts';
import { SILENT, WRONG_SHAPE } from './explain-issue.ts';

/** A value in the file that becomes one number of the model. */
export type Quantity = ReturnType<typeof quantity>;

function quantity(
  expected: string,
  pattern: string,
  parse: (input: QuantityInput) => Parsed,
  title: string,
) {
  return z
    .unknown()
    .transform((input, context): number => {
      if (typeof input !== 'string' && typeof input !== 'number') {
        const message = `expected ${expected}, found ${describeValue(input)}`;
        context.addIssue({ code: 'custom', message, params: WRONG_SHAPE });
        return z.NEVER;
      }
      const parsed = parse(input);
      if (parsed.ok) return parsed.value;
      context.addIssue({ code: 'custom', message: parsed.message });
      return z.NEVER;
    })
    .meta({ type: ['string', 'number'], pattern, title });
}

const DECIMAL = '\\d+(\\.\\d+)?';
const DURATION_PATTERN = `^(0|(${DECIMAL}(d|h|ms|m|us|s))+)$`;

/** Ticks of 1/128,000 core. */
export const cpu = quantity(
  'a CPU amount such as 2, 500m or 256u',
  `^${DECIMAL}[mu]?$`,
  parseCpu,
  'cpu',
);
/** Bytes. */
export const bytes = quantity(
  'a size such as 512MiB or 4GiB',
  `^${DECIMAL}([KMGT]i?B?|kB?|B)?$`,
  parseBytes,
  'size',
);
/** Microseconds. */
export const duration = quantity(
  'a duration such as 15m, 90s or 7d',
  DURATION_PATTERN,
  parseDuration,
  'duration',
);
/** Microseconds, above 0. */
export const positiveDuration = quantity(
  'a duration above 0 such as 15m or 90s',
  DURATION_PATTERN,
  positiveDurationOf,
  'duration',
);
/** Microseconds; `Never` is NEVER. */
export const durationOrNever = quantity(
  'a duration such as 15m, or Never',
  `^(Never|0|(${DECIMAL}(d|h|ms|m|us|s))+)$`,
  (input) => (input === 'Never' ? { ok: true, value: NEVER } : parseDuration(input)),
  'duration or Never',
);
/** Events per second. */
export const rate = quantity(
  'a rate such as 1800/s or 4/min',
  `^${DECIMAL}/(s|min|h|d)$`,
  parseRate,
  'rate',
);
/** Nano-USD. */
export const money = quantity('an amount of USD such as 0.61', `^${DECIMAL}$`, parseMoney, 'USD');
/** A fraction: 60% is 0.6. */
export const share = quantity('a share such as 60%', `^${DECIMAL}%?$`, parsePercent, 'share');

/** Names of scenarios, variants, workloads, pools and clusters: they are file names and CSV cells too. */
export const name = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
    error: (issue) =>
      `expected a name of lower-case letters, digits and hyphens, found ${describeValue(issue.input)}`,
  })
  .meta({ title: 'name' });

/** Names of images: a name, or a reference such as `quay.io/team/app:1.2` as manifests have it. */
export const imageName = z
  .string()
  .regex(/^[A-Za-z0-9]+([._/:@-]+[A-Za-z0-9]+)*$/, {
    error: (issue) =>
      `expected the name or reference of an image, found ${describeValue(issue.input)}`,
  })
  .meta({ title: 'image name' });

export const filePath = z.string().min(1).meta({ title: 'file' });
export const label = z.string().meta({ title: 'text' });
export const count = z.int().min(0);
export const positiveNumber = z.number().positive();

/** One of several shapes; `expected` is the sentence when what was written has none of them. */
export function either<T extends readonly z.ZodType[]>(expected: string, options: T) {
  return z.union(options, {
    error: (issue) =>
      issue.code === 'invalid_union'
        ? `expected ${expected}, found ${describeValue(issue.input)}`
        : undefined,
  });
}

/** A map with exactly one of the keys; its value is what the map stands for. */
export function oneKey<S extends Record<string, z.ZodType>>(shape: S) {
  const keys = Object.keys(shape);
  const optional = Object.fromEntries(
    Object.entries(shape).map(([key, schema]) => [key, z.exactOptional(schema)]),
  );
  return z
    .strictObject(optional, {
      error: (issue) =>
        issue.code === 'invalid_type'
          ? `expected a map with one of the keys ${keys.join(', ')}, found ${describeValue(issue.input)}`
          : undefined,
    })
    .transform((map, context): z.output<S[keyof S]> => {
      const written = Object.keys(map);
      if (written.length === 1) return map[written[0]!] as z.output<S[keyof S]>;
      return refuseChoice(context, `one of the keys ${keys.join(', ')}`, written);
    })
    .meta({ minProperties: 1, maxProperties: 1 });
}

/** Refuses a map that did not make its one choice; an unknown key in it already says why there is none. */
export function refuseChoice(
  context: z.RefinementCtx,
  choice: string,
  written: readonly string[],
): never {
  const found = written.length === 0 ? 'none' : written.join(' and ');
  const explained = written.length === 0 && context.issues.length > 0;
  context.addIssue({
    code: 'custom',
    message: `expected exactly ${choice}, found ${found}`,
    params: explained ? SILENT : { at: 'key' },
  });
  return z.NEVER;
}

/** A strict map that carries `kind` once it is read. */
export function tagged<K extends string, S extends z.core.$ZodLooseShape>(kind: K, shape: S) {
  return z.strictObject(shape).transform((map) => ({ kind, ...map }));
}

function positiveDurationOf(input: QuantityInput): Parsed {
  const parsed = parseDuration(input);
  if (!parsed.ok || parsed.value > 0) return parsed;
  return { ok: false, message: `expected a duration above 0, found ${JSON.stringify(input)}` };
}
