/**
 * Where a pod may run: node selector, required node affinity, tolerations, topology spread (kubernetes.md 1.8).
 * What the task model cannot say is named in `leftOut` and does not restrict the pod.
 */

import type { LabelRequirement, SpreadConstraint, Toleration } from '../../cluster/spec.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'] as const;
const EFFECTS = ['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const SPREAD_LEFT_OUT = ['minDomains', 'matchLabelKeys', 'nodeAffinityPolicy', 'nodeTaintsPolicy'];

/** Terms are ORed and a task knows only AND, so several terms cannot be kept. */
export function requiredNodeAffinity(podSpec: YamlCursor, leftOut: string[]): LabelRequirement[] {
  const affinity = podSpec.get('affinity');
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    for (const strength of [REQUIRED, PREFERRED]) {
      if (affinity.get(kind).get(strength).items().length > 0) {
        leftOut.push(`${strength === REQUIRED ? 'required' : 'preferred'} ${kind}`);
      }
    }
  }
  const nodeAffinity = affinity.get('nodeAffinity');
  if (nodeAffinity.get(PREFERRED).items().length > 0) leftOut.push('preferred nodeAffinity');

  const terms = nodeAffinity.get(REQUIRED).get('nodeSelectorTerms').items();
  if (terms.length > 1) {
    leftOut.push(`all ${terms.length} alternative terms of the required nodeAffinity`);
    return [];
  }
  const [term] = terms;
  if (term === undefined) return [];
  if (term.get('matchFields').items().length > 0) leftOut.push('nodeAffinity matchFields');
  return term.get('matchExpressions').items().map(labelRequirement);
}

function labelRequirement(expression: YamlCursor): LabelRequirement {
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

export function tolerationsOf(podSpec: YamlCursor, leftOut: string[]): Toleration[] {
  const items = podSpec.get('tolerations').items();
  if (items.some((item) => !item.get('tolerationSeconds').isAbsent)) {
    leftOut.push('tolerationSeconds (tolerated without end)');
  }
  return items.map((item) => {
    const toleration = {
      key: item.get('key').text(),
      operator: item.get('operator').oneOf(['Equal', 'Exists'], 'Equal'),
      value: item.get('value').text(),
      effect: item.get('effect').oneOf(EFFECTS, ''),
    };
    if (toleration.key === '' && toleration.operator === 'Equal') {
      item.faultSaying('expected operator Exists in a toleration without a key');
    }
    return toleration;
  });
}

/** A constraint counts the tasks of its own workload; one whose selector does not match its own pod is left out. */
export function spreadOf(
  podSpec: YamlCursor,
  labels: Readonly<Record<string, string>>,
  leftOut: string[],
): SpreadConstraint[] {
  const constraints: SpreadConstraint[] = [];
  for (const item of podSpec.get('topologySpreadConstraints').items()) {
    const key = item.get('topologyKey');
    if (key.isAbsent) key.fault('the node label that makes up the domains');
    const constraint = {
      topologyKey: key.text(),
      maxSkew: item.get('maxSkew').whole(1, 1),
      whenUnsatisfiable: item
        .get('whenUnsatisfiable')
        .oneOf(['DoNotSchedule', 'ScheduleAnyway'], 'DoNotSchedule'),
    };
    for (const field of SPREAD_LEFT_OUT) {
      if (!item.get(field).isAbsent) leftOut.push(`${field} of topologySpreadConstraints`);
    }
    if (selectsItself(item.get('labelSelector'), labels)) constraints.push(constraint);
    else leftOut.push(`the spread over ${constraint.topologyKey}, which counts other pods`);
  }
  return constraints;
}

function selectsItself(selector: YamlCursor, labels: Readonly<Record<string, string>>): boolean {
  if (selector.get('matchExpressions').items().length > 0) return false;
  const wanted = Object.entries(selector.get('matchLabels').textMap());
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
