/**
 * Turns what the schema found wrong into sentences: what was expected, what was found, and the nearest known word.
 *
 * Unknown keys     one sentence a key, placed at the key.
 * Unions           only the alternative that has the shape of what was written is explained ("expected a number" is no
 *                  help to somebody who wrote a map); when none or several have it, the union's own sentence is used.
 * Own sentences    the checks of the schema files speak for themselves (`custom` issues) and pass unchanged.
 */

import type { z } from 'zod';
import { describeValue } from './describe-value.ts';
import { didYouMean, nearestHint } from './did-you-mean.ts';
import type { Path } from './path.ts';

export interface ExplainedIssue {
  readonly path: Path;
  readonly message: string;
  readonly at: 'key' | 'value';
}

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** Marks a `custom` issue that means "this is not even the right kind of value". */
export const WRONG_SHAPE = { wrongShape: true };
/** Marks a `custom` issue that only stops the reading, since another issue already says what is wrong. */
export const SILENT = { silent: true };

/** Parses, or lists what is wrong. Paths start at `value`. */
export function parseExplained<S extends z.ZodType>(
  schema: S,
  value: unknown,
): { readonly value?: z.output<S>; readonly issues: readonly ExplainedIssue[] } {
  const result = schema.safeParse(value, { error: sentenceOf });
  if (result.success) return { value: result.data, issues: [] };
  return { issues: result.error.issues.flatMap((issue) => flatten(issue, [])) };
}

/** The sentence for a key that the schema does not know. */
export function unknownKeySentence(key: string, known: readonly string[]): string {
  return `unknown key "${key}"${didYouMean(key, known)}`;
}

function flatten(issue: Issue, parent: Path): ExplainedIssue[] {
  const path = [...parent, ...(issue.path as Path)];
  if (issue.code === 'unrecognized_keys') {
    const sentences = issue.message.split('\n');
    return issue.keys.map((key, i) => ({
      path: [...path, key],
      message: sentences[i] ?? issue.message,
      at: 'key',
    }));
  }
  if (issue.code === 'invalid_union') {
    const shaped = issue.errors.filter((branch) => !branch.some(isWrongShape));
    if (shaped.length === 1) return shaped[0]!.flatMap((inner) => flatten(inner, path));
  }
  if (issue.code === 'invalid_key') {
    const message = issue.issues[0]?.message ?? issue.message;
    return [{ path, message, at: 'key' }];
  }
  if (issue.code === 'custom' && issue.params?.['silent'] === true) return [];
  const at = issue.code === 'custom' && issue.params?.['at'] === 'key' ? 'key' : 'value';
  return [{ path, message: issue.message, at }];
}

function isWrongShape(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_type') return true;
  return issue.code === 'custom' && issue.params?.['wrongShape'] === true;
}

/** The sentence for one issue; undefined keeps the one it brought along. */
function sentenceOf(issue: RawIssue): string | undefined {
  const found = describeValue(issue.input);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeysOf(issue);
      return issue.keys.map((key: string) => unknownKeySentence(key, known)).join('\n');
    }
    case 'invalid_type':
      return `expected ${kindInWords(issue)}, found ${found}${quotingHint(issue)}`;
    case 'invalid_value': {
      const values = issue.values.map(String);
      return `expected ${inWords(values)}, found ${found}${nearestHint(String(issue.input), values)}`;
    }
    case 'too_small':
      return `expected ${boundInWords(issue, issue.inclusive ? 'of at least' : 'above', issue.minimum)}`;
    case 'too_big':
      return `expected ${boundInWords(issue, issue.inclusive ? 'of at most' : 'below', issue.maximum)}`;
    default:
      return undefined;
  }
}

/** The keys of a map, or the names that a record accepts. */
function knownKeysOf(issue: RawIssue): string[] {
  const schema = issue.inst?._zod.def as
    { readonly shape?: object; readonly keyType?: z.core.$ZodType } | undefined;
  if (schema?.shape !== undefined) return Object.keys(schema.shape);
  return [...(schema?.keyType?._zod.values ?? [])].map(String);
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function kindInWords(issue: RawIssue & { expected: string }): string {
  const format = (issue as { format?: string }).format;
  return KINDS[format === 'safeint' ? 'int' : issue.expected] ?? issue.expected;
}

function quotingHint(issue: RawIssue & { expected: string }): string {
  const plain = typeof issue.input === 'number' || typeof issue.input === 'boolean';
  return issue.expected === 'string' && plain ? ` (write "${String(issue.input)}" in quotes)` : '';
}

function inWords(values: readonly string[]): string {
  if (values.length === 1) return values[0]!;
  return `one of ${values.join(', ')}`;
}

function boundInWords(issue: RawIssue, bound: string, limit: unknown): string {
  if (issue['origin'] === 'array') {
    const count = (issue.input as unknown[]).length;
    return `a list ${bound} ${String(limit)} ${limit === 1 ? 'entry' : 'entries'}, found ${count}`;
  }
  if (issue['origin'] === 'string') return `some text, found ${describeValue(issue.input)}`;
  return `a number ${bound} ${String(limit)}, found ${describeValue(issue.input)}`;
}
