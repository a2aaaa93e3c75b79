/** Asks our solver where the pods go, and what it would launch for them. */

import { solve } from './solve-world.ts';
import type { Claim } from '../../../src/autoscaling/karpenter/claim.ts';
import type { Requirement } from '../../../src/autoscaling/karpenter/requirement.ts';
import type { SolveCase } from './solve-case.ts';

export interface ClaimAnswer {
  readonly nodePool: string;
  readonly pods: readonly string[];
  readonly types: readonly string[];
  readonly requirements: Readonly<Record<string, readonly string[]>>;
  readonly minPrice: number;
}

export interface SolveAnswer {
  readonly claims: readonly ClaimAnswer[];
  readonly existing: Readonly<Record<string, readonly string[]>>;
  readonly failed: Readonly<Record<string, string>>;
}

export function judgeSolve(input: unknown, output: unknown): string | undefined {
  const expected = output as SolveAnswer;
  const found = answer(input as SolveCase);
  for (const part of ['failed', 'existing', 'claims'] as const) {
    const [real, ours] = [canonical(expected[part]), canonical(found[part])];
    if (real !== ours) return `${part}: expected ${real}, found ${ours}`;
  }
  return undefined;
}

function answer(input: SolveCase): SolveAnswer {
  const { plan, names, nodes } = solve(input);
  const nameOf = ({ task }: { readonly task: number }) => names[task]!;
  const failed: Record<string, string> = {};
  for (const pod of plan.unplaced) failed[nameOf(pod)] = 'unplaced';
  for (const pod of plan.deferred) failed[nameOf(pod)] = 'deferred';
  const existing: Record<string, string[]> = {};
  for (const { pod, host } of plan.placements) (existing[nodes[host]!] ??= []).push(nameOf(pod));
  for (const pods of Object.values(existing)) pods.sort(byCode);
  const claims: ClaimAnswer[] = [];
  for (const claim of plan.claims) {
    const pods = claim.pods.map(nameOf).sort(byCode);
    if (claim.truncate(input.maxTypes, input.bestEffort)) claims.push(tell(claim, pods));
    else for (const pod of pods) failed[pod] = 'unplaced';
  }
  claims.sort((a, b) => byCode(a.pods[0]!, b.pods[0]!));
  return { claims, existing, failed };
}

function tell(claim: Claim, pods: readonly string[]): ClaimAnswer {
  const requirements: Record<string, readonly string[]> = {};
  for (const one of claim.requirements.all()) requirements[one.key] = tellRequirement(one);
  return {
    nodePool: claim.template.config.name,
    pods,
    types: claim.types.map(({ name }) => name).sort(byCode),
    requirements,
    minPrice: claim.minPrice,
  };
}

/** As a NodeClaim would have it: operators, values as they are stored, minValues. */
export function tellRequirement(requirement: Requirement): string[] {
  const { minValues, values } = requirement;
  return [
    ...operatorsOf(requirement),
    ...[...values].sort(byCode),
    ...(minValues > 0 ? [`minValues ${minValues}`] : []),
  ];
}

export function operatorsOf({ complement, values, gte, lte }: Requirement): string[] {
  const bounds = [
    ...(gte > -Infinity ? [`Gte ${gte}`] : []),
    ...(lte < Infinity ? [`Lte ${lte}`] : []),
  ];
  if (bounds.length > 0) return bounds;
  if (complement) return [values.size > 0 ? 'NotIn' : 'Exists'];
  return [values.size > 0 ? 'In' : 'DoesNotExist'];
}

export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => byCode(a, b)))
      : part,
  );
}

export function byCode(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
