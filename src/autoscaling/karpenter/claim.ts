/**
 * A node that a plan would launch: requirements, the pods it is for, and the SET of instance types that are still
 * possible. Each pod narrows the set; which type it becomes is chosen at launch.
 *
 * Check      taints, pool, requirements (well-known labels may be open), topology (may pin a domain), types.
 * A type     stays when its requirements meet the claim's, the pods fit beside its daemons, and one of its offerings is
 *            compatible. Every key with minValues must keep that many distinct values (MIN_VALUES_POLICY Strict).
 * GPUs       a pod counts as so many whole devices: a claim does not share one.
 * Left out   host ports, volumes, reserved offerings.
 * Source     aws.md 1.6, 1.9 (Karpenter 1.14, nodeclaim.go).
 */

import { NO_ROW } from '../../cluster/hosts.ts';
import { mayUsePool } from '../../placement/feasible.ts';
import { Requirement } from './requirement.ts';
import { Requirements } from './requirements.ts';
import { WELL_KNOWN_LABELS } from './well-known-labels.ts';
import { hasCompatibleOffering } from './instance-types.ts';
import type { Attempt } from './attempt.ts';
import type { CandidateType } from './instance-types.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Pod } from './pod.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import type { Template } from './template.ts';
import type { Topology } from './topology.ts';

export class Claim {
  readonly template: Template;
  /** Position in order of opening. */
  readonly ordinal: number;
  readonly pods: Pod[] = [];
  requirements: Requirements;
  /** The cheapest first. */
  types: readonly CandidateType[];
  private cpuTicks = 0;
  private memoryBytes = 0;
  private gpuCount = 0;
  /** Keys of attempts that found no room, which holds for good: a claim only gets fuller. */
  private readonly refused = new Set<string>();

  constructor(template: Template, ordinal: number, types: readonly CandidateType[]) {
    this.template = template;
    this.ordinal = ordinal;
    this.requirements = template.requirements;
    this.types = types;
  }

  /** Takes the pod in, or changes nothing and answers false. */
  take(view: ClusterView, attempt: Attempt, topology: Topology): boolean {
    const { key, pod, spec } = attempt;
    if (this.refused.has(key)) return false;
    const roomy = this.mayHold(view, attempt) ? this.withRoomFor(spec) : [];
    const requirements =
      roomy.length === 0
        ? undefined
        : this.pinned(this.requirements.and(attempt.requirements), attempt, topology);
    const types = requirements === undefined ? [] : this.allowedBy(requirements, roomy);
    if (requirements === undefined || types.length === 0 || !keepsMinValues(types, requirements)) {
      // What only a spread forbids now may be allowed when other domains have filled.
      if (roomy.length === 0 || attempt.spread.length === 0) this.refused.add(key);
      return false;
    }
    this.requirements = requirements;
    this.types = types;
    this.cpuTicks += spec.cpuTicks;
    this.memoryBytes += spec.memoryBytes;
    this.gpuCount += spec.gpuCount;
    this.pods.push(pod);
    topology.recordClaim(pod, requirements, this.name);
    return true;
  }

  private mayHold(view: ClusterView, attempt: Attempt): boolean {
    const { pod } = attempt;
    const { pool } = this.template.config;
    return (
      attempt.toleratesAll(this.template.taints) &&
      (pod.pool === NO_ROW || pod.pool === pool) &&
      mayUsePool(view, pool, pod.workload) &&
      this.requirements.isCompatible(attempt.requirements, WELL_KNOWN_LABELS)
    );
  }

  private withRoomFor(spec: TaskSpec): readonly CandidateType[] {
    const cpuTicks = this.cpuTicks + spec.cpuTicks;
    const memoryBytes = this.memoryBytes + spec.memoryBytes;
    const gpuCount = this.gpuCount + spec.gpuCount;
    const pods = this.pods.length + 1;
    return this.types.filter(
      (type) =>
        cpuTicks <= type.cpuTicks &&
        memoryBytes <= type.memoryBytes &&
        gpuCount <= type.gpuCount &&
        pods <= type.pods,
    );
  }

  private allowedBy(
    requirements: Requirements,
    types: readonly CandidateType[],
  ): readonly CandidateType[] {
    if (requirements === this.requirements) return types;
    return types.filter(
      (type) =>
        type.requirements.intersects(requirements) && hasCompatibleOffering(type, requirements),
    );
  }

  /** Requirements with one domain for each spread, or undefined when some spread allows none. */
  private pinned(
    requirements: Requirements,
    { pod, spread, requirements: own }: Attempt,
    topology: Topology,
  ): Requirements | undefined {
    let pinned = requirements;
    for (const constraint of spread) {
      const group = topology.groupOf(pod.workload, constraint);
      if (group.isHostname) {
        if (!group.hasRoomOn(this.name)) return undefined;
        continue;
      }
      const domain = group.domainFor(own, requirements.get(group.key));
      if (domain === undefined) return undefined;
      const stated = pinned.get(group.key);
      if (stated?.complement === false && stated.values.size === 1 && stated.has(domain)) continue;
      pinned = pinned.and(Requirements.of([Requirement.is(group.key, domain)]));
      if (pinned.get(group.key)!.isNowhere) return undefined;
    }
    return pinned;
  }

  /** As a domain of hostname spreads. */
  private get name(): string {
    return `claim ${this.ordinal}`;
  }
}

function keepsMinValues(types: readonly CandidateType[], requirements: Requirements): boolean {
  for (const { key, minValues } of requirements.all()) {
    if (minValues === 0) continue;
    const distinct = new Set<string>();
    for (const type of types) {
      for (const value of type.requirements.get(key)?.values ?? []) distinct.add(value);
    }
    if (distinct.size < minValues) return false;
  }
  return true;
}
