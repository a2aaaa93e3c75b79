/** What the schema is turned into: each file with its text, formatted as the repository is. */

import { format } from 'prettier';
import { scenarioJsonSchema } from '../src/scenario/json-schema.ts';
import { scenarioReference } from './scenario-reference.ts';

export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const schema = scenarioJsonSchema();
  return new Map([
    [
      'scenarios/schema.json',
      await format(JSON.stringify(schema), { parser: 'json', printWidth: 100 }),
    ],
    [
      'docs/scenario-reference.md',
      await format(scenarioReference(schema), { parser: 'markdown', printWidth: 100 }),
    ],
  ]);
}
