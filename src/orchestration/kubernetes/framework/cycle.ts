/**
 * One whole scheduling cycle for one pod (kubernetes.md 1.3 to 1.6): which node it gets, or why none.
 *
 *   PreFilter   once; a refusal is every node's
 *   nominated   the node that preemption chose for the pod, if it has one, is tried first and taken without a score
 *   filters     nodes of the list in turn from `nextStart`, until as many are feasible as are looked for
 *   one         feasible: it is taken without a score
 *   several     the highest total of weighted scores; equals by the rule of heap-order.ts
 *
 * Window     the (wanted + 1)-th feasible node stops the search and is dropped. The next search starts
 *            feasible + refused nodes further, modulo all nodes; a refused nominated node counts among these (1.4). A cycle that ends
 *            with PreFilter or with the nominated node does not move the start.
 * Narrowed   nodes that PreFilter names are searched in the order of the list; their order is random in reality (section 9).
 * Error      a plugin's error is an InvariantError here; extenders and batching are not modelled.
 */

import { CycleFilters } from './cycle-filters.ts';
import { drawnMaximum, preorderMaximum } from '../cycle/heap-order.ts';
import { feasibleNodesToFind } from '../cycle/node-order.ts';
import { scoreNodes } from './scores.ts';
import type { Draw } from '../../../placement/tie-rule.ts';
import type { NodeInfo } from './node-info.ts';
import type { NominatedPods } from './nominated-pods.ts';
import type { PluginName, Refusal } from './status.ts';
import type { PodInfo } from './pod-info.ts';
import type { Profile } from './profile.ts';
import type { Surroundings } from './surroundings.ts';

/** The cluster as a cycle sees it. */
export interface Snapshot {
  /** One of each zone in turn (1.4). */
  readonly nodes: readonly NodeInfo[];
  byName(name: string): NodeInfo | undefined;
}

export interface Placement {
  readonly kind: 'placed';
  readonly node: NodeInfo;
  /** Feasible nodes and refused ones. */
  readonly evaluated: number;
  readonly feasible: number;
}

/** No node will do. */
export interface Unfit {
  readonly kind: 'unfit';
  /** Of each node that was looked at, by name. */
  readonly refusals: ReadonlyMap<string, Refusal>;
  /** Of all other nodes. */
  readonly ofOthers: Refusal;
  /** What has to change before the pod is tried again: plugins that were the first to refuse a node, or all. */
  readonly rejectors: ReadonlySet<PluginName>;
  /** What preemption asks its what-ifs of. */
  readonly filters: CycleFilters;
}

/** The cluster is empty: tried again after an error back-off, without preemption (1.2, 1.3). */
export interface NoNodes {
  readonly kind: 'no-nodes';
}

export interface CycleSettings {
  readonly profile: Profile;
  /** percentageOfNodesToScore; 0 for the adaptive one. */
  readonly percentage: number;
  /** Breaks ties by draws, as releases up to 1.34 do; later ones need none. */
  readonly draw?: Draw;
}

const NOT_LOOKED_AT: Refusal = {
  code: 'UnschedulableAndUnresolvable',
  plugin: '',
  reasons: [],
};

export class SchedulingCycle {
  /** Where in the list the next search starts: the only thing that one cycle leaves to the next. */
  nextStart = 0;
  private readonly settings: CycleSettings;
  private readonly nominated: NominatedPods;

  constructor(settings: CycleSettings, nominated: NominatedPods) {
    this.settings = settings;
    this.nominated = nominated;
  }

  run(pod: PodInfo, snapshot: Snapshot, around: Surroundings): Placement | Unfit | NoNodes {
    if (snapshot.nodes.length === 0) return { kind: 'no-nodes' };
    const { profile } = this.settings;
    const start = CycleFilters.begin(profile.filters, pod, snapshot.nodes, around);
    const { filters } = start;
    const rejectors = new Set(start.narrowing);
    const refusals = new Map<string, Refusal>();
    if (start.refusal !== undefined) {
      addRejector(rejectors, start.refusal);
      return { kind: 'unfit', refusals, ofOthers: start.refusal, rejectors, filters };
    }
    const refuse = (node: NodeInfo, refusal: Refusal): void => {
      refusals.set(node.node.name, refusal);
      addRejector(rejectors, refusal);
    };
    const awaited = pod.nominatedNode === '' ? undefined : snapshot.byName(pod.nominatedNode);
    if (awaited !== undefined) {
      const refusal = filters.refusalOf(awaited, this.nominated);
      if (refusal === undefined)
        return { kind: 'placed', node: awaited, evaluated: 1, feasible: 1 };
      refuse(awaited, refusal);
    }
    const feasible = this.search(filters, listed(snapshot, start.nodes), refuse);
    const evaluated = feasible.length + refusals.size;
    this.nextStart = (this.nextStart + evaluated) % snapshot.nodes.length;
    if (feasible.length === 0) {
      return { kind: 'unfit', refusals, ofOthers: NOT_LOOKED_AT, rejectors, filters };
    }
    const node = this.best(pod, feasible, snapshot.nodes, around);
    return { kind: 'placed', node, evaluated, feasible: feasible.length };
  }

  private search(
    filters: CycleFilters,
    nodes: readonly NodeInfo[],
    refuse: (node: NodeInfo, refusal: Refusal) => void,
  ): NodeInfo[] {
    const { profile, percentage } = this.settings;
    const wanted = profile.scores.length === 0 ? 1 : feasibleNodesToFind(nodes.length, percentage);
    const feasible: NodeInfo[] = [];
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[(this.nextStart + i) % nodes.length]!;
      const refusal = filters.refusalOf(node, this.nominated);
      if (refusal !== undefined) refuse(node, refusal);
      else if (feasible.length === wanted) break;
      else feasible.push(node);
    }
    return feasible;
  }

  private best(
    pod: PodInfo,
    feasible: readonly NodeInfo[],
    all: readonly NodeInfo[],
    around: Surroundings,
  ): NodeInfo {
    if (feasible.length === 1) return feasible[0]!;
    const { profile, draw } = this.settings;
    const { total } = scoreNodes(profile.scores, pod, feasible, all, around);
    return feasible[draw === undefined ? preorderMaximum(total) : drawnMaximum(total, draw)]!;
  }
}

function addRejector(rejectors: Set<PluginName>, { plugin }: Refusal): void {
  if (plugin !== '') rejectors.add(plugin);
}

function listed({ nodes }: Snapshot, names: ReadonlySet<string> | undefined): readonly NodeInfo[] {
  return names === undefined ? nodes : nodes.filter(({ node }) => names.has(node.name));
}
