/**
 * The intrinsic functions of CloudFormation that files with ECS resources use: `Ref`, `Fn::Sub`, `Fn::Join`, `Fn::GetAtt`,
 * `Fn::Select`, `Fn::If`, and the short forms of YAML.
 *
 * Resolved    parameters by their defaults, pseudo parameters by stated values, names of resources by their logical ids.
 * Unresolved  everything else; whoever reads the value says so with its place.
 */

import { isMap, isScalar, isSeq, type ScalarTag, type CollectionTag, type Tags } from 'yaml';

/** What `Ref` may mean in a template. */
export interface TemplateNames {
  /** Defaults of parameters; undefined for a parameter without one. */
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly resources: ReadonlySet<string>;
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '123456789012',
  'AWS::StackName': 'stack',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

const SHORT = [
  'Sub',
  'Join',
  'GetAtt',
  'Select',
  'If',
  'ImportValue',
  'FindInMap',
  'Base64',
  'Split',
];
const OTHERS = ['GetAZs', 'Cidr', 'Equals', 'And', 'Or', 'Not', 'Transform'];

/** Tags that read `!Ref X` as `{ Ref: X }` and `!Sub X` as `{ 'Fn::Sub': X }`, for texts, lists and maps. */
export const CLOUDFORMATION_TAGS: Tags = ['Ref', 'Condition', ...SHORT, ...OTHERS].flatMap(
  (name) => {
    const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
    const scalar: ScalarTag = { tag: `!${name}`, resolve: (text) => ({ [key]: text }) };
    const collection = (kind: 'map' | 'seq'): CollectionTag => ({
      tag: `!${name}`,
      collection: kind,
      resolve: (node) => ({ [key]: plainOf(node) }),
    });
    return [scalar, collection('seq'), collection('map')];
  },
);

/** Undefined for what only a deployment knows. A value that is no function is itself. */
export function resolved(value: unknown, names: TemplateNames): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const [entry, ...more] = Object.entries(value);
  if (entry === undefined || more.length > 0) return value;
  const [name, argument] = entry;
  switch (name) {
    case 'Ref':
      return reference(String(argument), names);
    case 'Fn::Sub':
      return substituted(argument, names);
    case 'Fn::Join':
      return joined(argument, names);
    case 'Fn::GetAtt': {
      const [resource] = Array.isArray(argument)
        ? argument.map(String)
        : String(argument).split('.');
      return names.resources.has(resource!) ? resource : undefined;
    }
    case 'Fn::Select': {
      const [index, list] = Array.isArray(argument) ? (argument as unknown[]) : [];
      return Array.isArray(list) ? resolved(list[Number(index)], names) : undefined;
    }
    default:
      return name.startsWith('Fn::') || name === 'Condition' ? undefined : value;
  }
}

function reference(name: string, { parameters, resources }: TemplateNames): unknown {
  if (parameters.has(name)) return parameters.get(name);
  if (resources.has(name)) return name;
  return PSEUDO[name];
}

/** `${Name}` and `${Resource.Attribute}` in a text, or in the first of a text and its own names. */
function substituted(argument: unknown, names: TemplateNames): string | undefined {
  const [text, own = {}] = Array.isArray(argument) ? (argument as unknown[]) : [argument];
  if (typeof text !== 'string') return undefined;
  let isKnown = true;
  const result = text.replaceAll(/\$\{([^!}]+)\}/g, (_, name: string) => {
    const given = (own as Record<string, unknown>)[name];
    const found =
      given === undefined ? reference(name.split('.')[0]!, names) : resolved(given, names);
    if (found === undefined) isKnown = false;
    return String(found);
  });
  return isKnown ? result : undefined;
}

function joined(argument: unknown, names: TemplateNames): string | undefined {
  const [between, list] = Array.isArray(argument) ? (argument as unknown[]) : [];
  if (typeof between !== 'string' || !Array.isArray(list)) return undefined;
  const parts = list.map((part) => resolved(part, names));
  return parts.includes(undefined) ? undefined : parts.map(String).join(between);
}

/** The plain value of a node of a tagged collection; functions within are already read. */
function plainOf(node: unknown): unknown {
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map(plainOf);
  if (!isMap(node)) return node;
  return Object.fromEntries(
    node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), plainOf(value)]),
  );
}
