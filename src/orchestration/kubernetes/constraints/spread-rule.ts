/** One constraint of topology spread as the classes of nodes see it (kubernetes.md 1.8, 1.9). */

import { admitsNode } from '../framework/node-terms.ts';
import { hasUntoleratedTaint } from '../framework/plugins/taint-toleration.ts';
import { isEmptySelector, selectorMatches } from '../framework/label-selector.ts';
import type { HostKind } from '../../../cluster/specs.ts';
import type { PodSpecInfo } from '../framework/pod-info.ts';
import type { PodTemplates } from './pod-templates.ts';
import type { Tally } from './tally.ts';
import type { TallyBook } from './tally-book.ts';
import type { TopologySpread } from '../../../cluster/pod-template.ts';

export interface SpreadRule {
  readonly tally: Tally;
  readonly maxSkew: number;
  readonly minDomains: number;
  /** 1 if the pod matches its own selector. */
  readonly self: 0 | 1;
  /** Do the constraint's policies let the pod count nodes of this kind? Of all kinds where it is absent. */
  readonly countsKind?: (kind: number) => boolean;
}

export function spreadRule(
  pod: PodSpecInfo,
  constraint: TopologySpread,
  book: TallyBook,
  kindAt: (kind: number) => HostKind,
  keys: readonly string[],
): SpreadRule {
  const { selector, topologyKey, maxSkew, minDomains } = constraint;
  const domains = book.domainsOf(topologyKey);
  const countsKind = restriction(pod, constraint, kindAt, keys);
  // A soft count over the host name is of the node itself, whatever the policies say of it.
  const isOfNodeAlone = domains.isByHost && constraint.whenUnsatisfiable === 'ScheduleAnyway';
  const tally = book.open({
    domains,
    weightOf: countOf(pod, selector, book.templates),
    leavesOutTerminating: true,
    ...(countsKind === undefined || isOfNodeAlone ? {} : { countsKind }),
  });
  return {
    tally,
    maxSkew,
    minDomains,
    self: selectorMatches(selector, pod.labels) ? 1 : 0,
    ...(countsKind === undefined ? {} : { countsKind }),
  };
}

function countOf(
  { template: { namespace } }: PodSpecInfo,
  selector: TopologySpread['selector'],
  templates: PodTemplates,
): (template: number) => number {
  if (isEmptySelector(selector)) return () => 0;
  return (template) => {
    const other = templates.at(template);
    const matches =
      other.template.namespace === namespace && selectorMatches(selector, other.labels);
    return matches ? 1 : 0;
  };
}

/** Which kinds of nodes count; undefined when all do. */
function restriction(
  pod: PodSpecInfo,
  { nodeAffinityPolicy, nodeTaintsPolicy }: TopologySpread,
  kindAt: (kind: number) => HostKind,
  keys: readonly string[],
): SpreadRule['countsKind'] {
  const asksNodes =
    nodeAffinityPolicy === 'Honor' &&
    (pod.template.requiredNodeTerms !== undefined || Object.keys(pod.nodeSelector).length > 0);
  const asksTaints = nodeTaintsPolicy === 'Honor';
  if (!asksNodes && !asksTaints && keys.length === 0) return undefined;
  const answers: (boolean | undefined)[] = [];
  const ask = (kind: number): boolean => {
    const { labels, taints } = kindAt(kind);
    return (
      keys.every((key) => labels[key] !== undefined) &&
      (!asksNodes || admitsNode(pod, { labels })) &&
      (!asksTaints || !hasUntoleratedTaint({ taints }, pod))
    );
  };
  return (kind) => (answers[kind] ??= ask(kind));
}
