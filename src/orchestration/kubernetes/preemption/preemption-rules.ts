/**
 * What stands against a pod besides room when it might evict others: spreading, affinity between pods and host ports, asked of
 * the framework's plugins in what-ifs (kubernetes.md 1.10).
 */

import { CycleFilters } from '../framework/cycle-filters.ts';
import { BARE } from '../framework/surroundings.ts';
import { NominatedPods } from '../framework/nominated-pods.ts';
import { FILTERS_BESIDES_ROOM } from '../framework/profile.ts';
import type { FilterStart } from '../framework/cycle-filters.ts';
import type { Nominations } from '../queue/nominations.ts';
import type { Surroundings } from '../framework/surroundings.ts';
import type { ViewNodes } from '../view-nodes.ts';

/** One node with some of its pods gone. */
export interface WhatIfNode {
  remove(task: number): void;
  putBack(task: number): void;
  /** Will the node do for the pod, room aside? */
  keeps(): boolean;
}

export class PreemptionRules {
  private readonly nodes: ViewNodes;
  private readonly nominated = new NominatedPods();
  private readonly start: FilterStart;

  constructor(
    task: number,
    hosts: readonly number[],
    nodes: ViewNodes,
    nominations: Nominations,
    around: Surroundings = BARE,
  ) {
    this.nodes = nodes;
    for (const host of hosts) {
      for (const other of nominations.on(host)) {
        this.nominated.add(nodes.podOf(other), nodes.at(host).node.name);
      }
    }
    const infos = hosts.map((host) => nodes.at(host));
    this.start = CycleFilters.begin(FILTERS_BESIDES_ROOM, nodes.podOf(task), infos, around);
  }

  /** May evicting lift what stands against the node now (1.14)? Where room lacks, it may: no plugin behind it was asked. */
  mayHelp(host: number, lacksRoom: boolean): boolean {
    const { filters, nodes: only, refusal: ofAll } = this.start;
    if (ofAll !== undefined) return ofAll.code === 'Unschedulable';
    const node = this.nodes.at(host);
    if (only !== undefined && !only.has(node.node.name)) return false;
    if (lacksRoom) return true;
    const refusal = filters.refusalOf(node, this.nominated);
    return refusal === undefined || refusal.code === 'Unschedulable';
  }

  /** The node as it is, to be changed as one likes. */
  on(host: number): WhatIfNode {
    const node = this.nodes.at(host).clone();
    const filters = this.start.filters.copy();
    return {
      remove: (task) => filters.remove(this.nodes.podOf(task), node),
      putBack: (task) => filters.add(this.nodes.podOf(task), node),
      keeps: () => filters.refusalOf(node, this.nominated) === undefined,
    };
  }
}
