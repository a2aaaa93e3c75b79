/**
 * What tasks of every orchestrator can say of where they may run: the part of node affinity, tolerations and topology spread
 * that fits into TaskSpec. The whole of it stands in the pod's template (kubernetes.md 1.8).
 */

import type { PodTemplate } from '../../cluster/pod-template.ts';
import type { LabelRequirement, SpreadConstraint, Toleration } from '../../cluster/spec.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const EFFECTS = ['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** Terms are ORed and a task knows only AND: those of a single term. */
export function requirementsOf({ requiredNodeTerms = [] }: PodTemplate): LabelRequirement[] {
  const [term, ...others] = requiredNodeTerms;
  return term === undefined || others.length > 0 ? [] : [...term.expressions];
}

export function tolerationsOf(podSpec: YamlCursor): Toleration[] {
  return podSpec
    .get('tolerations')
    .items()
    .map((item) => {
      const seconds = item.get('tolerationSeconds');
      const toleration = {
        key: item.get('key').text(),
        operator: item.get('operator').oneOf(['Equal', 'Exists'], 'Equal'),
        value: item.get('value').text(),
        effect: item.get('effect').oneOf(EFFECTS, ''),
        // Negative means at once.
        ...(seconds.isAbsent
          ? {}
          : { seconds: Math.max(0, seconds.whole(0, Number.MIN_SAFE_INTEGER)) }),
      };
      if (toleration.key === '' && toleration.operator === 'Equal') {
        item.faultSaying('expected operator Exists in a toleration without a key');
      }
      return toleration;
    });
}

/** A task's constraint counts the tasks of its own workload: those whose selector says no more than the pod's own labels. */
export function spreadOf(
  podSpec: YamlCursor,
  { topologySpread }: PodTemplate,
  labels: Readonly<Record<string, string>>,
): SpreadConstraint[] {
  const items = podSpec.get('topologySpreadConstraints').items();
  return topologySpread.flatMap(({ topologyKey, maxSkew, whenUnsatisfiable }, at) => {
    const item = items[at]!;
    if (topologyKey === '')
      item.get('topologyKey').fault('the node label that makes up the domains');
    const isOwn = selectsItself(item.get('labelSelector'), labels);
    return isOwn ? [{ topologyKey, maxSkew, whenUnsatisfiable }] : [];
  });
}

function selectsItself(selector: YamlCursor, labels: Readonly<Record<string, string>>): boolean {
  if (selector.get('matchExpressions').items().length > 0) return false;
  const wanted = Object.entries(selector.get('matchLabels').textMap());
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
