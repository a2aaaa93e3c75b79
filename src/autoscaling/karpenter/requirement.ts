/**
 * One requirement on a node label: which values of the key are allowed.
 *
 *   In            the values                     NotIn    everything but the values (a complement)
 *   DoesNotExist  the empty set                  Exists   everything: the complement of the empty set
 *   Gt N, Lt N    Exists with gte N + 1, lte N - 1
 *   Gte N, Lte N  Exists with the bound itself: NodePools alone may say so
 *
 * Bounds     integers, both ends included; a value that is no integer lies outside every bound.
 * Intersect  complement only when both are; bounds are the tighter ones, minValues the larger; crossed bounds leave the
 *            empty set; a plain set sheds its bounds once they are applied.
 * Source     aws.md 1.7 (Karpenter 1.14, requirement.go).
 */

import { assert } from '../../base/assert.ts';
import type { LabelRequirement } from '../../cluster/spec.ts';

/** A condition on a label as NodePools state it. */
export interface LabelCondition {
  readonly key: string;
  readonly operator: LabelRequirement['operator'] | 'Gte' | 'Lte';
  readonly values: readonly string[];
}

/** Old names of labels and the names that replaced them. */
const STABLE_NAMES: ReadonlyMap<string, string> = new Map([
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
  ['beta.kubernetes.io/arch', 'kubernetes.io/arch'],
  ['beta.kubernetes.io/os', 'kubernetes.io/os'],
  ['beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type'],
]);

const INTEGER = /^[+-]?\d+$/;

export class Requirement {
  readonly key: string;
  /** Allowed values, or the forbidden ones of a complement. */
  readonly values: ReadonlySet<string>;
  readonly complement: boolean;
  /** -Infinity: no bound. */
  readonly gte: number;
  /** Infinity: no bound. */
  readonly lte: number;
  /** Distinct values that the instance types of a claim must keep; 0: no such wish. */
  readonly minValues: number;
  private written: string | undefined;

  constructor(
    key: string,
    values: ReadonlySet<string>,
    complement: boolean,
    gte = -Infinity,
    lte = Infinity,
    minValues = 0,
  ) {
    this.key = STABLE_NAMES.get(key) ?? key;
    this.values = values;
    this.complement = complement;
    this.gte = gte;
    this.lte = lte;
    this.minValues = minValues;
  }

  static of({ key, operator, values }: LabelCondition, minValues = 0): Requirement {
    const plain = (set: Iterable<string>, complement: boolean) =>
      new Requirement(key, new Set(set), complement, -Infinity, Infinity, minValues);
    const within = (gte: number, lte: number) =>
      new Requirement(key, new Set(), true, gte, lte, minValues);
    switch (operator) {
      case 'In':
        return plain(values, false);
      case 'NotIn':
        return plain(values, true);
      case 'Exists':
        return plain([], true);
      case 'DoesNotExist':
        return plain([], false);
      case 'Gt':
        return within(boundOf(key, values) + 1, Infinity);
      case 'Gte':
        return within(boundOf(key, values), Infinity);
      case 'Lt':
        return within(-Infinity, boundOf(key, values) - 1);
      case 'Lte':
        return within(-Infinity, boundOf(key, values));
    }
  }

  /** The label has exactly this value. */
  static is(key: string, value: string): Requirement {
    return new Requirement(key, new Set([value]), false);
  }

  /** No value is allowed: the label must be missing. */
  get isNowhere(): boolean {
    return !this.complement && this.values.size === 0;
  }

  /** NotIn or DoesNotExist: a missing label satisfies it. */
  get allowsMissing(): boolean {
    return this.complement ? this.values.size > 0 : this.values.size === 0;
  }

  has(value: string): boolean {
    return this.values.has(value) !== this.complement && isWithin(value, this.gte, this.lte);
  }

  and(other: Requirement): Requirement {
    const gte = Math.max(this.gte, other.gte);
    const lte = Math.min(this.lte, other.lte);
    const minValues = Math.max(this.minValues, other.minValues);
    if (gte > lte)
      return new Requirement(this.key, new Set(), false, -Infinity, Infinity, minValues);
    const complement = this.complement && other.complement;
    const values = new Set<string>();
    for (const value of this.candidates(other)) {
      if (isWithin(value, gte, lte)) values.add(value);
    }
    const both = complement
      ? new Requirement(this.key, values, true, gte, lte, minValues)
      : new Requirement(this.key, values, false, -Infinity, Infinity, minValues);
    return both.isAs(this) ? this : both;
  }

  /** Asks for no more than so many distinct values. */
  withMinValues(minValues: number): Requirement {
    const { key, values, complement, gte, lte } = this;
    return new Requirement(key, values, complement, gte, lte, minValues);
  }

  /** The one value that is allowed, undefined where there are more or none. */
  get only(): string | undefined {
    if (this.complement || this.values.size !== 1) return undefined;
    const [value] = this.values;
    return value;
  }

  /** What it says, but for minValues: equal texts allow the same values. */
  get text(): string {
    this.written ??= `${this.key} ${this.complement} ${this.gte} ${this.lte} ${[...this.values].sort(byCode).join(' ')}`;
    return this.written;
  }

  private isAs(other: Requirement): boolean {
    if (this.complement !== other.complement || this.values.size !== other.values.size)
      return false;
    if (this.gte !== other.gte || this.lte !== other.lte) return false;
    if (this.minValues !== other.minValues) return false;
    for (const value of this.values) if (!other.values.has(value)) return false;
    return true;
  }

  /** Is there a value that both allow? Two complements always share one, unless their bounds cross. */
  meets(other: Requirement): boolean {
    const gte = Math.max(this.gte, other.gte);
    const lte = Math.min(this.lte, other.lte);
    if (gte > lte) return false;
    if (this.complement && other.complement) return true;
    for (const value of this.candidates(other)) {
      if (isWithin(value, gte, lte)) return true;
    }
    return false;
  }

  /** The stored values of the intersection, before bounds. */
  private *candidates(other: Requirement): Iterable<string> {
    if (this.complement && other.complement) {
      yield* this.values;
      yield* other.values;
      return;
    }
    const [plain, rest] = this.complement ? [other, this] : [this, other];
    for (const value of plain.values) {
      if (rest.values.has(value) !== rest.complement) yield value;
    }
  }
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function isWithin(value: string, gte: number, lte: number): boolean {
  if (gte === -Infinity && lte === Infinity) return true;
  if (!INTEGER.test(value)) return false;
  const number = Number(value);
  return number >= gte && number <= lte;
}

function boundOf(key: string, values: readonly string[]): number {
  const [value] = values;
  assert(
    values.length === 1 && value !== undefined && INTEGER.test(value),
    () => `a bound on ${key} is one integer, found [${values.join(', ')}]`,
  );
  return Number(value);
}
