/**
 * One scheduling cycle as it is told: filter nodes of the list from a start until enough are feasible, score each of these,
 * take the best. For cases that no index follows: a cache that lags, a request that is not remembered.
 *
 *     total(n) = host-local scores + what the rules of the request give the node's class
 *
 * Window     the (wanted + 1)-th feasible node stops the search and is dropped: the next cycle starts with it
 *            (kubernetes.md 1.4, parallelism 1).
 * Feasible   by the columns of `free`; scores and rules by the ledger's own.
 */

import { ClassFilter, REFUSED } from '../constraints/class-filter.ts';
import { ClassScores } from './class-scores.ts';
import { NO_HOST } from '../../../placement/policy.ts';
import { NO_ROW } from '../../../cluster/hosts.ts';
import { NodeClasses } from './node-classes.ts';
import { PodRules } from '../constraints/pod-rules.ts';
import { drawnMaximum, preorderMaximum } from './heap-order.ts';
import { localScore } from './local-score.ts';
import { isFeasible } from '../../../placement/feasible.ts';
import type { ClusterView, FreeView } from '../../../cluster/cluster.ts';
import type { Draw } from '../../../placement/tie-rule.ts';
import type { LocalScore } from './local-score.ts';
import type { PlacementRequest } from '../../../placement/policy.ts';
import type { Scored } from './class-scores.ts';
import type { TallyBook } from '../constraints/tally-book.ts';

/** Rules kept at most: those used last. */
const RULES_MAX = 64;

export class PlainCycle {
  /** Where the next cycle starts. */
  nextStart = 0;
  private readonly view: ClusterView;
  private readonly free: FreeView;
  private readonly local: LocalScore;
  private readonly draw: Draw | undefined;
  private readonly filter = new ClassFilter();
  private readonly scores = new ClassScores();
  /** By template, those used last at the end. */
  private readonly known = new Map<number, Scored>();
  private latest = NO_ROW;
  private readonly feasible: number[] = [];

  constructor(view: ClusterView, free: FreeView, local: LocalScore, draw: Draw | undefined) {
    this.view = view;
    this.free = free;
    this.local = local;
    this.draw = draw;
  }

  /** The node for the request, or NO_HOST. `book` is that of the cluster whose nodes these are. */
  choose(
    request: PlacementRequest,
    order: readonly number[],
    start: number,
    wanted: number,
    book: TallyBook,
    isOpen?: (node: number) => boolean,
  ): number {
    book.advance();
    const scored = this.scoredBy(request, book);
    this.findFeasible(request, order, start, wanted, refuser(this.filter, scored, order), isOpen);
    const { feasible, draw } = this;
    if (feasible.length === 0) return NO_HOST;
    // Taken without scoring (kubernetes.md 1.3, step 7).
    if (feasible.length === 1) return feasible[0]!;
    const totals = this.totals(request, scored, localScore(this.local, book));
    return feasible[draw === undefined ? preorderMaximum(totals) : drawnMaximum(totals, draw)]!;
  }

  /** Says of a node of the list which of REFUSED the rules of the request make of it; undefined when they refuse nothing. */
  refuserOf(
    request: PlacementRequest,
    order: readonly number[],
    book: TallyBook,
  ): ((node: number) => number) | undefined {
    book.advance();
    const scored = this.scoredBy(request, book);
    return scored.rules.filters ? refuser(new ClassFilter(), scored, order) : undefined;
  }

  private scoredBy(request: PlacementRequest, book: TallyBook): Scored {
    const { known, view } = this;
    const template = view.specs.templateOf(request.spec);
    let scored = known.get(template);
    if (template === this.latest && scored?.rules.isVoid === false) return scored;
    this.latest = template;
    known.delete(template);
    if (scored?.rules.isVoid !== false) {
      scored?.rules.close();
      const rules = new PodRules(view, request, book);
      scored = { rules, classes: new NodeClasses(view, rules) };
    }
    known.set(template, scored);
    if (known.size > RULES_MAX) {
      const [oldest] = known.keys();
      known.get(oldest!)!.rules.close();
      known.delete(oldest!);
    }
    return scored;
  }

  private findFeasible(
    request: PlacementRequest,
    order: readonly number[],
    start: number,
    wanted: number,
    refusedBy: ((node: number) => number) | undefined,
    isOpen: ((node: number) => boolean) | undefined,
  ): void {
    const { feasible, view, free } = this;
    feasible.length = 0;
    let visited = 0;
    for (; visited < order.length; visited++) {
      const node = order[(start + visited) % order.length]!;
      if (!isFeasible(view, free, request, node)) continue;
      if (refusedBy !== undefined && refusedBy(node) !== REFUSED.byNobody) continue;
      if (isOpen?.(node) === false) continue;
      if (feasible.length === wanted) break;
      feasible.push(node);
    }
    this.nextStart = order.length === 0 ? start : (start + visited) % order.length;
  }

  private totals(request: PlacementRequest, scored: Scored, local: LocalScore): number[] {
    const { feasible, view, scores } = this;
    const nodes = new Map<number, number>();
    const classOf = feasible.map((node) => scored.classes.of(node));
    for (const nodeClass of classOf) nodes.set(nodeClass, (nodes.get(nodeClass) ?? 0) + 1);
    scores.compute(scored, {
      classes: [...nodes.keys()],
      classCount: nodes.size,
      nodesOf: (nodeClass) => nodes.get(nodeClass)!,
    });
    return feasible.map(
      (node, i) => local.score(node, request, view) + scores.totals[classOf[i]!]!,
    );
  }
}

function refuser(
  filter: ClassFilter,
  { rules, classes }: Scored,
  order: readonly number[],
): ((node: number) => number) | undefined {
  if (!rules.filters) return undefined;
  const classOf = order.map((node) => classes.of(node));
  const sizes = new Int32Array(classes.count);
  for (const nodeClass of classOf) sizes[nodeClass]!++;
  const refused = filter.refusedBy(rules, classes, sizes);
  return (node) => refused[classes.of(node)]!;
}
