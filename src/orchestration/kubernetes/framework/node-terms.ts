/**
 * Whether a node is one that node affinity asks for (kubernetes.md 1.8 NodeAffinity).
 *
 *   terms     ORed; a term's expressions and fields are ANDed; a term without any matches no node
 *   fields    `metadata.name` with In or NotIn and one value; a term that says anything else matches no node
 */

import { requirementHolds } from '../../../cluster/specs.ts';
import type { LabelRequirement } from '../../../cluster/spec.ts';
import type { NodeTerm } from '../../../cluster/pod-template.ts';
import type { PodSpecInfo } from './pod-info.ts';

/** Of a node, what terms can ask about. A volume's terms are asked about labels alone: then the name is absent. */
export interface TermSubject {
  readonly name?: string;
  readonly labels: Readonly<Record<string, string>>;
}

export function termMatches(term: NodeTerm, subject: TermSubject): boolean {
  if (term.expressions.length + term.fields.length === 0) return false;
  return (
    term.expressions.every((expression) => requirementHolds(expression, subject.labels)) &&
    term.fields.every((field) => fieldHolds(field, subject.name))
  );
}

export function anyTermMatches(terms: readonly NodeTerm[], subject: TermSubject): boolean {
  return terms.some((term) => termMatches(term, subject));
}

function fieldHolds(
  { key, operator, values }: LabelRequirement,
  name: string | undefined,
): boolean {
  if (values.length !== 1 || (operator !== 'In' && operator !== 'NotIn')) return false;
  if (name === undefined) return true;
  const actual = key === 'metadata.name' ? name : '';
  return (actual === values[0]) === (operator === 'In');
}

/** The pod's node selector and required node affinity; topology spread asks the same. */
export function admitsNode(pod: PodSpecInfo, node: TermSubject): boolean {
  const { requiredNodeTerms } = pod.template;
  for (const key in pod.nodeSelector) {
    if (node.labels[key] !== pod.nodeSelector[key]) return false;
  }
  return requiredNodeTerms === undefined || anyTermMatches(requiredNodeTerms, node);
}
