/** The reference page of the scenario file, as Markdown, made from its JSON Schema: a section a map, a row a key. */

import type { JsonSchema } from '../src/scenario/json-schema.ts';
import { settingsKeys } from '../src/scenario/schema.ts';

const INTRODUCTION = `# The scenario file

Made from the schema by \`npx tsx scripts/make-reference.ts\`; do not edit by hand.

A scenario is YAML. Unknown keys are faults. \`berth validate FILE\` lists every fault with its line and column, and this
first line gives completion in editors that speak to the YAML language server:

\`\`\`yaml
# yaml-language-server: $schema=../schema.json
\`\`\`

| written | means | examples |
| --- | --- | --- |
| cpu | cores, milli-cores or ECS units (1/1024 core) | \`2\`, \`0.5\`, \`500m\`, \`256u\` |
| size | bytes, with binary or decimal units | \`512MiB\`, \`4Gi\`, \`412MB\` |
| duration | a time, larger units first | \`90s\`, \`1h30m\`, \`250ms\`, \`7d\` |
| rate | events in a unit of time | \`1800/s\`, \`4/min\`, \`10/h\`, \`3/d\` |
| share | per cent, or a fraction up to 1 | \`60%\`, \`0.6\` |
| USD | an amount of money | \`0.61\` |
| policy | a name, with parameters in brackets; inside a list in brackets it needs quotes | \`random\`, \`binpack[resource=cpu]\` |
| name | lower-case letters, digits and hyphens | \`ecs-fargate\` |
`;

type Properties = Readonly<Record<string, JsonSchema>>;

export function scenarioReference(schema: JsonSchema): string {
  const parts = [INTRODUCTION];
  addSection(parts, 'The scenario', schema, '');
  for (const [name, definition] of Object.entries(definitionsOf(schema))) {
    if (name.endsWith('Distribution') && name !== 'durationDistribution') {
      parts.push(`## ${name}\n`);
      parts.push(
        `A ${definition.title}, with the keys of [durationDistribution](#durationdistribution).\n`,
      );
    } else {
      addSection(parts, name, definition, name);
    }
  }
  return parts.join('\n');
}

function addSection(parts: string[], title: string, schema: JsonSchema, path: string): void {
  for (const [i, map] of mapsWithin(schema).entries()) {
    const inVariant = path === 'variants.NAME';
    const rows = Object.entries(propertiesOf(map)).filter(
      ([key]) => !(inVariant && key in settingsKeys),
    );
    const required = new Set(map.required ?? []);
    parts.push(`## ${i === 0 ? title : `${title}, the other form`}\n`);
    if (path.endsWith('Distribution')) parts.push('A bare quantity is a constant.\n');
    if (map.maxProperties === 1) parts.push('Exactly one of these keys.\n');
    if (inVariant) parts.push('These keys, and any of the settings above to override it.\n');
    parts.push('| key | value | default | meaning |\n| --- | --- | --- | --- |');
    for (const [key, value] of rows) {
      const given = required.has(key) ? '**required**' : defaultText(value);
      parts.push(
        `| \`${key}\` | ${cell(valueText(value))} | ${cell(given)} | ${cell(meaning(value))} |`,
      );
    }
    parts.push('');
    for (const [key, value] of rows) {
      const below = path === '' ? key : `${path}.${key}`;
      for (const { suffix, part } of inner(value)) {
        addSection(parts, `\`${below}${suffix}\``, part, `${below}${suffix}`);
      }
    }
  }
}

/** Maps with keys of their own that stand under one value: itself, list entries, values of a free map. */
function inner(schema: JsonSchema): { suffix: string; part: JsonSchema }[] {
  if (schema.type === 'array') return under(schema.items as JsonSchema, '[]');
  const free = schema.additionalProperties;
  if (typeof free === 'object') return under(free, '.NAME');
  return under(schema, '');
}

function under(schema: JsonSchema, suffix: string): { suffix: string; part: JsonSchema }[] {
  return mapsWithin(schema).length === 0 ? [] : [{ suffix, part: schema }];
}

function mapsWithin(schema: JsonSchema): JsonSchema[] {
  const forms = schema.anyOf ?? [schema];
  return forms.filter((form) => Object.keys(propertiesOf(form)).length > 0);
}

function propertiesOf(schema: JsonSchema): Properties {
  return (schema.properties ?? {}) as Properties;
}

function definitionsOf(schema: JsonSchema): Properties {
  return (schema.definitions ?? {}) as Properties;
}

function valueText(schema: JsonSchema): string {
  const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (reference !== undefined) {
    const name = reference.split('/').at(-1)!;
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.title !== undefined) return schema.title;
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (schema.anyOf !== undefined) {
    return [...new Set(schema.anyOf.map(valueText))].join(' or ');
  }
  switch (schema.type) {
    case 'array':
      return `list of ${valueText(schema.items as JsonSchema)}`;
    case 'object': {
      const free = schema.additionalProperties;
      return typeof free === 'object' ? `map of names to ${valueText(free)}` : 'map';
    }
    case 'integer':
      return 'whole number';
    case 'string':
      return 'text';
    default:
      return String(schema.type);
  }
}

function defaultText(schema: JsonSchema): string {
  return schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
}

function meaning(schema: JsonSchema): string {
  return schema.description ?? '';
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
