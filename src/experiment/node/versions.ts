/** What the numbers of a run stand on: the version of Berth and digests of the scenario schema and of the catalogue. */

import { readFileSync } from 'node:fs';
import { instanceTypes } from '../../cloud/catalogue.ts';
import { scenarioJsonSchema } from '../../scenario/json-schema.ts';
import { sha256OfText } from './read-input.ts';

const DIGITS = 16;

/** As package.json has it, which lies as far above the sources as above what is built. */
export function berthVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

export function versions(): { berth: string; schema: string; catalogue: string } {
  const digest = (value: unknown) => sha256OfText(JSON.stringify(value)).slice(0, DIGITS);
  return {
    berth: berthVersion(),
    schema: digest(scenarioJsonSchema()),
    catalogue: digest(instanceTypes()),
  };
}
