/**
 * Asks the solver a question: where would these pods go, if these hosts were gone? Provisioning and consolidation ask the
 * same one; the view is unchanged afterwards.
 *
 * Nodes     hosts of the cluster that are ready, and those of Karpenter's pools that are launching or joining: the latter
 *           count with all that they will have, and without the taints that go once they are initialized. Hosts of other
 *           pools exist for it from the moment they are ready.
 * Cut       a claim keeps its 600 cheapest types; where that breaks minValues its pods are left unplaced.
 * Creation  limits are looked at again: no claim of a NodePool is created that already uses more than a limit. Claims of the
 *           same plan do not count yet, so one plan can go beyond a limit of nodes.
 * Source    aws.md 1.4, 1.10, 1.20.
 */

import { HOST_STATE, LAUNCH_TYPE } from '../../cluster/hosts.ts';
import { whatIf } from '../../cluster/fork.ts';
import { Daemon } from './daemon.ts';
import { ExistingNodes } from './existing-nodes.ts';
import { Limits } from './limits.ts';
import { PodShapes } from './pod-shapes.ts';
import { Reservations } from './reservations.ts';
import { ScheduledPodsBook } from './scheduled-pods.ts';
import { Solver } from './solver.ts';
import { Topology } from './topology.ts';
import { TopologyDomains } from './topology-domains.ts';
import { candidateTypes } from './instance-types.ts';
import { NodesOfPlan, StandingNodes } from './standing-nodes.ts';
import { capacityOf, daemonsOf } from './host-nodes.ts';
import { inOrderOfWeight, templateOf, templateRequirements } from './template.ts';
import { inQueueOrder } from './queue.ts';
import { namespacesOf } from './namespaces.ts';
import { volumePlaces } from './volume-places.ts';
import type { Claim } from './claim.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Market } from '../../orchestration/host-description.ts';
import type { NodePoolConfig } from './config.ts';
import type { NamespaceLabels } from './namespaces.ts';
import type { Plan, ShapedPod } from './solver.ts';
import type { PodTerm } from '../../cluster/pod-template.ts';
import type { Pod } from './pod.ts';
import type { PodShape } from './pod-shape.ts';
import type { Template } from './template.ts';
import type { TopologyWorld } from './topology.ts';
import type { VolumePlaces } from './pod-shapes.ts';

/** Types of a claim that are handed to the cloud provider. */
const TYPES_IN_CLAIM_MAX = 600;

/** How a plan treats preferences and minValues (aws.md 1.1), and which namespaces there are. */
export interface PlanningPolicy {
  readonly ignoresPreferences: boolean;
  readonly isBestEffort: boolean;
  readonly namespaces: NamespaceLabels;
}

export const PLAIN_PLANNING: PlanningPolicy = {
  ignoresPreferences: false,
  isBestEffort: false,
  namespaces: new Map(),
};

interface Moulds {
  readonly templates: readonly Template[];
  /** Of NodePools with replicas: no pod makes nodes of them. */
  readonly statics: readonly Template[];
  readonly domains: TopologyDomains;
}

export class Provisioner {
  readonly view: ClusterView;
  readonly cluster: number;
  private readonly configs: readonly NodePoolConfig[];
  private readonly configByPool: ReadonlyMap<number, NodePoolConfig>;
  private readonly market: Market;
  private readonly policy: PlanningPolicy;
  private readonly shapes: PodShapes;
  private readonly scheduled: ScheduledPodsBook;
  private made: Moulds | undefined;

  constructor(
    view: ClusterView,
    cluster: number,
    configs: readonly NodePoolConfig[],
    market: Market,
    policy: PlanningPolicy = PLAIN_PLANNING,
    volumesOf: VolumePlaces = volumePlaces(view),
  ) {
    this.view = view;
    this.cluster = cluster;
    this.configs = inOrderOfWeight(configs);
    this.configByPool = new Map(configs.map((config) => [config.pool, config]));
    this.market = market;
    this.policy = policy;
    this.shapes = new PodShapes(view, policy.ignoresPreferences, volumesOf);
    this.scheduled = new ScheduledPodsBook(view, this.shapes.templates);
  }

  /** The NodePool that a host belongs to; undefined for hosts that are not Karpenter's. */
  configOf(host: number): NodePoolConfig | undefined {
    return this.configByPool.get(this.view.hosts.pool[host]!);
  }

  get templates(): readonly Template[] {
    return this.moulds.templates;
  }

  get staticTemplates(): readonly Template[] {
    return this.moulds.statics;
  }

  /** The nodes of this moment, for several plans. Settling ones take no pods that would move only to let a node go. */
  standing(isSettling: (host: number) => boolean = () => false): StandingNodes {
    const counted = this.hostsUpTo(HOST_STATE.draining);
    const hosts = counted
      .filter((host) => this.isNode(host))
      .sort((a, b) => Number(this.isReady(b)) - Number(this.isReady(a)) || a - b);
    const { view, scheduled, daemons } = this;
    return new StandingNodes(view, scheduled, hosts, counted, daemons, isSettling);
  }

  /** Hosts in `gone` take no pods and their pods, where they are not in `pods`, stay where they are. */
  plan(
    pods: readonly Pod[],
    gone: ReadonlySet<number>,
    standing: StandingNodes = this.standing(),
  ): Plan {
    const { view, templates } = this;
    const { domains } = this.moulds;
    const shaped = pods.map((pod) => ({ pod, shape: this.shapes.of(pod) }));
    const shapes = new Set(shaped.map(({ shape }) => shape));
    return whatIf(view, (fork) => {
      const topology = new Topology(domains, this.world(shapes, standing, gone, pods), shapes);
      const solver = new Solver(
        templates,
        templates.map(({ config }) => this.limitsOf(config, standing.hosts, gone)),
        new ExistingNodes(new NodesOfPlan(standing, fork, gone)),
        topology,
        new Reservations(templates.map(({ types }) => types)),
        { isBestEffort: this.policy.isBestEffort, defersForReserved: false },
        this.hasPreferredTaint,
      );
      return this.cut(solver.solve(this.inOrder(shaped)));
    });
  }

  /** The claims that are created: none of a NodePool that already uses more than a limit. */
  creatable(claims: readonly Claim[]): Claim[] {
    return claims.filter(({ template }) => !this.isAboveLimit(template.config));
  }

  /** After the state of the cluster was put back. */
  forget(): void {
    this.scheduled.forget();
  }

  isReady(host: number): boolean {
    return this.view.hosts.state[host] === HOST_STATE.ready;
  }

  /** Rows of the cluster's hosts up to a state of their life, ascending. */
  hostsUpTo(state: number): number[] {
    const { hosts } = this.view;
    const rows: number[] = [];
    for (let host = 0; host < hosts.count; host++) {
      if (hosts.cluster[host] === this.cluster && hosts.state[host]! <= state) rows.push(host);
    }
    return rows;
  }

  private isNode(host: number): boolean {
    const { hosts } = this.view;
    if (hosts.launchType[host] === LAUNCH_TYPE.fargate) return false;
    return (
      this.isReady(host) ||
      (hosts.state[host]! < HOST_STATE.ready && this.configOf(host) !== undefined)
    );
  }

  /** Made when first asked for: by then every daemon has its row. */
  private get moulds(): Moulds {
    return (this.made ??= this.makeMoulds());
  }

  private makeMoulds(): Moulds {
    const { view, market, policy } = this;
    const daemons = this.daemons.map((workload) => new Daemon(this.shapes.ofDaemon(workload)));
    const pools = this.configs.map((config) => {
      const { labels, taints, name } = view.pools.descriptions[config.pool]!;
      const requirements = templateRequirements(config, { ...labels, 'berth.dev/pool': name });
      const types = candidateTypes(view, config, requirements, market);
      const own = daemons.filter(({ shape }) => shape.wishes.mayUsePool?.(config.pool) !== false);
      const template = templateOf(config, requirements, taints, types, own, policy.isBestEffort);
      return { requirements, taints, types, template, isStatic: config.replicas !== undefined };
    });
    const planned = pools.filter(({ isStatic }) => !isStatic);
    const sources = planned.map(({ requirements, taints, types }) => {
      return { requirements, taints, types: types.map((type) => type.requirements) };
    });
    return {
      templates: planned.flatMap(({ template }) => template ?? []),
      statics: pools.flatMap(({ template, isStatic }) => (isStatic ? (template ?? []) : [])),
      domains: new TopologyDomains(sources),
    };
  }

  private get daemons(): readonly number[] {
    return daemonsOf(this.view, this.cluster);
  }

  private get hasPreferredTaint(): boolean {
    return this.configs.some(({ pool }) =>
      this.view.pools.descriptions[pool]!.taints.some(
        ({ effect }) => effect === 'PreferNoSchedule',
      ),
    );
  }

  private limitsOf(
    { pool, limits }: NodePoolConfig,
    nodes: readonly number[],
    gone: ReadonlySet<number>,
  ): Limits {
    const { cpuTicks, memoryBytes, nodes: nodesMax } = limits;
    if (Math.min(cpuTicks, memoryBytes, nodesMax) === Infinity) return new Limits([], Infinity);
    const own = nodes.filter((host) => this.view.hosts.pool[host] === pool && !gone.has(host));
    const [cpu, memory] = sumOfCapacity(this.view, own);
    return new Limits([cpuTicks - cpu, memoryBytes - memory], nodesMax - own.length);
  }

  private isAboveLimit({ pool, limits }: NodePoolConfig): boolean {
    const own = this.hostsUpTo(HOST_STATE.draining).filter(
      (host) => this.view.hosts.pool[host] === pool,
    );
    const [cpu, memory] = sumOfCapacity(this.view, own);
    return cpu > limits.cpuTicks || memory > limits.memoryBytes || own.length > limits.nodes;
  }

  /** What is in the cluster, as far as some pod minds it. */
  private world(
    shapes: ReadonlySet<PodShape>,
    { hosts, counted }: StandingNodes,
    gone: ReadonlySet<number>,
    pods: readonly Pod[],
  ): TopologyWorld {
    const minds = this.scheduled.hasRepelling || [...shapes].some((shape) => shape.mindsOthers);
    const namespaces = (term: PodTerm, own: string) =>
      namespacesOf(term, own, this.policy.namespaces);
    if (!minds) return { nodes: [], scheduled: [], namespacesOf: namespaces };
    return {
      nodes: hosts
        .filter((host) => !gone.has(host) && this.isReady(host))
        .map((host) => this.scheduled.nodeOf(host)),
      scheduled: this.scheduled.on(counted, pods),
      namespacesOf: namespaces,
    };
  }

  private inOrder(shaped: readonly ShapedPod[]): ShapedPod[] {
    const { specs, tasks } = this.view;
    const keyOf = ({ pod }: ShapedPod) => ({
      cpu: specs.cpuTicks[pod.spec]!,
      memory: specs.memoryBytes[pod.spec]!,
      createdUs: tasks.submittedUs[pod.task]!,
      number: tasks.number[pod.task]!,
    });
    return shaped
      .map((one) => ({ one, key: keyOf(one) }))
      .sort((a, b) => inQueueOrder(a.key, b.key))
      .map(({ one }) => one);
  }

  private cut(plan: Plan): Plan {
    const kept = plan.claims.filter((claim) =>
      claim.truncate(TYPES_IN_CLAIM_MAX, this.policy.isBestEffort),
    );
    if (kept.length === plan.claims.length) return plan;
    const lost = plan.claims.filter((claim) => !kept.includes(claim)).flatMap(({ pods }) => pods);
    return { ...plan, claims: kept, unplaced: [...plan.unplaced, ...lost] };
  }
}

function sumOfCapacity(view: ClusterView, hosts: readonly number[]): readonly [number, number] {
  let cpu = 0;
  let memory = 0;
  for (const host of hosts) {
    const [ticks, bytes] = capacityOf(view, host);
    cpu += ticks;
    memory += bytes;
  }
  return [cpu, memory];
}
