import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../../scripts/generated-files.ts';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts';

const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(scenarioJsonSchema());

function read(path: string): unknown {
  return parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

describe('the JSON Schema of a scenario', () => {
  it('accepts a scenario that loads', () => {
    validate(read('./good/shop-on-every-launch-type.yaml'));
    expect(validate.errors).toBeNull();
  });

  it.each([
    ['unknown-top-key', 'must NOT have additional properties'],
    ['missing-seed', "must have required property 'seed'"],
    ['wrong-quantities', 'must match pattern'],
    ['autoscaler-without-a-group', 'must be equal to one of the allowed values'],
    ['services', 'must NOT have more than 1 properties'],
    ['no-variants', 'must NOT have fewer than 1 properties'],
    ['capital-names', 'must match pattern'],
  ])('refuses the bad scenario %s', (file, message) => {
    expect(validate(read(`./bad/${file}.yaml`))).toBe(false);
    expect(validate.errors!.map((error) => error.message).join('\n')).toContain(message);
  });

  it('is written out, with the reference page, as it stands (npx tsx scripts/make-reference.ts)', async () => {
    for (const [path, text] of await generatedFiles()) {
      const written = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
      expect(written === text, `${path} is out of date`).toBe(true);
    }
  });
});
