/** The rules that pods state about other pods, and by which name two of them are one (aws.md 1.11; Hash of topologygroup.go). */

import { HOSTNAME } from './well-known-labels.ts';
import { Requirement } from './requirement.ts';
import { Requirements } from './requirements.ts';
import type { LabelSelector, PodTerm, TopologySpread } from '../../cluster/pod-template.ts';
import type { NodeFilter, TopologyRule } from './topology-group.ts';
import type { PodVariant } from './pod-shape.ts';

const ANY_SKEW = 2_147_483_647;

export function ruleOf(
  kind: 'affinity' | 'anti-affinity',
  { topologyKey, selector }: PodTerm,
  namespaces: ReadonlySet<string>,
): TopologyRule {
  return { kind, key: topologyKey, namespaces, selector, maxSkew: ANY_SKEW, minDomains: 0 };
}

export function spreadRule(
  { topologyKey, maxSkew, minDomains, selector, ...policies }: TopologySpread,
  variant: PodVariant,
): TopologyRule {
  const { namespace, nodeSelector } = variant.shape.wishes;
  const selected = Requirements.ofLabels(nodeSelector);
  const terms = variant.requiredTerms.length === 0 ? [[]] : variant.requiredTerms;
  return {
    kind: 'spread',
    key: topologyKey,
    namespaces: new Set([namespace]),
    selector,
    maxSkew,
    minDomains,
    filter: {
      terms: terms.map((term) => {
        const all = selected.and(Requirements.of(term.map((one) => Requirement.of(one))));
        return { requirements: all.without(HOSTNAME), hostname: all.get(HOSTNAME) };
      }),
      honoursTerms: policies.nodeAffinityPolicy === 'Honor',
      honoursTaints: policies.nodeTaintsPolicy === 'Honor',
      tolerations: variant.tolerations,
    },
  };
}

export function ruleName(rule: TopologyRule): string {
  const { kind, key, namespaces, selector, maxSkew, filter } = rule;
  return JSON.stringify([
    kind,
    key,
    [...namespaces].sort(byCode),
    maxSkew,
    selectorName(selector),
    filter === undefined ? null : filterName(filter),
  ]);
}

function filterName({ terms, honoursTerms, honoursTaints, tolerations }: NodeFilter) {
  const keys = terms.map(({ requirements, hostname }) =>
    [
      ...Array.from(requirements.all(), ({ key }) => key),
      ...(hostname === undefined ? [] : [HOSTNAME]),
    ]
      .sort(byCode)
      .join(' '),
  );
  const tolerated = tolerations.map((one) =>
    JSON.stringify([one.key, one.operator, one.value, one.effect, one.seconds ?? null]),
  );
  return [oddOnes(keys), honoursTerms, honoursTaints, oddOnes(tolerated)];
}

function selectorName(selector: LabelSelector | undefined) {
  if (selector === undefined) return null;
  const expressions = selector.matchExpressions.map(({ key, operator, values }) =>
    JSON.stringify([key, operator, oddOnes(values)]),
  );
  const labels = Object.entries(selector.matchLabels).map((pair) => JSON.stringify(pair));
  return [[...new Set(expressions)].sort(byCode), labels.sort(byCode)];
}

/** The real one joins the entries of a list by exclusive or: two that are equal leave nothing. */
function oddOnes(entries: readonly string[]): string[] {
  const odd = new Set<string>();
  for (const entry of entries) if (!odd.delete(entry)) odd.add(entry);
  return [...odd].sort(byCode);
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
