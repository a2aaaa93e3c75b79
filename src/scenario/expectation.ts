/**
 * What a scenario expects of its results, on the mean over replications of a summary column:
 *
 *   COLUMN OP NUMBER                           wait_s_p95 < 60              every variant
 *   COLUMN OP NUMBER * COLUMN[VARIANT]         cost_usd <= 1.1 * cost_usd[ecs-ec2]
 *   COLUMN OP COLUMN[VARIANT]                  wait_s_mean <= wait_s_mean[ecs-ec2]
 *   COLUMN[VARIANT] OP ...                     cost_usd[ecs-fargate] < 200      that variant only
 *
 * OP is one of <, <=, >, >=, ==, !=. A mean that is unknown (a price without a source, no task in the window) holds no
 * expectation: silence must not pass a test.
 */

import { nearestHint } from './did-you-mean.ts';
import { SUMMARY_COLUMNS } from './summary-column.ts';

export type Comparator = '<' | '<=' | '>' | '>=' | '==' | '!=';

export interface Expectation {
  readonly text: string;
  readonly column: string;
  /** The variant it is about; undefined: each of them. */
  readonly variant: string | undefined;
  readonly comparator: Comparator;
  /** The bound is `factor`, or `factor` x the mean of `reference`. */
  readonly factor: number;
  readonly reference: { readonly column: string; readonly variant: string } | undefined;
}

export type ParsedExpectation =
  | { readonly ok: true; readonly value: Expectation }
  | { readonly ok: false; readonly message: string };

/** One expectation held against one variant. */
export interface ExpectationResult {
  readonly text: string;
  readonly variant: string;
  readonly holds: boolean;
  /** undefined where the mean is unknown. */
  readonly value: number | undefined;
  readonly bound: number | undefined;
}

/** Means over replications: variant -> column -> mean, with no entry for what is unknown. */
export type SummaryMeans = ReadonlyMap<string, ReadonlyMap<string, number>>;

const SIDES = /^(.+?)\s*(<=|>=|==|!=|<|>)\s*(.+)$/;
const COLUMN = /^([a-z][a-z0-9_]*)(?:\[([^\]]*)\])?$/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:e-?\d+)?$/;

export function parseExpectation(text: string, variants: readonly string[]): ParsedExpectation {
  const expected = 'a condition such as `wait_s_p95 < 60` or `cost_usd <= 1.1 * cost_usd[VARIANT]`';
  const refuse = (message: string): ParsedExpectation => ({ ok: false, message });
  const sides = SIDES.exec(text.trim());
  if (sides === null) return refuse(`expected ${expected}, found ${JSON.stringify(text)}`);
  const [, left = '', comparator, right = ''] = sides;

  const subject = columnOf(left, variants);
  if (typeof subject === 'string') return refuse(subject);
  const factors = right.split('*').map((part) => part.trim());
  const [first = '', second] = factors;
  const plain = NUMBER.test(first);
  const fine = factors.length === 1 || (factors.length === 2 && plain);
  if (!fine) return refuse(`expected ${expected}, found ${JSON.stringify(text)}`);
  const factor = plain ? Number(first) : 1;
  const whole = { text: text.trim(), ...subject, comparator: comparator as Comparator, factor };
  const term = plain ? second : first;
  if (term === undefined) return { ok: true, value: { ...whole, reference: undefined } };

  const reference = columnOf(term, variants);
  if (typeof reference === 'string') return refuse(reference);
  const { column, variant } = reference;
  if (variant === undefined) {
    return refuse(
      `expected the variant of the bound, as in ${column}[${variants[0] ?? 'VARIANT'}]`,
    );
  }
  return { ok: true, value: { ...whole, reference: { column, variant } } };
}

/** The expectation held against every variant that it is about. */
export function evaluateExpectation(
  expectation: Expectation,
  means: SummaryMeans,
): ExpectationResult[] {
  const { text, column, reference, factor, comparator } = expectation;
  const base = reference === undefined ? 1 : means.get(reference.variant)?.get(reference.column);
  const bound = base === undefined ? undefined : factor * base;
  const about = expectation.variant === undefined ? [...means.keys()] : [expectation.variant];
  return about.map((variant) => {
    const value = means.get(variant)?.get(column);
    const known = value !== undefined && bound !== undefined;
    return { text, variant, value, bound, holds: known && compare(value, comparator, bound) };
  });
}

/** The column and variant that `text` names, or a sentence about what is wrong. */
function columnOf(
  text: string,
  variants: readonly string[],
): { readonly column: string; readonly variant: string | undefined } | string {
  const match = COLUMN.exec(text);
  if (match === null) return `expected a column of summary.csv, found ${JSON.stringify(text)}`;
  const [, column = '', variant] = match;
  if (!SUMMARY_COLUMNS.includes(column)) {
    return `expected a column of summary.csv, found "${column}"${nearestHint(column, SUMMARY_COLUMNS)}`;
  }
  if (variant !== undefined && !variants.includes(variant)) {
    return `expected a variant of this scenario, found "${variant}"${nearestHint(variant, variants)}`;
  }
  return { column, variant };
}

function compare(value: number, comparator: Comparator, bound: number): boolean {
  switch (comparator) {
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    case '==':
      return value === bound;
    case '!=':
      return value !== bound;
  }
}
