/**
 * A NodePool as the mould of its claims: requirements, taints and the types that it may launch, less what daemons take.
 *
 * Requirements  of the NodePool, its labels, `karpenter.sh/nodepool`, and that the node be registered and initialized, for which
 *               daemons may ask.
 * Types         that meet them, and that can be bought so; no template where there is none or minValues are not met.
 * Daemons       one counts on a type when it tolerates the taints (PreferNoSchedule aside), and one of its required node terms is
 *               compatible with the template and meets those of the type.
 * Order         by weight descending, then name descending.
 * Source        aws.md 1.4, 1.9, 10.1 (13) (Karpenter 1.14, nodeclaimtemplate.go, scheduler.go).
 */

import { NODE_POOL } from './well-known-labels.ts';
import { Requirement } from './requirement.ts';
import { Requirements } from './requirements.ts';
import { TypeTable } from './type-table.ts';
import { hasCompatibleOffering } from './instance-types.ts';
import { keepsMinValues } from './claim.ts';
import type { BitSet } from './bit-set.ts';
import type { CandidateType } from './instance-types.ts';
import type { Daemon } from './daemon.ts';
import type { DaemonGroup } from './type-table.ts';
import type { NodePoolConfig } from './config.ts';
import type { PodShape } from './pod-shape.ts';
import type { Taint } from '../../cluster/spec.ts';

export interface Template {
  readonly config: NodePoolConfig;
  readonly requirements: Requirements;
  readonly taints: readonly Taint[];
  readonly table: TypeTable;
  /** Types of the table that a claim begins with. */
  readonly launchable: BitSet;
  /** The cheapest first. */
  readonly types: readonly CandidateType[];
  /** Nothing of every resource. */
  readonly noAmounts: readonly number[];
}

export function templateRequirements(
  config: Pick<NodePoolConfig, 'name' | 'requirements'>,
  labels: Readonly<Record<string, string>>,
): Requirements {
  return Requirements.of([
    ...config.requirements.map((one) => Requirement.of(one, one.minValues ?? 0)),
    ...Requirements.ofLabels(labels).all(),
    Requirement.is(NODE_POOL, config.name),
    Requirement.is('karpenter.sh/registered', 'true'),
    Requirement.is('karpenter.sh/initialized', 'true'),
  ]);
}

/** Undefined when the NodePool can launch nothing. */
export function templateOf(
  config: NodePoolConfig,
  requirements: Requirements,
  taints: readonly Taint[],
  types: readonly CandidateType[],
  daemons: readonly Daemon[],
  isBestEffort: boolean,
): Template | undefined {
  const left = launchableTypes(requirements, types);
  if (left.length === 0) return undefined;
  if (!isBestEffort && !keepsMinValues(left, requirements)) return undefined;
  const table = new TypeTable(left, groupsOf(requirements, taints, left, daemons));
  const noAmounts = left[0]!.room.map(() => 0);
  return { config, requirements, taints, table, launchable: table.all, types: left, noAmounts };
}

function launchableTypes(
  requirements: Requirements,
  types: readonly CandidateType[],
): CandidateType[] {
  return types.filter(
    (type) =>
      type.room.every((amount) => amount >= 0) &&
      type.requirements.intersects(requirements) &&
      hasCompatibleOffering(type, requirements),
  );
}

/** In the order in which NodePools are tried. */
export function inOrderOfWeight<Pool extends { readonly weight: number; readonly name: string }>(
  pools: readonly Pool[],
): Pool[] {
  return [...pools].sort((a, b) => b.weight - a.weight || (a.name > b.name ? -1 : 1));
}

/** Types that the same daemons run on. */
function groupsOf(
  requirements: Requirements,
  taints: readonly Taint[],
  types: readonly CandidateType[],
  daemons: readonly Daemon[],
): DaemonGroup[] {
  const members = new Map<string, { readonly daemons: Daemon[]; readonly types: number[] }>();
  for (const [at, type] of types.entries()) {
    const present = daemons.filter((daemon) => daemon.runsOnType(taints, requirements, type));
    const name = present.map(({ shape }) => shape.first.id).join(' ');
    const group = members.get(name) ?? { daemons: present, types: [] };
    group.types.push(at);
    members.set(name, group);
  }
  return [...members.values()].map((group) => ({
    types: group.types,
    overhead: sumOf(group.daemons.map(({ shape }) => shape)),
    hostPorts: group.daemons.flatMap(({ shape }) => shape.wishes.hostPorts),
  }));
}

export function sumOf(shapes: readonly PodShape[]): number[] {
  const [first] = shapes;
  const sum = (first?.wishes.requests ?? []).map(() => 0);
  for (const { wishes } of shapes) {
    for (const [resource, amount] of wishes.requests.entries()) sum[resource]! += amount;
  }
  return sum;
}
