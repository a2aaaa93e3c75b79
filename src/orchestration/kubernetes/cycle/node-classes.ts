/**
 * The classes of the nodes for one request: nodes of one class are alike to all its rules (constraints/pod-rules.ts).
 *
 * Class      a group of kinds that the rules do not tell apart, what each tally over host names finds on the node, and which of
 *            the pod's images it reports.
 * Plain      a request about which nothing is counted has a class for each group.
 */

import type { ClusterView } from '../../../cluster/cluster.ts';
import type { HeldImage } from '../constraints/held-images.ts';
import type { PodRules } from '../constraints/pod-rules.ts';
import type { Tally } from '../constraints/tally.ts';

const NOT_ASKED = -1;

export class NodeClasses {
  /** By class: a kind of its nodes. */
  readonly kind: number[] = [];
  /** By class. */
  readonly disliked: number[] = [];
  readonly preferred: number[] = [];
  private readonly view: ClusterView;
  private readonly rules: PodRules;
  /** What is asked of each node itself: tallies over host names, then images. */
  private readonly asked: readonly (Tally | HeldImage)[];
  /** By what is asked, then by class. */
  private readonly onNode: number[][];
  private readonly groups = new Map<string, number>();
  private groupOfKind = new Int32Array(16).fill(NOT_ASKED);
  /** By what is asked: what is known so far and what is found lead to what is known then. Found sums are whole numbers. */
  private readonly steps: Map<number, Map<number, number>>[];
  private readonly stepCounts: number[];
  /** By what is known at last. */
  private readonly ids: (number | undefined)[] = [];

  constructor(view: ClusterView, rules: PodRules) {
    this.view = view;
    this.rules = rules;
    this.asked = [...rules.hostTallies, ...rules.images];
    this.onNode = this.asked.map(() => []);
    this.steps = this.asked.map(() => new Map());
    this.stepCounts = this.asked.map(() => 0);
  }

  get count(): number {
    return this.kind.length;
  }

  of(host: number): number {
    const { asked } = this;
    const kind = this.view.hosts.kind[host]!;
    let known = this.groupOf(kind);
    for (let i = 0; i < asked.length; i++) {
      known = this.step(i, known, asked[i]!.at(host));
    }
    return this.ids[known] ?? (this.ids[known] = this.add(host, kind));
  }

  /** What a tally finds where the nodes of a class are: in their domain, or on each of them. */
  found(nodeClass: number, tally: Tally): number {
    const { domains } = tally;
    if (!domains.isByHost) return tally.at(domains.ofKind(this.kind[nodeClass]!));
    return this.onNode[this.asked.indexOf(tally)]![nodeClass]!;
  }

  /** Do the nodes of a class report an image of the pod? */
  holds(nodeClass: number, image: HeldImage): boolean {
    return this.onNode[this.asked.indexOf(image)]![nodeClass] === 1;
  }

  private groupOf(kind: number): number {
    if (kind >= this.groupOfKind.length) {
      const larger = new Int32Array(2 * kind).fill(NOT_ASKED);
      larger.set(this.groupOfKind);
      this.groupOfKind = larger;
    }
    const group = this.groupOfKind[kind]!;
    return group === NOT_ASKED ? (this.groupOfKind[kind] = this.askGroup(kind)) : group;
  }

  private askGroup(kind: number): number {
    const alike = this.rules.alike(kind).join();
    const group = this.groups.get(alike) ?? this.groups.size;
    this.groups.set(alike, group);
    return group;
  }

  private step(asked: number, known: number, found: number): number {
    const steps = this.steps[asked]!;
    let byFound = steps.get(known);
    if (byFound === undefined) steps.set(known, (byFound = new Map()));
    let next = byFound.get(found);
    if (next === undefined) byFound.set(found, (next = this.stepCounts[asked]!++));
    return next;
  }

  private add(host: number, kind: number): number {
    const { rules } = this;
    this.kind.push(kind);
    this.disliked.push(rules.dislikedTaints(kind));
    this.preferred.push(rules.preferred(kind));
    for (const [i, one] of this.asked.entries()) this.onNode[i]!.push(one.at(host));
    return this.count - 1;
  }
}
