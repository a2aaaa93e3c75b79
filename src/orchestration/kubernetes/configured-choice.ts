/**
 * kube-scheduler as a KubeSchedulerConfiguration sets it up: any of its profiles, the one that a pod names (kubernetes.md 1.1),
 * told plainly by the plugins of framework/. The default profile has DefaultProfile, which is much faster.
 *
 * Cost       a cycle looks at every node of its window, and counts pods over all nodes for spreading and affinity; nodes whose
 *            pods did not change are remembered.
 * Window     one start for all profiles, as in the real scheduler (1.4).
 * Room       what is free is judged by the columns too, whatever filters a profile leaves out: nothing is bound where there is no
 *            room, and shares of GPUs are known to the columns alone.
 * Departs    a pod that names a profile that is not there waits for ever.
 */

import { CycleFilters } from './framework/cycle-filters.ts';
import { NO_HOST } from '../../placement/policy.ts';
import { NominatedPods } from './framework/nominated-pods.ts';
import { SchedulingCycle } from './framework/cycle.ts';
import { ViewNodes } from './view-nodes.ts';
import { isFeasible } from '../../placement/feasible.ts';
import { zoneInterleaved } from './cycle/node-order.ts';
import type { ClusterView, FreeView } from '../../cluster/cluster.ts';
import type { FilterPlugin } from './framework/plugin.ts';
import type { NodeInfo } from './framework/node-info.ts';
import type { NodeChoice } from './kube-scheduler-options.ts';
import type { PlacementRequest } from '../../placement/policy.ts';
import type { PluginName, Refusal } from './framework/status.ts';
import type { PodInfo } from './framework/pod-info.ts';
import type { Profile } from './framework/profile.ts';
import type { SavedDraws } from '../policy-choice.ts';
import type { Surroundings } from './framework/surroundings.ts';

export interface ConfiguredProfile {
  readonly profile: Profile;
  /** percentageOfNodesToScore; 0 for the adaptive one. */
  readonly percentage: number;
  /** Is DefaultPreemption among its plugins? */
  readonly preempts: boolean;
}

const DEFAULT_SCHEDULER = 'default-scheduler';
const NOBODY = new NominatedPods();
const NO_ROOM: Refusal = { code: 'Unschedulable', plugin: 'NodeResourcesFit', reasons: [] };

export class ConfiguredChoice implements NodeChoice {
  private readonly view: ClusterView;
  private readonly free: FreeView;
  private readonly draws: SavedDraws | undefined;
  private readonly profiles: ReadonlyMap<string, ConfiguredProfile>;
  private readonly around: Surroundings;
  private readonly nodes: ViewNodes;
  private nextStart = 0;
  /** Of the last choice that found no node. */
  private refusedBy: ReadonlySet<PluginName> = new Set();

  /** `draws` decide among equals, as up to version 1.34; without any the rule from 1.35 on does. */
  constructor(
    view: ClusterView,
    profiles: ReadonlyMap<string, ConfiguredProfile>,
    around: Surroundings,
    { draws, free = view.hosts }: { draws?: SavedDraws | undefined; free?: FreeView } = {},
  ) {
    this.view = view;
    this.free = free;
    this.draws = draws;
    this.profiles = profiles;
    this.around = around;
    this.nodes = new ViewNodes(view);
  }

  choose(
    request: PlacementRequest,
    hosts: readonly number[],
    _pool?: number,
    isOpen?: (host: number) => boolean,
  ): number {
    this.refusedBy = new Set();
    const configured = this.profileOf(request);
    if (configured === undefined) return NO_HOST;
    const { profile, percentage } = configured;
    const order = zoneInterleaved(hosts, (host) => this.view.hosts.zone[host]!);
    const nodes = this.nodesOf(order);
    const hostOf = new Map(nodes.map((node, i) => [node.node.name, order[i]!]));
    const { view, free } = this;
    const hasRoom: FilterPlugin = {
      name: 'NodeResourcesFit',
      filter: (_pod, { node }) => {
        const host = hostOf.get(node.name)!;
        const fits = isFeasible(view, free, request, host) && (isOpen?.(host) ?? true);
        return fits ? undefined : NO_ROOM;
      },
    };
    const filters = [...profile.filters, hasRoom];
    const { draws } = this;
    const settings = {
      profile: { ...profile, filters },
      percentage,
      ...(draws === undefined ? {} : { draw: () => draws.next() }),
    };
    const cycle = new SchedulingCycle(settings, NOBODY);
    cycle.nextStart = this.nextStart;
    const snapshot = {
      nodes,
      byName: (name: string) => nodes.find((one) => one.node.name === name),
    };
    const nodeCount = view.images.nodesOf(view.workloads.cluster[request.workload]!);
    const placed = cycle.run(this.podOf(request), snapshot, { ...this.around, nodeCount });
    this.nextStart = cycle.nextStart;
    if (placed.kind === 'placed') return hostOf.get(placed.node.node.name)!;
    if (placed.kind === 'unfit') this.refusedBy = placed.rejectors;
    return NO_HOST;
  }

  /** All filters but that of room. A profile that does not preempt keeps its pods from every node that they would clear. */
  filter(request: PlacementRequest, hosts: readonly number[]): (host: number) => boolean {
    const configured = this.profileOf(request);
    if (configured === undefined || !configured.preempts) return () => false;
    const filters = configured.profile.filters.filter(({ name }) => name !== 'NodeResourcesFit');
    const nodes = this.nodesOf(hosts);
    const start = CycleFilters.begin(filters, this.podOf(request), nodes, this.around);
    const nodeOf = new Map(hosts.map((host, i) => [host, nodes[i]!]));
    return (host) => {
      const node = nodeOf.get(host);
      if (node === undefined || start.refusal !== undefined) return false;
      if (start.nodes?.has(node.node.name) === false) return false;
      return start.filters.refusalOf(node, NOBODY) === undefined;
    };
  }

  rejectors(): ReadonlySet<PluginName> {
    return this.refusedBy;
  }

  passOver(): void {
    this.nextStart++;
  }

  save(): { nextStart: number; draws: unknown } {
    return { nextStart: this.nextStart, draws: this.draws?.save() ?? null };
  }

  restore({ nextStart, draws }: { nextStart: number; draws: unknown }): void {
    this.nextStart = nextStart;
    this.draws?.restore(draws);
    this.nodes.forget();
  }

  private profileOf({ spec }: PlacementRequest): ConfiguredProfile | undefined {
    const { pod } = this.view.specs.at(spec);
    return this.profiles.get(pod?.schedulerName ?? DEFAULT_SCHEDULER);
  }

  private nodesOf(hosts: readonly number[]): NodeInfo[] {
    return hosts.map((host) => this.nodes.at(host));
  }

  private podOf({ spec }: PlacementRequest): PodInfo {
    return {
      spec: this.nodes.specOf(spec),
      name: 'pod',
      uid: 'pod',
      isTerminating: false,
      startTimeUs: NaN,
      nominatedNode: '',
    };
  }
}
