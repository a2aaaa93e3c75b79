/**
 * Affinity of a pod to nodes and to other pods. `matchLabelKeys` and `mismatchLabelKeys` become conditions on the pod's own
 * values, as the API server writes them into the selector when the pod is made.
 */

import type {
  LabelSelector,
  NodeTerm,
  PodAffinity,
  PodTerm,
  Weighted,
} from '../../cluster/pod-template.ts';
import type { LabelRequirement } from '../../cluster/spec.ts';
import { labelSelectorOf } from './label-selector.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] as const;
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const MOST_WEIGHT = 100;

type Labels = Readonly<Record<string, string>>;

export interface NodeAffinity {
  /** Absent when nothing is required. */
  readonly requiredNodeTerms?: readonly NodeTerm[];
  readonly preferredNodeTerms: readonly Weighted<NodeTerm>[];
}

export function nodeAffinityOf(nodeAffinity: YamlCursor): NodeAffinity {
  const required = nodeAffinity.get(REQUIRED);
  const preferredNodeTerms = nodeAffinity
    .get(PREFERRED)
    .items()
    .map((item) => ({ weight: weightOf(item), term: nodeTermOf(item.get('preference')) }));
  if (required.isAbsent) return { preferredNodeTerms };
  return { requiredNodeTerms: nodeTermsOf(required), preferredNodeTerms };
}

/** The terms of a node selector, of which one must match. */
export function nodeTermsOf(nodeSelector: YamlCursor): NodeTerm[] {
  return nodeSelector.get('nodeSelectorTerms').items().map(nodeTermOf);
}

function nodeTermOf(term: YamlCursor): NodeTerm {
  return {
    expressions: term.get('matchExpressions').items().map(requirementOf),
    fields: term.get('matchFields').items().map(requirementOf),
  };
}

function requirementOf(expression: YamlCursor): LabelRequirement {
  const key = expression.get('key');
  const operator = expression.get('operator');
  const values = expression.get('values');
  if (key.isAbsent) key.fault('the key of a node label');
  if (operator.isAbsent) operator.fault(`one of ${OPERATORS.join(', ')}`);
  const requirement = {
    key: key.text(),
    operator: operator.oneOf(OPERATORS, 'Exists'),
    values: values.items().map((value) => value.text()),
  };
  const count = requirement.values.length;
  switch (requirement.operator) {
    case 'In':
    case 'NotIn':
      if (count === 0) values.fault(`at least one value for ${requirement.operator}`);
      break;
    case 'Gt':
    case 'Lt':
      if (count !== 1) values.fault(`one value for ${requirement.operator}`);
      break;
    default:
      if (count > 0) values.fault(`no values for ${requirement.operator}`);
  }
  return requirement;
}

/** `podAffinity` or `podAntiAffinity` of a pod with these labels. */
export function podAffinityOf(affinity: YamlCursor, labels: Labels): PodAffinity {
  return {
    required: affinity
      .get(REQUIRED)
      .items()
      .map((term) => podTermOf(term, labels)),
    preferred: affinity
      .get(PREFERRED)
      .items()
      .map((item) => ({
        weight: weightOf(item),
        term: podTermOf(item.get('podAffinityTerm'), labels),
      })),
  };
}

function podTermOf(term: YamlCursor, labels: Labels): PodTerm {
  const topologyKey = term.get('topologyKey');
  if (topologyKey.isAbsent) topologyKey.fault('the node label that makes up the domains');
  const selector = withLabelKeys(labelSelectorOf(term.get('labelSelector')), labels, term);
  const namespaceSelector = labelSelectorOf(term.get('namespaceSelector'));
  return {
    topologyKey: topologyKey.text(),
    namespaces: term
      .get('namespaces')
      .items()
      .map((namespace) => namespace.text()),
    ...(selector === undefined ? {} : { selector }),
    ...(namespaceSelector === undefined ? {} : { namespaceSelector }),
  };
}

/**
 * The selector with conditions for the `matchLabelKeys` and `mismatchLabelKeys` of `holder` that the pod has labels for.
 * Without a selector there is nothing to add to.
 */
export function withLabelKeys(
  selector: LabelSelector | undefined,
  labels: Labels,
  holder: YamlCursor,
): LabelSelector | undefined {
  const added = [
    ...ownValues(holder.get('matchLabelKeys'), 'In', labels),
    ...ownValues(holder.get('mismatchLabelKeys'), 'NotIn', labels),
  ];
  if (selector === undefined || added.length === 0) return selector;
  return { ...selector, matchExpressions: [...selector.matchExpressions, ...added] };
}

function ownValues(keys: YamlCursor, operator: 'In' | 'NotIn', labels: Labels): LabelRequirement[] {
  return keys.items().flatMap((item) => {
    const key = item.text();
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
}

function weightOf(item: YamlCursor): number {
  const cursor = item.get('weight');
  const weight = cursor.whole(0);
  if (weight > MOST_WEIGHT) cursor.fault(`a weight of at most ${MOST_WEIGHT}`);
  return weight;
}
