/**
 * Evicts the pods that budgets cover from nodes that are being emptied by choice, or because EC2 wants them back: the Eviction API is asked for each, and what
 * it refuses is asked again every 10 s, as the Cluster Autoscaler does (kubernetes.md 3.7, 5.0).
 *
 * Order      nodes in the order in which their drains began; of a node's pods, the one bound last first.
 * Others     pods that no budget covers are stopped when the drain begins; those on nodes that fail do not wait either.
 * Spot       what two minutes do not suffice for ends with the node.
 * Departs    an autoscaler gives a drain up after a time and lets the node serve again; here it goes on until the node is empty.
 */

import { CHANGE, JournalCursor, changeBit } from '../../../cluster/journal.ts';
import { HOST_STATE, NO_ROW } from '../../../cluster/hosts.ts';
import { NEVER, US_PER_SECOND } from '../../../base/units.ts';
import { terminationReasons } from '../../../base/reason-code.ts';
import type { ActionBuffer } from '../../actions.ts';
import type { Budget, DisruptionBudgets } from './disruption-budgets.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Controller } from '../../controller.ts';
import type { TerminationReason } from '../../../base/reasons.ts';

const RETRY_US = 10 * US_PER_SECOND;
const FOLLOWED = changeBit(CHANGE.hostState);

interface State {
  readonly version: number;
  readonly wakeAtUs: number | null;
  readonly draining: readonly number[];
}

export class DrainController implements Controller {
  readonly actor = 'eviction-api';
  readonly phase = 'workload';
  readonly wakesOn = FOLLOWED;
  wakeAtUs = NEVER;

  private readonly view: ClusterView;
  private readonly cluster: number;
  private readonly budgets: DisruptionBudgets;
  private readonly cursor: JournalCursor;
  private readonly draining = new Set<number>();

  constructor(view: ClusterView, cluster: number, budgets: DisruptionBudgets) {
    this.view = view;
    this.cluster = cluster;
    this.budgets = budgets;
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
  }

  get background(): boolean {
    return this.wakeAtUs === NEVER;
  }

  wake(nowUs: number, out: ActionBuffer): void {
    const { hosts } = this.view;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      const { row, value } = change;
      if (hosts.cluster[row] !== this.cluster) continue;
      if (value === HOST_STATE.draining) this.draining.add(row);
      else this.draining.delete(row);
    }
    const spent = new Map<Budget, number>();
    let isWaiting = false;
    for (const host of this.draining) isWaiting = this.evictFrom(host, spent, out) || isWaiting;
    this.wakeAtUs = isWaiting ? nowUs + RETRY_US : NEVER;
  }

  save(): State {
    return {
      version: this.cursor.version,
      wakeAtUs: this.wakeAtUs === NEVER ? null : this.wakeAtUs,
      draining: [...this.draining],
    };
  }

  restore({ version, wakeAtUs, draining }: State): void {
    this.cursor.version = version;
    this.wakeAtUs = wakeAtUs ?? NEVER;
    this.draining.clear();
    for (const host of draining) this.draining.add(host);
  }

  /** True when a pod has to stay for now. */
  private evictFrom(host: number, spent: Map<Budget, number>, out: ActionBuffer): boolean {
    const { hosts, tasks } = this.view;
    const why = terminationReasons.wordOf(hosts.terminationReason[host]!);
    const isNotice = why === 'spot-interruption';
    if (!isNotice && !isByChoice(why)) return false;
    const drained = why.startsWith('consolidation') ? 'consolidated' : 'drained';
    const reason = isNotice ? why : drained;
    let isWaiting = false;
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      if (tasks.stopping[task] === 1 || !this.budgets.covers(task)) continue;
      const answer = this.budgets.answer(task, spent);
      if (answer === 'not-now' || answer === 'refused') {
        isWaiting = true;
        continue;
      }
      if (answer === 'counted') {
        for (const budget of this.budgets.of(task)) spent.set(budget, (spent.get(budget) ?? 0) + 1);
      }
      out.push({ kind: 'stop-task', task, reason });
    }
    return isWaiting;
  }
}

const CHOSEN: ReadonlySet<string> = new Set<TerminationReason>([
  'unneeded',
  'consolidation-empty',
  'consolidation-underutilized',
  'drifted',
  'expired',
  'retired',
]);

/** Whether a host that ends for a reason is emptied through the Eviction API. */
export function isByChoice(reason: string): boolean {
  return CHOSEN.has(reason);
}
