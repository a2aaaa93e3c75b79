/**
 * The end of a drain where a NodePool has a terminationGracePeriod T.
 *
 * Deadline   T after the node began to drain.
 * Pods       that are still there are stopped when what is left to the deadline is their own grace period, whatever
 *            PodDisruptionBudgets and do-not-disrupt say; one with a longer period than T, at once and with what is left.
 * At it      what still runs is deleted.
 * Source     aws.md 1.23 (terminator.go of Karpenter 1.14).
 */

import { HOST_STATE, NO_ROW } from '../../cluster/hosts.ts';
import { NEVER, US_PER_SECOND } from '../../base/units.ts';
import { PLAIN_POD } from '../../cluster/pod-template.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { NodePoolConfig } from './config.ts';

const GRACE_LEAST_US = US_PER_SECOND;

export class TerminationDeadlines {
  wakeAtUs = NEVER;
  private readonly view: ClusterView;
  private readonly graceByPool: ReadonlyMap<number, number>;
  /** By host that drains. */
  private readonly deadlines = new Map<number, number>();

  constructor(view: ClusterView, configs: readonly NodePoolConfig[]) {
    this.view = view;
    this.graceByPool = new Map(
      configs
        .filter(({ terminationGracePeriodUs }) => terminationGracePeriodUs < Infinity)
        .map(({ pool, terminationGracePeriodUs }) => [pool, terminationGracePeriodUs]),
    );
  }

  /** A host has changed its state at `atUs`. */
  note(host: number, state: number, atUs: number): void {
    const graceUs = this.graceByPool.get(this.view.hosts.pool[host]!);
    if (graceUs === undefined) return;
    if (state === HOST_STATE.draining) {
      this.deadlines.set(host, atUs + graceUs);
      this.wakeAtUs = atUs;
    } else this.deadlines.delete(host);
  }

  run(nowUs: number, out: ActionBuffer): void {
    if (nowUs < this.wakeAtUs) return;
    this.wakeAtUs = NEVER;
    for (const [host, deadlineUs] of this.deadlines) this.hurry(host, deadlineUs, nowUs, out);
  }

  save() {
    return { wakeAtUs: this.wakeAtUs, deadlines: [...this.deadlines] };
  }

  restore({ wakeAtUs, deadlines }: ReturnType<TerminationDeadlines['save']>): void {
    this.wakeAtUs = wakeAtUs;
    this.deadlines.clear();
    for (const [host, deadlineUs] of deadlines) this.deadlines.set(host, deadlineUs);
  }

  private hurry(host: number, deadlineUs: number, nowUs: number, out: ActionBuffer): void {
    const { hosts, tasks, specs } = this.view;
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      if (nowUs >= deadlineUs) {
        out.push({ kind: 'force-delete', task, reason: 'drained' });
        continue;
      }
      const { terminationGraceS } = specs.at(tasks.spec[task]!).pod ?? PLAIN_POD;
      const stopUs = Math.max(nowUs, deadlineUs - terminationGraceS * US_PER_SECOND);
      this.wakeAtUs = Math.min(
        this.wakeAtUs,
        deadlineUs,
        tasks.stopping[task] === 1 ? NEVER : stopUs,
      );
      if (stopUs > nowUs || tasks.stopping[task] === 1) continue;
      const graceUs = Math.max(GRACE_LEAST_US, deadlineUs - nowUs);
      out.push({ kind: 'stop-task', task, reason: 'drained', graceUs });
    }
  }
}
