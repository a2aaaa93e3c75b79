/**
 * kube-scheduler's default profile: filter a rotating window of nodes, score the feasible ones, take the best.
 *
 *     score(n) = 1 x NodeResourcesFit + 1 x BalancedAllocation
 *              + 3 x TaintToleration + 2 x NodeAffinity + 2 x PodTopologySpread + 2 x InterPodAffinity + 1 x ImageLocality
 *
 * Window     from `nextStart`, until enough feasible nodes are found; the next cycle starts behind it (kubernetes.md 1.4,
 *            parallelism 1). How many is enough grows with the cluster, or is a stated percentage of the nodes.
 * Ties       by the version (kubernetes.md 1.6). One feasible node is taken without scoring (1.3 step 7).
 * Plugins    what one host alone decides is the policy `local`; all that is counted or normalised over nodes, `constraints/`.
 * Runs       on what is remembered of each request (IndexedCycle), or node by node (PlainCycle). Both choose the same, and the
 *            same as the plugins of framework/ told one by one.
 * Departs    what claims mean is asked by volumes/, before; the list holds ready nodes only, in row order. How many nodes have an image is counted when a cycle asks:
 *            the real scheduler keeps with each node the count of when anything of that node changed last, which is 5 minutes ago
 *            at most while its kubelet reports (kubernetes.md 1.9, 2.3).
 */

import { ADAPTIVE, feasibleNodesToFind, zoneInterleaved } from './node-order.ts';
import { ELIGIBLE, HAS_TAINT } from '../../../cluster/specs.ts';
import { IndexedCycle } from './indexed-cycle.ts';
import { PlainCycle } from './plain-cycle.ts';
import { REFUSED } from '../constraints/class-filter.ts';
import { TallyBook } from '../constraints/tally-book.ts';
import { fits } from '../../../cluster/fit.ts';
import { leastAllocatedBalanced } from '../../../placement/policies/kubernetes-resources.ts';
import { mayUsePool } from '../../../placement/feasible.ts';
import type { ClusterView, FreeView } from '../../../cluster/cluster.ts';
import type { Draw } from '../../../placement/tie-rule.ts';
import type { NodeChoice } from '../kube-scheduler-options.ts';
import type { LocalScore } from './local-score.ts';
import type { PluginName } from '../framework/status.ts';
import type { PlacementRequest } from '../../../placement/policy.ts';
import type { Surroundings } from '../framework/surroundings.ts';
import type { SavedDraws } from '../../policy-choice.ts';

const LATEST = leastAllocatedBalanced.create({ version: '1.36' });

export interface DefaultProfileOptions {
  /** NodeResourcesFit + BalancedAllocation; without it those of 1.36. */
  readonly local?: LocalScore;
  /** percentageOfNodesToScore; without it the percentage that adapts to the number of nodes. */
  readonly percentage?: number;
  /** Versions up to 1.34 draw among equals; without draws, the rule from 1.35 on. */
  readonly draws?: SavedDraws | undefined;
  /** Feasibility is judged by these columns; without them by the ledger's own. */
  readonly free?: FreeView;
  /** Labels of namespaces; without them none has any. */
  readonly around?: Surroundings;
}

export class DefaultProfile implements NodeChoice {
  private readonly view: ClusterView;
  private readonly options: DefaultProfileOptions;
  private readonly local: LocalScore;
  private readonly percentage: number;
  private readonly draw: Draw | undefined;
  private readonly plain: PlainCycle;
  /** By cluster, then by pool, the whole cluster at NO_ROW. Made again from the columns after a restore. */
  private readonly indexes = new Map<number, Map<number, IndexedCycle>>();
  /** By cluster. */
  private readonly books: TallyBook[] = [];
  private nextStart = 0;
  /** The list that `order` was made from: the caller's array, as it was. */
  private listed: readonly number[] = [];
  private order: readonly number[] = [];

  constructor(view: ClusterView, options: DefaultProfileOptions = {}) {
    const { local = LATEST, percentage = ADAPTIVE, draws, free = view.hosts } = options;
    this.view = view;
    this.options = options;
    this.local = local;
    this.percentage = percentage;
    this.draw = draws === undefined ? undefined : () => draws.next();
    this.plain = new PlainCycle(view, free, local, this.draw);
  }

  choose(
    request: PlacementRequest,
    hosts: readonly number[],
    pool?: number,
    isOpen?: (host: number) => boolean,
  ): number {
    const cluster = this.view.workloads.cluster[request.workload]!;
    if (pool !== undefined && isOpen === undefined && this.options.free === undefined) {
      const index = this.indexOf(cluster, pool);
      const host = index.choose(request, this.nextStart);
      if (host !== undefined) {
        this.nextStart = index.nextStart;
        return host;
      }
    }
    const order = this.orderOf(hosts);
    const wanted = feasibleNodesToFind(order.length, this.percentage);
    const book = this.bookOf(cluster);
    const host = this.plain.choose(request, order, this.nextStart, wanted, book, isOpen);
    this.nextStart = this.plain.nextStart;
    return host;
  }

  /** Spreading, affinity between pods and host ports. */
  filter(
    request: PlacementRequest,
    hosts: readonly number[],
  ): ((host: number) => boolean) | undefined {
    const refusedBy = this.refuserOf(request, hosts);
    return refusedBy && ((host) => refusedBy(host) === REFUSED.byNobody);
  }

  /** The first plugin to refuse each node (kubernetes.md 1.4); undefined where labels, taints and room tell. */
  rejectors(request: PlacementRequest, hosts: readonly number[]): Set<PluginName> | undefined {
    const refusedBy = this.refuserOf(request, hosts);
    if (refusedBy === undefined) return undefined;
    const plugins = new Set<PluginName>();
    for (const host of hosts) plugins.add(this.rejectorOf(request, host, refusedBy(host)));
    return plugins;
  }

  passOver(): void {
    this.nextStart++;
  }

  save(): { nextStart: number; draws: unknown } {
    return { nextStart: this.nextStart, draws: this.options.draws?.save() ?? null };
  }

  restore({ nextStart, draws }: { nextStart: number; draws: unknown }): void {
    this.nextStart = nextStart;
    this.options.draws?.restore(draws);
    this.listed = [];
    this.order = [];
    this.indexes.clear();
    this.books.length = 0;
  }

  private refuserOf(
    request: PlacementRequest,
    hosts: readonly number[],
  ): ((host: number) => number) | undefined {
    const cluster = this.view.workloads.cluster[request.workload]!;
    return this.plain.refuserOf(request, hosts, this.bookOf(cluster));
  }

  /** In the order of the plugins (1.1). */
  private rejectorOf({ spec, workload }: PlacementRequest, host: number, by: number): PluginName {
    const { hosts, specs } = this.view;
    const eligibility = specs.eligibility(spec, hosts.kind[host]!);
    if (eligibility === HAS_TAINT) return 'TaintToleration';
    if (eligibility !== ELIGIBLE) return 'NodeAffinity';
    if (!mayUsePool(this.view, hosts.pool[host]!, workload)) return 'NodeAffinity';
    if (by === REFUSED.byPorts) return 'NodePorts';
    if (by === REFUSED.byNobody || !fits(specs, spec, this.options.free ?? hosts, host)) {
      return 'NodeResourcesFit';
    }
    return by === REFUSED.bySpread ? 'PodTopologySpread' : 'InterPodAffinity';
  }

  private orderOf(hosts: readonly number[]): readonly number[] {
    if (!sameRows(hosts, this.listed)) {
      this.listed = [...hosts];
      this.order = zoneInterleaved(hosts, (host) => this.view.hosts.zone[host]!);
    }
    return this.order;
  }

  private bookOf(cluster: number): TallyBook {
    return (this.books[cluster] ??= new TallyBook(this.view, cluster, this.options.around));
  }

  private indexOf(cluster: number, pool: number): IndexedCycle {
    let ofCluster = this.indexes.get(cluster);
    if (ofCluster === undefined) this.indexes.set(cluster, (ofCluster = new Map()));
    let index = ofCluster.get(pool);
    if (index === undefined) {
      const { view, local, percentage, draw } = this;
      index = new IndexedCycle(
        view,
        { cluster, pool },
        local,
        percentage,
        draw,
        this.bookOf(cluster),
      );
      ofCluster.set(pool, index);
    }
    return index;
  }
}

function sameRows(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((row, i) => row === b[i]);
}
