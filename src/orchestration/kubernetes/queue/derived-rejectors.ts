/**
 * Which plugins refused a pod that fits nowhere, told from labels, taints, pools and room: the first to stand against it on
 * each node (kubernetes.md 1.4).
 *
 * Cost      nodes of one kind and pool refuse alike as far as labels go, so a request is judged by kinds; node by node only
 *           for a pod that something else may keep away (`HostChoice.filter`).
 * Pools     stand for node selectors: NodeAffinity.
 * None      when the cluster has no nodes: that is an error, not a refusal (1.3 step 3).
 */

import { ELIGIBLE, HAS_TAINT } from '../../../cluster/specs.ts';
import { HOST_STATE, LAUNCH_TYPE } from '../../../cluster/hosts.ts';
import { fits } from '../../../cluster/fit.ts';
import { mayUsePool } from '../../../placement/feasible.ts';
import { rejectorBit } from './rejectors.ts';
import type { ClusterView, FreeView } from '../../../cluster/cluster.ts';
import type { PlacementRequest } from '../../../placement/policy.ts';

const FIT = rejectorBit('NodeResourcesFit');
const SPREAD = rejectorBit('PodTopologySpread');
const TAINT = rejectorBit('TaintToleration');
const AFFINITY = rejectorBit('NodeAffinity');
const CORDON = rejectorBit('NodeUnschedulable');

/** Nodes of one kind and pool. */
interface NodeGroup {
  readonly kind: number;
  readonly pool: number;
  readonly hosts: number[];
}

export class DerivedRejectors {
  private readonly view: ClusterView;
  private readonly cluster: number;
  private readonly free: FreeView;
  private readonly groupsOf = new Map<readonly number[], readonly NodeGroup[]>();
  /** Of plain pods, which nothing but labels, taints and room keeps away: by nodes, workload and written spec. */
  private readonly plain = new Map<readonly number[], number[][]>();
  private version = -1;
  private nodeCount = 0;
  private drainingCount = 0;

  constructor(view: ClusterView, cluster: number, free: FreeView) {
    this.view = view;
    this.cluster = cluster;
    this.free = free;
  }

  /** `version` grows with every change of nodes. */
  update(version: number): void {
    if (version !== this.version) this.count(version);
  }

  /**
   * Bits of the plugins that refused the pod on `nodes`, those that it may be sent to, and elsewhere. `keeps` says what besides
   * labels, taints and room may keep it away.
   */
  of(
    request: PlacementRequest,
    nodes: readonly number[],
    keeps: ((host: number) => boolean) | undefined,
  ): number {
    if (keeps !== undefined) return this.ask(request, nodes, keeps);
    let ofNodes = this.plain.get(nodes);
    if (ofNodes === undefined) this.plain.set(nodes, (ofNodes = []));
    const bySpec = (ofNodes[request.workload] ??= []);
    return (bySpec[this.view.specs.writtenOf(request.spec)] ??= this.ask(request, nodes, keeps));
  }

  private ask(
    request: PlacementRequest,
    nodes: readonly number[],
    keeps: ((host: number) => boolean) | undefined,
  ): number {
    let bits = this.elsewhere(nodes);
    for (const { kind, pool, hosts } of this.groups(nodes)) {
      if (!mayUsePool(this.view, pool, request.workload)) bits |= AFFINITY;
      else {
        const eligibility = this.view.specs.eligibility(request.spec, kind);
        if (eligibility !== ELIGIBLE) bits |= eligibility === HAS_TAINT ? TAINT : AFFINITY;
        else bits |= keeps === undefined ? FIT : this.ofRoom(request, hosts, keeps);
      }
    }
    return bits;
  }

  /** Of those that refused it on all other nodes: they are drained, or of pools that the pod was not sent to. */
  elsewhere(nodes: readonly number[]): number {
    const drained = this.drainingCount > 0 ? CORDON : 0;
    return nodes.length < this.nodeCount - this.drainingCount ? drained | AFFINITY : drained;
  }

  private ofRoom(
    { spec }: PlacementRequest,
    hosts: readonly number[],
    keeps: (host: number) => boolean,
  ): number {
    const { specs } = this.view;
    let bits = 0;
    for (const host of hosts) {
      // Room is looked at first.
      bits |= fits(specs, spec, this.free, host) && !keeps(host) ? SPREAD : FIT;
    }
    return bits;
  }

  private groups(nodes: readonly number[]): readonly NodeGroup[] {
    const known = this.groupsOf.get(nodes);
    if (known !== undefined) return known;
    const { kind, pool } = this.view.hosts;
    const byKey = new Map<string, NodeGroup>();
    for (const host of nodes) {
      const key = `${kind[host]}/${pool[host]}`;
      const group = byKey.get(key);
      if (group !== undefined) group.hosts.push(host);
      else byKey.set(key, { kind: kind[host]!, pool: pool[host]!, hosts: [host] });
    }
    const groups = [...byKey.values()];
    this.groupsOf.set(nodes, groups);
    return groups;
  }

  private count(version: number): void {
    const { hosts } = this.view;
    this.version = version;
    this.groupsOf.clear();
    this.plain.clear();
    this.nodeCount = this.drainingCount = 0;
    for (let host = 0; host < hosts.count; host++) {
      if (hosts.cluster[host] !== this.cluster || hosts.launchType[host] === LAUNCH_TYPE.fargate) {
        continue;
      }
      if (hosts.state[host] === HOST_STATE.ready) this.nodeCount++;
      else if (hosts.state[host] === HOST_STATE.draining) {
        this.nodeCount++;
        this.drainingCount++;
      }
    }
  }
}
