/**
 * One rule about where pods are, shared by all pods that state it: how many pods that it selects each domain has, and which
 * domains the next pod may use.
 *
 * Spread         valid where count + self - min <= maxSkew (self is 1 for a pod that the rule selects); min over the domains
 *                that the pod's strict requirements allow, 0 where those are fewer than minDomains. The valid domain with the
 *                lowest count; the smallest name among equals (aws.md 12.1).
 * Affinity       domains that have pods; where there is none that the pod may use and it selects itself, the smallest that
 *                both allow, and the smallest that the pod allows.
 * Anti-affinity  domains without pods.
 * Hostname       a node is a domain of its own that can always be made anew, so min is 0.
 * Source         aws.md 1.11 (Karpenter 1.14, topologygroup.go).
 */

import { HOSTNAME } from './well-known-labels.ts';
import { Requirement } from './requirement.ts';
import type { Requirements } from './requirements.ts';
import { selectorMatches } from '../../orchestration/kubernetes/framework/label-selector.ts';
import { tolerates } from '../../cluster/specs.ts';
import type { LabelSelector } from '../../cluster/pod-template.ts';
import type { Taint, Toleration } from '../../cluster/spec.ts';

export type TopologyKind = 'spread' | 'affinity' | 'anti-affinity';

export interface FilterTerm {
  readonly requirements: Requirements;
  readonly hostname: Requirement | undefined;
}

/** Nodes that a spread does not count: it asks for the pod's node selector and terms, and tolerations if it honours taints. */
export interface NodeFilter {
  /** One of them must hold: labels, and the name of the host where that is asked for. */
  readonly terms: readonly FilterTerm[];
  readonly honoursTerms: boolean;
  readonly honoursTaints: boolean;
  readonly tolerations: readonly Toleration[];
}

export interface TopologyRule {
  readonly kind: TopologyKind;
  readonly key: string;
  readonly namespaces: ReadonlySet<string>;
  readonly selector: LabelSelector | undefined;
  readonly maxSkew: number;
  readonly minDomains: number;
  /** Of spreads alone. */
  readonly filter?: NodeFilter;
}

/** A node, or a claim that will be one, as rules about other pods see it. */
export interface SpreadNode {
  readonly taints: readonly Taint[];
  /** All but the host name. */
  readonly requirements: Requirements;
  readonly hostname: string;
}

export interface PodLabels {
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: string;
}

/** More pods than any domain holds. */
const NO_MINIMUM = 2_147_483_647;

const NOTHING_OPEN: ReadonlySet<string> = new Set();

export class TopologyGroup {
  readonly rule: TopologyRule;
  private readonly counts = new Map<string, number>();
  /** Names of `counts` in code unit order; undefined when it has grown. */
  private ordered: readonly string[] | undefined;
  private nonEmpty = 0;

  constructor(rule: TopologyRule, domains: Iterable<string>) {
    this.rule = rule;
    for (const domain of domains) this.register(domain);
  }

  register(domain: string): void {
    if (this.counts.has(domain)) return;
    this.counts.set(domain, 0);
    this.ordered = undefined;
  }

  record(domain: string, pods = 1): void {
    const count = this.counts.get(domain);
    if (count === undefined) this.ordered = undefined;
    if (count === undefined || count === 0) this.nonEmpty++;
    this.counts.set(domain, (count ?? 0) + pods);
  }

  selects({ labels, namespace }: PodLabels): boolean {
    return this.rule.namespaces.has(namespace) && selectorMatches(this.rule.selector, labels);
  }

  /** As `selects`, of pods that were scheduled before: of those a rule without a selector counts all (a quirk of the real one). */
  selectsScheduled(pod: PodLabels): boolean {
    const { namespaces, selector } = this.rule;
    return selector === undefined ? namespaces.has(pod.namespace) : this.selects(pod);
  }

  countsOn(node: SpreadNode): boolean {
    const { filter } = this.rule;
    return filter === undefined || passes(filter, node);
  }

  /** Where the pod may go: one of these domains. None where nothing is allowed. */
  domainsFor(
    isSelf: boolean,
    pod: Requirement | undefined,
    node: Requirement | undefined,
  ): Requirement {
    const { key, kind } = this.rule;
    const host = key === HOSTNAME ? node?.only : undefined;
    const allowed =
      host === undefined
        ? this.among(isSelf, pod, node)
        : this.allowsHost(isSelf, host, pod)
          ? [host]
          : [];
    return new Requirement(key, new Set(kind === 'spread' ? allowed.slice(0, 1) : allowed), false);
  }

  private among(
    isSelf: boolean,
    pod: Requirement | undefined,
    node: Requirement | undefined,
  ): string[] {
    switch (this.rule.kind) {
      case 'spread':
        return this.leastUsed(isSelf, pod, node);
      case 'affinity':
        return this.used(isSelf, pod, node);
      case 'anti-affinity':
        return this.domains().filter(
          (domain) => this.counts.get(domain) === 0 && allows(pod, domain) && allows(node, domain),
        );
    }
  }

  private allowsHost(isSelf: boolean, host: string, pod: Requirement | undefined): boolean {
    const count = this.counts.get(host) ?? 0;
    switch (this.rule.kind) {
      case 'spread':
        return count + Number(isSelf) <= this.rule.maxSkew;
      case 'affinity':
        return allows(pod, host) && (count > 0 || (isSelf && this.mayBegin(pod)));
      case 'anti-affinity':
        return count === 0;
    }
  }

  private leastUsed(
    isSelf: boolean,
    pod: Requirement | undefined,
    node: Requirement | undefined,
  ): string[] {
    const min = this.least(pod);
    let best: string | undefined;
    let lowest = NO_MINIMUM;
    for (const domain of this.domains()) {
      if (!allows(node, domain)) continue;
      const count = this.counts.get(domain)! + Number(isSelf);
      if (count - min > this.rule.maxSkew || count >= lowest) continue;
      best = domain;
      lowest = count;
    }
    return best === undefined ? [] : [best];
  }

  private least(pod: Requirement | undefined): number {
    if (this.rule.key === HOSTNAME) return 0;
    let min = NO_MINIMUM;
    let supported = 0;
    for (const [domain, count] of this.counts) {
      if (!allows(pod, domain)) continue;
      supported++;
      min = Math.min(min, count);
    }
    return supported < this.rule.minDomains ? 0 : min;
  }

  private used(
    isSelf: boolean,
    pod: Requirement | undefined,
    node: Requirement | undefined,
  ): string[] {
    const domains = this.domains();
    const found = domains.filter(
      (domain) => this.counts.get(domain)! > 0 && allows(pod, domain) && allows(node, domain),
    );
    if (found.length > 0 || !isSelf || !this.mayBegin(pod)) return found;
    const both = pod === undefined || node === undefined ? (pod ?? node) : pod.and(node);
    const here = domains.find((domain) => allows(both, domain));
    const anywhere = domains.find((domain) => allows(pod, domain));
    return [...new Set([here, anywhere])].filter((domain) => domain !== undefined);
  }

  /** No domain that the pod may use has a pod yet. */
  private mayBegin(pod: Requirement | undefined): boolean {
    if (this.nonEmpty === 0) return true;
    if (pod === undefined) return false;
    for (const [domain, count] of this.counts) if (count > 0 && pod.has(domain)) return false;
    return true;
  }

  private domains(): readonly string[] {
    this.ordered ??= [...this.counts.keys()].sort((a, b) => (a < b ? -1 : 1));
    return this.ordered;
  }
}

/** Labels that the node does not state do not hold, well-known or not. */
function passes(
  { terms, honoursTerms, honoursTaints, tolerations }: NodeFilter,
  { taints, requirements, hostname }: SpreadNode,
): boolean {
  const holds =
    !honoursTerms ||
    terms.some(
      (term) =>
        term.hostname?.has(hostname) !== false &&
        requirements.isCompatible(term.requirements, NOTHING_OPEN),
    );
  if (!holds || !honoursTaints) return holds;
  return taints.every((taint) => tolerations.some((one) => tolerates(one, taint)));
}

function allows(requirement: Requirement | undefined, value: string): boolean {
  return requirement?.has(value) ?? true;
}
