/**
 * The JSON Schema (draft 7, which editors know best) of a scenario file as people write it: quantities are text with a
 * pattern. What needs arithmetic or a look at another key is said only by `berth validate`.
 */

import { z } from 'zod';
import { scenarioDocument } from './schema.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

export function scenarioJsonSchema(): JsonSchema {
  return z.toJSONSchema(scenarioDocument, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => {
      // Bounds of every safe integer say nothing to a reader.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
}
