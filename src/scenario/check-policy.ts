/**
 * Whether a policy's name is known. ECS's own strategies and their fields are fixed (aws.md 3.6); the others come from
 * the register, which is given, since the register knows the policies and the schema must not.
 *
 * Ties     the last placement policy of a list may say with `tieBreak` which of several equally good hosts is taken. Not
 *          `random`, which is a rule for ties itself, and not what Kubernetes runs as its default profile, whose rule comes
 *          with its version (kubernetes.md 1.6).
 */

import type { PolicyName } from '../base/policy-name.ts';
import { TIE_BREAKS } from '../placement/tie-rule.ts';
import { didYouMean } from './did-you-mean.ts';

/** Names by slot: what may stand in `placement` under each orchestrator, and in `queue`. An absent slot is not checked. */
export type KnownPolicies = Partial<
  Record<'ecs' | 'kubernetes' | 'batch' | 'queue', readonly string[]>
>;

const ECS_STRATEGIES: Record<string, { readonly key: string; readonly values: readonly string[] }> =
  {
    spread: { key: 'field', values: ['zone', 'instance'] },
    binpack: { key: 'resource', values: ['cpu', 'memory'] },
  };
const ECS_NAMES = ['spread', 'binpack', 'random'];

/** What Kubernetes runs as kube-scheduler's default profile. */
export const DEFAULT_PROFILE = 'least-allocated-balanced';

/** The fault as a sentence; undefined when there is none. `isLast` of its list. */
export function policyFault(
  policy: PolicyName,
  slot: string,
  known: KnownPolicies,
  isLast: boolean,
): string | undefined {
  const given = known[slot as keyof KnownPolicies];
  const names = slot === 'ecs' ? [...new Set([...ECS_NAMES, ...(given ?? [])])] : given;
  if (names !== undefined && !names.includes(policy.name)) {
    const what = slot === 'queue' ? 'a queue discipline' : `a placement policy of ${slot} clusters`;
    return `expected ${what}, found "${policy.name}"${didYouMean(policy.name, names)}`;
  }
  if (slot === 'queue') return undefined;
  const { tieBreak, ...parameters } = policy.parameters;
  const fault = tieBreak === undefined ? undefined : tieFault(policy.name, tieBreak, slot, isLast);
  if (fault !== undefined || slot !== 'ecs') return fault;
  return ecsParameterFault({ name: policy.name, parameters });
}

function tieFault(name: string, tieBreak: string, slot: string, isLast: boolean) {
  if (name === 'random') return 'random is a draw among all hosts with room; it has no tieBreak';
  if (slot === 'kubernetes' && name === DEFAULT_PROFILE) {
    return `${name} is kube-scheduler's default profile, which breaks ties as its version does; it has no tieBreak`;
  }
  const found = `found "${tieBreak}"`;
  if (!isLast) {
    return `expected tieBreak on the last policy of the list, which decides between equals, ${found}`;
  }
  if ((TIE_BREAKS as readonly string[]).includes(tieBreak)) return undefined;
  return `expected tieBreak=${TIE_BREAKS.join('|')}, ${found}${didYouMean(tieBreak, TIE_BREAKS)}`;
}

function ecsParameterFault({ name, parameters }: PolicyName): string | undefined {
  const rule = ECS_STRATEGIES[name];
  if (rule === undefined) return undefined;
  const value = parameters[rule.key];
  const fine = value !== undefined && rule.values.includes(value);
  if (fine && Object.keys(parameters).length === 1) return undefined;
  return `expected ${rule.values.map((one) => `${name}[${rule.key}=${one}]`).join(' or ')}`;
}
