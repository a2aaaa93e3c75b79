/**
 * A NodePool as the mould of its claims: requirements, taints and the types that it may launch, less what daemons take.
 *
 * Requirements  of the NodePool, its labels, and `karpenter.sh/nodepool`.
 * Daemons       one counts on a type when it tolerates the taints (PreferNoSchedule aside), its requirements are
 *               compatible with the template and meet those of the type. Types that daemons alone overfill are left out.
 * Order         by weight descending, then name descending.
 * Source        aws.md 1.4, 1.9, 10.1 (13).
 */

import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import { mayUsePool } from '../../placement/feasible.ts';
import { tolerates } from '../../cluster/specs.ts';
import { NODE_POOL, WELL_KNOWN_LABELS } from './well-known-labels.ts';
import { Requirement } from './requirement.ts';
import { Requirements } from './requirements.ts';
import { candidateTypes } from './instance-types.ts';
import type { CandidateType } from './instance-types.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Market } from '../../orchestration/host-description.ts';
import type { NodePoolConfig } from './config.ts';
import type { Taint, TaskSpec } from '../../cluster/spec.ts';

interface Daemon {
  readonly spec: TaskSpec;
  readonly requirements: Requirements;
}

export class Template {
  readonly config: NodePoolConfig;
  readonly requirements: Requirements;
  readonly taints: readonly Taint[];
  /** The cheapest first; their room is what daemons leave. */
  readonly types: readonly CandidateType[];
  private readonly domains = new Map<string, readonly string[]>();

  constructor(view: ClusterView, config: NodePoolConfig, market: Market) {
    const { cluster, labels, taints, name } = view.pools.descriptions[config.pool]!;
    this.config = config;
    this.taints = taints;
    this.requirements = Requirements.of([
      ...config.requirements.map((one) => Requirement.of(one, one.minValues ?? 0)),
      ...Requirements.ofLabels({ ...labels, 'berth.dev/pool': name }).all(),
      Requirement.is(NODE_POOL, config.name),
    ]);
    const daemons = daemonsOf(view, cluster)
      .filter((workload) => mayUsePool(view, config.pool, workload))
      .map((workload) => view.specs.at(view.workloads.spec[workload]!))
      .map((spec) => ({ spec, requirements: Requirements.ofPod(spec) }))
      .filter((daemon) => this.mayHold(daemon));
    this.types = candidateTypes(view, config, this.requirements, market)
      .map((type) => lessDaemons(type, daemons))
      .filter((type) => type.cpuTicks >= 0 && type.memoryBytes >= 0 && type.pods >= 0);
  }

  get hasPreferredTaint(): boolean {
    return this.taints.some(({ effect }) => effect === 'PreferNoSchedule');
  }

  /** Values of a label that nodes of this NodePool can have (aws.md 1.11). */
  domainsOf(key: string): readonly string[] {
    const known = this.domains.get(key);
    if (known !== undefined) return known;
    const found = new Set<string>();
    const own = this.requirements.get(key);
    for (const type of this.types) {
      const offered = type.requirements.get(key);
      if (offered === undefined || offered.complement) continue;
      for (const value of offered.values) if (own?.has(value) ?? true) found.add(value);
    }
    if (own !== undefined && !own.complement) for (const value of own.values) found.add(value);
    const domains = [...found];
    this.domains.set(key, domains);
    return domains;
  }

  private mayHold({ spec, requirements }: Daemon): boolean {
    const hard = this.taints.filter(({ effect }) => effect !== 'PreferNoSchedule');
    return (
      hard.every((taint) => spec.tolerations.some((one) => tolerates(one, taint))) &&
      this.requirements.isCompatible(requirements, WELL_KNOWN_LABELS)
    );
  }
}

/** One template a NodePool, in the order in which they are tried; those without types are dropped. */
export function templatesOf(
  view: ClusterView,
  configs: readonly NodePoolConfig[],
  market: Market,
): Template[] {
  return [...configs]
    .sort((a, b) => b.weight - a.weight || (a.name > b.name ? -1 : 1))
    .map((config) => new Template(view, config, market))
    .filter(({ types }) => types.length > 0);
}

/** Rows of the daemon workloads of a cluster. */
export function daemonsOf({ workloads }: ClusterView, cluster: number): number[] {
  const daemon = WORKLOAD_KINDS.indexOf('daemon');
  const rows: number[] = [];
  for (let workload = 0; workload < workloads.count; workload++) {
    if (workloads.kind[workload] === daemon && workloads.cluster[workload] === cluster) {
      rows.push(workload);
    }
  }
  return rows;
}

function lessDaemons(type: CandidateType, daemons: readonly Daemon[]): CandidateType {
  const present = daemons.filter(({ requirements }) => type.requirements.intersects(requirements));
  const sum = (part: (spec: TaskSpec) => number) =>
    present.reduce((total, { spec }) => total + part(spec), 0);
  return {
    ...type,
    cpuTicks: type.cpuTicks - sum((spec) => spec.cpuTicks),
    memoryBytes: type.memoryBytes - sum((spec) => spec.memoryBytes),
    pods: type.pods - present.length,
    gpuCount: type.gpuCount - sum((spec) => spec.gpuCount),
  };
}
