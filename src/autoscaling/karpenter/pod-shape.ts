/**
 * What pods of one kind ask of their node, and what they ask when preferences are given up one by one.
 *
 * Asked first   every preference counts as required: node selector, the FIRST of the required node-affinity terms, the
 *               HEAVIEST of the preferred ones, all pod (anti-)affinity terms, all spread constraints.
 * Strict        the same without the preferred term: which domains a spread may count.
 * Given up      one a step, the first that applies: 1. the first required node term, where others are left; 2. the heaviest
 *               preferred pod affinity; 3. the heaviest preferred anti-affinity; 4. the heaviest preferred node term; 5. the
 *               first ScheduleAnyway spread, into whose place the last constraint moves; 6. PreferNoSchedule taints are
 *               tolerated, where some NodePool has one.
 * Ignored       with the policy Ignore, what 2 to 5 give up is not there from the start.
 * Source        aws.md 1.7, 1.8 (Karpenter 1.14, preferences.go, requirements.go).
 */

import { tolerates } from '../../cluster/specs.ts';
import { HOSTNAME } from './well-known-labels.ts';
import { Requirement } from './requirement.ts';
import { Requirements } from './requirements.ts';
import type { HostPort, PodAffinity, PodTerm, TopologySpread } from '../../cluster/pod-template.ts';
import type { LabelRequirement, Taint, Toleration } from '../../cluster/spec.ts';
import type { Weighted } from '../../cluster/pod-template.ts';

type Conditions = readonly LabelRequirement[];

/** What a pod states. */
export interface PodWishes {
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: string;
  /** By resource, in the order of the solve. */
  readonly requests: readonly number[];
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Terms of which one must hold; none where nothing is required. */
  readonly requiredTerms: readonly Conditions[];
  readonly preferredTerms: readonly Weighted<Conditions>[];
  readonly tolerations: readonly Toleration[];
  readonly spread: readonly TopologySpread[];
  readonly affinity: PodAffinity;
  readonly antiAffinity: PodAffinity;
  readonly hostPorts: readonly HostPort[];
  /** Where the pod's volumes may be: one of these must hold. Empty for a pod without such volumes. */
  readonly volumes: readonly Requirements[];
  /** May it use nodes of this pool? Absent for all. */
  readonly mayUsePool?: (pool: number) => boolean;
}

const TOLERATES_PREFERRED: Toleration = {
  key: '',
  operator: 'Exists',
  value: '',
  effect: 'PreferNoSchedule',
};

/** What is left of the preferences. */
interface Rest {
  readonly requiredTerms: readonly Conditions[];
  readonly preferredTerms: readonly Weighted<Conditions>[];
  readonly affinity: readonly Weighted<PodTerm>[];
  readonly antiAffinity: readonly Weighted<PodTerm>[];
  readonly spread: readonly TopologySpread[];
  readonly tolerations: readonly Toleration[];
}

/** A pod with some of its preferences. Pods of one shape share them: what is known of one is known of all. */
export class PodVariant {
  readonly shape: PodShape;
  /** Of all variants of a book of shapes, ascending as they are made. */
  readonly id: number;
  /** All but the host name: a node's name is its own, so nodes of one kind can be compared as one. */
  readonly requirements: Requirements;
  readonly hostname: Requirement | undefined;
  readonly strict: Requirements;
  private readonly rest: Rest;
  private readonly next: (PodVariant | null | undefined)[] = [];

  constructor(shape: PodShape, rest: Rest) {
    this.shape = shape;
    this.id = shape.book.next++;
    this.rest = rest;
    const { nodeSelector } = shape.wishes;
    const selected = Requirements.ofLabels(nodeSelector);
    const required = joined(selected, rest.requiredTerms[0]);
    this.strict = required;
    const all =
      rest.preferredTerms.length === 0 ? required : joined(required, rest.preferredTerms[0]!.term);
    this.hostname = all.get(HOSTNAME);
    this.requirements = all.without(HOSTNAME);
  }

  get spread(): readonly TopologySpread[] {
    return this.rest.spread;
  }

  get tolerations(): readonly Toleration[] {
    return this.rest.tolerations;
  }

  get requiredTerms(): readonly Conditions[] {
    return this.rest.requiredTerms;
  }

  /** Terms of affinity, preferred ones among them. */
  get affinity(): readonly PodTerm[] {
    return [...this.shape.wishes.affinity.required, ...this.rest.affinity.map(({ term }) => term)];
  }

  get antiAffinity(): readonly PodTerm[] {
    const { required } = this.shape.wishes.antiAffinity;
    return [...required, ...this.rest.antiAffinity.map(({ term }) => term)];
  }

  toleratesAll(taints: readonly Taint[]): boolean {
    return taints.every((taint) => this.tolerations.some((one) => tolerates(one, taint)));
  }

  /** The pod with one preference fewer; undefined when none is left. */
  relaxed(mayToleratePreferred: boolean): PodVariant | undefined {
    const at = Number(mayToleratePreferred);
    let next = this.next[at];
    if (next === undefined) {
      const rest = relax(this.rest, mayToleratePreferred);
      next = this.next[at] = rest === undefined ? null : new PodVariant(this.shape, rest);
    }
    return next ?? undefined;
  }
}

/** Numbers the variants of shapes that meet in one solve. */
export interface ShapeBook {
  next: number;
}

export class PodShape {
  readonly wishes: PodWishes;
  readonly book: ShapeBook;
  readonly first: PodVariant;

  constructor(wishes: PodWishes, book: ShapeBook, ignoresPreferences = false) {
    this.wishes = wishes;
    this.book = book;
    this.first = new PodVariant(this, restOf(wishes, ignoresPreferences));
  }

  /** Does where other pods are bear on where it may go? */
  get mindsOthers(): boolean {
    const { spread, affinity, antiAffinity } = this.wishes;
    return (
      spread.length > 0 ||
      [affinity, antiAffinity].some((one) => one.required.length > 0 || one.preferred.length > 0)
    );
  }
}

function restOf(wishes: PodWishes, ignoresPreferences: boolean): Rest {
  const { requiredTerms, preferredTerms, affinity, antiAffinity, spread, tolerations } = wishes;
  const rest = { requiredTerms, spread, tolerations };
  if (!ignoresPreferences) {
    return {
      ...rest,
      preferredTerms: heaviestFirst(preferredTerms),
      affinity: heaviestFirst(affinity.preferred),
      antiAffinity: heaviestFirst(antiAffinity.preferred),
    };
  }
  const hard = spread.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule');
  return { ...rest, spread: hard, preferredTerms: [], affinity: [], antiAffinity: [] };
}

function relax(rest: Rest, mayToleratePreferred: boolean): Rest | undefined {
  if (rest.requiredTerms.length > 1) return { ...rest, requiredTerms: rest.requiredTerms.slice(1) };
  if (rest.affinity.length > 0) return { ...rest, affinity: rest.affinity.slice(1) };
  if (rest.antiAffinity.length > 0) return { ...rest, antiAffinity: rest.antiAffinity.slice(1) };
  if (rest.preferredTerms.length > 0) {
    return { ...rest, preferredTerms: rest.preferredTerms.slice(1) };
  }
  const at = rest.spread.findIndex(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === 'ScheduleAnyway',
  );
  if (at >= 0) {
    const spread = [...rest.spread];
    const last = spread.pop()!;
    if (at < spread.length) spread[at] = last;
    return { ...rest, spread };
  }
  if (!mayToleratePreferred || rest.tolerations.some(isSameAsRelaxed)) return undefined;
  return { ...rest, tolerations: [...rest.tolerations, TOLERATES_PREFERRED] };
}

function isSameAsRelaxed({ key, operator, value, effect }: Toleration): boolean {
  return key === '' && operator === 'Exists' && value === '' && effect === 'PreferNoSchedule';
}

function heaviestFirst<Term>(terms: readonly Weighted<Term>[]): readonly Weighted<Term>[] {
  return terms.length < 2 ? terms : [...terms].sort((a, b) => b.weight - a.weight);
}

function joined(requirements: Requirements, term: Conditions | undefined): Requirements {
  if (term === undefined) return requirements;
  return requirements.and(Requirements.of(term.map((one) => Requirement.of(one))));
}
