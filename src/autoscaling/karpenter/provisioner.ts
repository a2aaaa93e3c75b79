/**
 * Asks the solver a question: where would these pods go, if these hosts were gone? Provisioning and consolidation ask the
 * same one; the view is unchanged afterwards.
 *
 * Nodes   hosts of the cluster that are ready, and those of Karpenter's pools that are launching or joining: the latter
 *         count with all that they will have. Hosts of other pools exist for it from the moment they are ready.
 * Source  aws.md 1.4, 1.20.
 */

import { HOST_STATE, LAUNCH_TYPE } from '../../cluster/hosts.ts';
import { whatIf } from '../../cluster/fork.ts';
import { ExistingNodes } from './existing-nodes.ts';
import { Limits } from './limits.ts';
import { Solver } from './solver.ts';
import { Topology } from './topology.ts';
import { templatesOf } from './template.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Market } from '../../orchestration/host-description.ts';
import type { NodePoolConfig } from './config.ts';
import type { Plan } from './solver.ts';
import type { Pod } from './pod.ts';
import type { Template } from './template.ts';

export class Provisioner {
  readonly view: ClusterView;
  readonly cluster: number;
  private readonly configs: readonly NodePoolConfig[];
  private readonly configByPool: ReadonlyMap<number, NodePoolConfig>;
  private readonly market: Market;
  private madeTemplates: readonly Template[] | undefined;

  constructor(
    view: ClusterView,
    cluster: number,
    configs: readonly NodePoolConfig[],
    market: Market,
  ) {
    this.view = view;
    this.cluster = cluster;
    this.configs = configs;
    this.configByPool = new Map(configs.map((config) => [config.pool, config]));
    this.market = market;
  }

  /** The NodePool that a host belongs to; undefined for hosts that are not Karpenter's. */
  configOf(host: number): NodePoolConfig | undefined {
    return this.configByPool.get(this.view.hosts.pool[host]!);
  }

  /** Made when first asked for: by then every daemon has its row. */
  get templates(): readonly Template[] {
    this.madeTemplates ??= templatesOf(this.view, this.configs, this.market);
    return this.madeTemplates;
  }

  /** Hosts in `gone` take no pods and their pods, where they are not in `pods`, stay where they are. */
  plan(
    pods: readonly Pod[],
    gone: ReadonlySet<number>,
    isSettling: (host: number) => boolean = () => false,
  ): Plan {
    const { view, cluster, templates } = this;
    const counted = this.hostsUpTo(HOST_STATE.draining);
    const nodes = counted
      .filter((host) => !gone.has(host) && this.isNode(host))
      .sort((a, b) => Number(this.isReady(b)) - Number(this.isReady(a)) || a - b);
    return whatIf(view, (fork) => {
      const topology = new Topology(view, templates, counted, pods);
      const existing = new ExistingNodes(view, cluster, fork, nodes, isSettling);
      const limits = templates.map(({ config }) => new Limits(view, config));
      return new Solver(view, templates, limits, existing, topology).solve(pods);
    });
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
}
