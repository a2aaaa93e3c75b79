/**
 * Requirements on several labels: of a pod, of a NodePool, of an instance type, of a claim. One Requirement a key; a
 * second one on the same key intersects the first. Values of this class never change, and remember what they were joined and
 * compared with: pods of one shape ask the same of node after node.
 *
 * Intersect   every key that both state must share a value, except where both are NotIn or DoesNotExist.
 * Compatible  besides, a label that the node side does not state is refused unless the pod says NotIn or DoesNotExist;
 *             well-known labels may be open on a claim, never on an existing node.
 * Source      aws.md 1.7 (Karpenter 1.14, requirements.go).
 */

import { Requirement } from './requirement.ts';
import type { LabelRequirement } from '../../cluster/spec.ts';

/** Answers that one value remembers. More are forgotten at once: where every pod is of its own kind nothing repeats. */
const REMEMBERED_MAX = 10_000;

export class Requirements {
  private readonly byKey: ReadonlyMap<string, Requirement>;
  private countsValues: boolean | undefined;
  /** Made when first needed: there are many values that are never joined with anything. */
  private joined: Map<Requirements, Requirements> | undefined;
  private compatible: Map<ReadonlySet<string>, Map<Requirements, boolean>> | undefined;

  static readonly none = new Requirements(new Map());

  private constructor(byKey: ReadonlyMap<string, Requirement>) {
    this.byKey = byKey;
  }

  static of(list: Iterable<Requirement>): Requirements {
    const byKey = new Map<string, Requirement>();
    for (const requirement of list) {
      const known = byKey.get(requirement.key);
      byKey.set(requirement.key, known === undefined ? requirement : known.and(requirement));
    }
    return byKey.size === 0 ? Requirements.none : new Requirements(byKey);
  }

  static ofLabels(labels: Readonly<Record<string, string>>): Requirements {
    return Requirements.of(
      Object.entries(labels).map(([key, value]) => Requirement.is(key, value)),
    );
  }

  /** What a pod asks of its node. */
  static ofPod(spec: {
    readonly nodeSelector: Readonly<Record<string, string>>;
    readonly requirements: readonly LabelRequirement[];
  }): Requirements {
    return Requirements.ofLabels(spec.nodeSelector).and(
      Requirements.of(spec.requirements.map((requirement) => Requirement.of(requirement))),
    );
  }

  get isEmpty(): boolean {
    return this.byKey.size === 0;
  }

  get(key: string): Requirement | undefined {
    return this.byKey.get(key);
  }

  all(): Iterable<Requirement> {
    return this.byKey.values();
  }

  /** May the label have this value? A label that is not stated may have any. */
  allows(key: string, value: string): boolean {
    return this.byKey.get(key)?.has(value) ?? true;
  }

  and(other: Requirements): Requirements {
    if (other.isEmpty || other === this) return this;
    if (this.isEmpty) return other;
    this.joined ??= new Map();
    const known = this.joined.get(other);
    if (known !== undefined) return known;
    const both = this.joinedWith(other.byKey.values());
    remember(this.joined, other, both);
    return both;
  }

  /** With one more requirement, `this` where it adds nothing. */
  with(requirement: Requirement): Requirements {
    return this.joinedWith([requirement]);
  }

  /** Instead of what is said of the same key. */
  replacing(requirement: Requirement): Requirements {
    return new Requirements(new Map([...this.byKey, [requirement.key, requirement]]));
  }

  /** All but what is said of `key`. */
  without(key: string): Requirements {
    return this.byKey.has(key)
      ? Requirements.of([...this.byKey.values()].filter((one) => one.key !== key))
      : this;
  }

  /** How many labels are spoken of. */
  get size(): number {
    return this.byKey.size;
  }

  get hasMinValues(): boolean {
    this.countsValues ??= [...this.byKey.values()].some(({ minValues }) => minValues > 0);
    return this.countsValues;
  }

  private joinedWith(list: Iterable<Requirement>): Requirements {
    let byKey: Map<string, Requirement> | undefined;
    for (const requirement of list) {
      const known = (byKey ?? this.byKey).get(requirement.key);
      const both = known === undefined ? requirement : known.and(requirement);
      if (both === known) continue;
      byKey ??= new Map(this.byKey);
      byKey.set(requirement.key, both);
    }
    return byKey === undefined ? this : new Requirements(byKey);
  }

  intersects(other: Requirements): boolean {
    const [few, many] = this.byKey.size <= other.byKey.size ? [this, other] : [other, this];
    for (const [key, requirement] of few.byKey) {
      const counterpart = many.byKey.get(key);
      if (counterpart === undefined || counterpart.meets(requirement)) continue;
      if (!counterpart.allowsMissing || !requirement.allowsMissing) return false;
    }
    return true;
  }

  /** `pod` may run on a node of these requirements, whose labels in `mayBeOpen` need not be stated. */
  isCompatible(pod: Requirements, mayBeOpen: ReadonlySet<string>): boolean {
    this.compatible ??= new Map();
    let answers = this.compatible.get(mayBeOpen);
    if (answers === undefined) this.compatible.set(mayBeOpen, (answers = new Map()));
    let answer = answers.get(pod);
    if (answer === undefined) {
      answer = this.compare(pod, mayBeOpen);
      remember(answers, pod, answer);
    }
    return answer;
  }

  private compare(pod: Requirements, mayBeOpen: ReadonlySet<string>): boolean {
    for (const [key, requirement] of pod.byKey) {
      if (this.byKey.has(key) || mayBeOpen.has(key) || requirement.allowsMissing) continue;
      return false;
    }
    return this.intersects(pod);
  }
}

function remember<Key, Answer>(known: Map<Key, Answer>, key: Key, answer: Answer): void {
  if (known.size >= REMEMBERED_MAX) known.clear();
  known.set(key, answer);
}
