/**
 * The node that a group would add, less the room that the cluster's daemons take (kubernetes.md 5.8).
 *
 *   seen     a node of the group that has been ready for more than a minute: the first in the list, as it joined. Once one
 *            was seen it is remembered, even when the group is empty again
 *   cloud    a group that never had one: instance type and first zone as AWS tells them, with allocatable = capacity and 110
 *            pods. What the kubelet keeps is not known yet, so that a first node may be over-estimated (pitfall 8.12)
 *
 * Labels    those of the pool are known from the start, as if the group had the tags `node-template/label/...`.
 * Departs   a node that is not good is no template, not even for want of any other.
 */

import { HOST_STATE } from '../../cluster/hosts.ts';
import { US_PER_MINUTE } from '../../base/units.ts';
import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import { describeInstance } from '../../orchestration/host-description.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { HostDescription } from '../../cluster/hosts.ts';
import type { Market } from '../../orchestration/host-description.ts';

const DAEMON = WORKLOAD_KINDS.indexOf('daemon');
const SETTLED_US = US_PER_MINUTE;
const CLOUD_PODS = 110;
const UNSEEN = -1;

/** An Auto Scaling group as the autoscaler knows it. */
export interface NodeGroup {
  readonly pool: number;
  /** First of its zones. */
  readonly zone: number;
}

export interface NodeTemplate {
  readonly pool: number;
  readonly description: HostDescription;
  /** Row of its labels and taints. */
  readonly kind: number;
}

export class NodeTemplates {
  private readonly view: ClusterView;
  private readonly groups: readonly NodeGroup[];
  private readonly market: Market;
  /** Zone of the node that was seen, by group. */
  private seenIn: number[];
  private templates: readonly NodeTemplate[] = [];

  constructor(view: ClusterView, groups: readonly NodeGroup[], market: Market) {
    this.view = view;
    this.groups = groups;
    this.market = market;
    this.seenIn = groups.map(() => UNSEEN);
    this.restore(this.seenIn);
  }

  /** One for each group, in their order. */
  all(): readonly NodeTemplate[] {
    return this.templates;
  }

  /** Looks for good nodes. `hostsOf`: the hosts of a pool in row order. */
  refresh(nowUs: number, hostsOf: (pool: number) => readonly number[]): void {
    const { hosts } = this.view;
    const isGood = (host: number): boolean =>
      hosts.state[host] === HOST_STATE.ready && hosts.readyUs[host]! + SETTLED_US < nowUs;
    const seenIn = this.groups.map(({ pool }, index) => {
      const good = hostsOf(pool).find(isGood);
      return good === undefined ? this.seenIn[index]! : hosts.zone[good]!;
    });
    if (seenIn.some((zone, index) => zone !== this.seenIn[index])) this.restore(seenIn);
  }

  save(): readonly number[] {
    return this.seenIn;
  }

  restore(seenIn: readonly number[]): void {
    this.seenIn = [...seenIn];
    this.templates = this.groups.map((group, index) => this.templateOf(group, seenIn[index]!));
  }

  private templateOf({ pool, zone: firstZone }: NodeGroup, seenIn: number): NodeTemplate {
    const { pools, specs } = this.view;
    const { instanceTypes, spot } = pools.descriptions[pool]!;
    const zone = seenIn === UNSEEN ? firstZone : seenIn;
    const joined = describeInstance(this.view, pool, instanceTypes[0]!, zone, spot, this.market);
    const description = seenIn === UNSEEN ? asTheCloudTells(joined) : joined;
    // Interning writes nothing that the model can see: the first host of the group would get the same row.
    const kind = specs.kindRowOf({ labels: description.labels, taints: description.taints });
    return { pool, description, kind };
  }
}

function asTheCloudTells(joined: HostDescription): HostDescription {
  return {
    ...joined,
    cpuAllocatableTicks: joined.cpuCapacityTicks,
    memoryAllocatableBytes: joined.memoryCapacityBytes,
    slots: CLOUD_PODS,
  };
}

/** Rows of the daemons of a cluster. */
export function daemonsOf({ workloads }: ClusterView, cluster: number): number[] {
  const daemons: number[] = [];
  for (let workload = 0; workload < workloads.count; workload++) {
    if (workloads.kind[workload] === DAEMON && workloads.cluster[workload] === cluster) {
      daemons.push(workload);
    }
  }
  return daemons;
}
