/**
 * Rules about where other pods are, while a plan is made: which of them bear on a pod, and what a placement changes.
 *
 * Shared    pods with the same rule share one group. What makes two rules the same is read as the real one hashes it: the
 *           labels that a spread's node filter asks for count, but not their values, and of equal entries in a list each
 *           pair drops out. minDomains is not compared: that of the first pod holds for all.
 * Begins    with the pods that are scheduled and neither terminal, terminating nor part of the plan. A group that first
 *           appears when a preference is given up begins with those too, and knows nothing of what the plan has placed.
 * Repelled  required anti-affinity works both ways: a pod may not come where one that repels it is, or may be.
 * Recorded  spread and affinity once a claim is down to one domain; anti-affinity in all domains that it may be in.
 * Source    aws.md 1.11 (Karpenter 1.14, topology.go).
 */

import { HOSTNAME } from './well-known-labels.ts';
import { Requirements } from './requirements.ts';
import { TopologyGroup } from './topology-group.ts';
import { ruleOf, ruleName, spreadRule } from './topology-rule.ts';
import type { PodLabels, SpreadNode, TopologyRule } from './topology-group.ts';
import type { PodShape, PodVariant } from './pod-shape.ts';
import type { PodTerm } from '../../cluster/pod-template.ts';
import type { Requirement } from './requirement.ts';
import type { Toleration } from '../../cluster/spec.ts';
import type { TopologyDomains } from './topology-domains.ts';

/** Pods that are scheduled, alike and on one node. */
export interface ScheduledPods extends PodLabels {
  readonly count: number;
  /** False for those that are terminating: they count no more, but what they repel they still do. */
  readonly isCounted: boolean;
  readonly node: SpreadNode;
  readonly repels: readonly PodTerm[];
  readonly tolerations: readonly Toleration[];
}

/** What the cluster holds when a plan begins. */
export interface TopologyWorld {
  /** Nodes that take pods and have joined. */
  readonly nodes: readonly SpreadNode[];
  readonly scheduled: readonly ScheduledPods[];
  /** Namespaces that a term is about, for a pod of `namespace`. */
  namespacesOf(term: PodTerm, namespace: string): ReadonlySet<string>;
}

const NONE: readonly TopologyGroup[] = [];

export class Topology {
  private readonly domains: TopologyDomains;
  private readonly world: TopologyWorld;
  private readonly groups = new Map<string, TopologyGroup>();
  private readonly inverse = new Map<string, TopologyGroup>();
  private readonly ownedBy: (readonly TopologyGroup[] | undefined)[] = [];
  private readonly repelling = new Map<PodShape, readonly TopologyGroup[]>();
  private readonly repelledBy = new Map<PodShape, readonly TopologyGroup[]>();
  /** By shape: groups that select it, as far as `groups` were looked through. */
  private readonly selected = new Map<PodShape, { looked: number; groups: TopologyGroup[] }>();
  private order: TopologyGroup[] = [];

  constructor(domains: TopologyDomains, world: TopologyWorld, shapes: Iterable<PodShape>) {
    this.domains = domains;
    this.world = world;
    for (const pods of world.scheduled) {
      const groups = this.inverseOf(pods.repels, pods, pods.tolerations);
      for (const group of groups) {
        const domain = domainOf(pods.node, group.rule.key);
        if (domain !== undefined) group.record(domain, pods.count);
      }
    }
    for (const shape of shapes) {
      const { antiAffinity, tolerations } = shape.wishes;
      this.repelling.set(shape, this.inverseOf(antiAffinity.required, shape.wishes, tolerations));
      this.ownedGroups(shape.first);
    }
  }

  /** The node's requirements with a domain for each rule of the pod; undefined when some rule allows none. */
  narrow(
    variant: PodVariant,
    node: SpreadNode,
    host: Requirement,
    mayBeOpen: ReadonlySet<string>,
  ): Requirements | undefined {
    const owned = this.ownedGroups(variant);
    const repelled = this.repelledGroups(variant.shape);
    const { requirements } = node;
    if (owned.length === 0 && repelled.length === 0) return requirements;
    let narrowed = requirements;
    for (const group of [...owned, ...repelled]) {
      const { key } = group.rule;
      const isHost = key === HOSTNAME;
      const domains = group.domainsFor(
        this.selects(group, variant.shape),
        variant.strict.get(key),
        isHost ? host : requirements.get(key),
      );
      if (domains.isNowhere) return undefined;
      if (!isHost) narrowed = narrowed.and(this.domains.pin(domains));
    }
    if (narrowed === requirements) return narrowed;
    return requirements.isCompatible(narrowed, mayBeOpen) ? requirements.and(narrowed) : undefined;
  }

  /** A pod has been placed on a node or claim that is now of these requirements. */
  record(variant: PodVariant, node: SpreadNode): void {
    for (const group of this.groupsSelecting(variant.shape)) {
      const { key, kind } = group.rule;
      if (!group.countsOn(node)) continue;
      if (kind === 'anti-affinity') for (const one of valuesOf(node, key)) group.record(one);
      else {
        const only = domainOf(node, key);
        if (only !== undefined) group.record(only);
      }
    }
    for (const group of this.repelling.get(variant.shape) ?? NONE) {
      for (const one of valuesOf(node, group.rule.key)) group.record(one);
    }
  }

  /** The pod is tried without a preference: its rules are known from now on, whether or not anything asks for them. */
  open(variant: PodVariant): void {
    this.ownedGroups(variant);
  }

  private ownedGroups(variant: PodVariant): readonly TopologyGroup[] {
    return (this.ownedBy[variant.id] ??= variant.shape.mindsOthers
      ? this.openGroups(variant)
      : NONE);
  }

  private openGroups(variant: PodVariant): readonly TopologyGroup[] {
    const { wishes } = variant.shape;
    const affine = (term: PodTerm, kind: 'affinity' | 'anti-affinity') =>
      ruleOf(kind, term, this.world.namespacesOf(term, wishes.namespace));
    const rules = [
      ...variant.spread.map((one) => spreadRule(one, variant)),
      ...variant.affinity.map((term) => affine(term, 'affinity')),
      ...variant.antiAffinity.map((term) => affine(term, 'anti-affinity')),
    ];
    return [...new Set(rules.map((rule) => this.groupOf(rule, variant.tolerations)))];
  }

  private groupOf(rule: TopologyRule, tolerations: readonly Toleration[]): TopologyGroup {
    const name = ruleName(rule);
    let group = this.groups.get(name);
    if (group === undefined) {
      group = this.made(rule, tolerations);
      this.countInto(group);
      this.groups.set(name, group);
      this.order.push(group);
    }
    return group;
  }

  private made(rule: TopologyRule, tolerations: readonly Toleration[]): TopologyGroup {
    const ignoresTaints = rule.filter !== undefined && !rule.filter.honoursTaints;
    return new TopologyGroup(
      rule,
      this.domains.of(rule.key, ignoresTaints ? undefined : tolerations),
    );
  }

  private countInto(group: TopologyGroup): void {
    const { key } = group.rule;
    for (const node of this.world.nodes) {
      const domain = domainOf(node, key);
      if (domain !== undefined && key !== HOSTNAME && group.countsOn(node)) group.register(domain);
    }
    for (const pods of this.world.scheduled) {
      const domain = domainOf(pods.node, key);
      if (domain === undefined || !pods.isCounted) continue;
      if (!group.selectsScheduled(pods) || !group.countsOn(pods.node)) continue;
      group.record(domain, pods.count);
    }
  }

  private inverseOf(
    terms: readonly PodTerm[],
    { namespace }: PodLabels,
    tolerations: readonly Toleration[],
  ): readonly TopologyGroup[] {
    if (terms.length === 0) return NONE;
    const groups = terms.map((term) => {
      const rule = ruleOf('anti-affinity', term, this.world.namespacesOf(term, namespace));
      const name = ruleName(rule);
      let group = this.inverse.get(name);
      if (group === undefined) this.inverse.set(name, (group = this.made(rule, tolerations)));
      return group;
    });
    return [...new Set(groups)];
  }

  private repelledGroups(shape: PodShape): readonly TopologyGroup[] {
    if (this.inverse.size === 0) return NONE;
    let groups = this.repelledBy.get(shape);
    if (groups === undefined) {
      groups = [...this.inverse.values()].filter((group) => group.selects(shape.wishes));
      this.repelledBy.set(shape, groups);
    }
    return groups;
  }

  private groupsSelecting(shape: PodShape): readonly TopologyGroup[] {
    if (this.order.length === 0) return NONE;
    let known = this.selected.get(shape);
    if (known === undefined) this.selected.set(shape, (known = { looked: 0, groups: [] }));
    for (; known.looked < this.order.length; known.looked++) {
      const group = this.order[known.looked]!;
      if (group.selects(shape.wishes)) known.groups.push(group);
    }
    return known.groups;
  }

  private selects(group: TopologyGroup, shape: PodShape): boolean {
    return group.rule.kind !== 'anti-affinity' && this.groupsSelecting(shape).includes(group);
  }
}

function domainOf({ requirements, hostname }: SpreadNode, key: string): string | undefined {
  return key === HOSTNAME ? hostname : requirements.get(key)?.only;
}

/** What is stored of a label: of a NotIn, the values that it excludes. */
function valuesOf({ requirements, hostname }: SpreadNode, key: string): Iterable<string> {
  return key === HOSTNAME ? [hostname] : (requirements.get(key)?.values ?? []);
}
