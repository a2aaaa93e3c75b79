/**
 * Commands being carried out: which nodes are marked for deletion, and which of them wait for replacements.
 *
 * Delete     nodes without replacements are ended at once.
 * Failed     a replacement for which there is no offering left is not ordered, and the command is dropped.
 */

import { HOST_STATE } from '../../../cluster/hosts.ts';
import { NEVER, US_PER_SECOND } from '../../../base/units.ts';
import { Replacements } from './replacements.ts';
import type { ActionBuffer } from '../../../orchestration/actions.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { LaunchChoice, LaunchableClaim } from '../launch-choice.ts';
import type { Order } from './method.ts';

const POLL_US = US_PER_SECOND;

export interface Launcher {
  /** What a claim would become; undefined when no offering of it can be had. */
  choose(claim: LaunchableClaim): LaunchChoice | undefined;
}

export class CommandQueue {
  private readonly view: ClusterView;
  private readonly replacements: Replacements;
  private readonly marked = new Set<number>();

  constructor(view: ClusterView) {
    this.view = view;
    this.replacements = new Replacements(view);
  }

  /** Hosts that are marked for deletion and not yet drained. */
  get leaving(): ReadonlySet<number> {
    return this.marked;
  }

  wakeAtUs(nowUs: number): number {
    return this.replacements.isEmpty ? NEVER : nowUs + POLL_US;
  }

  mark(host: number): void {
    this.marked.add(host);
  }

  /** True when the command has begun. */
  start(order: Order, nowUs: number, launcher: Launcher, out: ActionBuffer): boolean {
    const { hosts, reason } = order;
    const launches: LaunchChoice[] = [];
    for (const claim of order.replacements) {
      const choice = launcher.choose(claim);
      if (choice === undefined) return false;
      launches.push(choice);
    }
    for (const host of hosts) this.marked.add(host);
    if (launches.length > 0) {
      this.replacements.start({ hosts, reason, launches, orderedUs: nowUs }, out);
    } else for (const host of hosts) out.push({ kind: 'terminate', host, reason });
    return true;
  }

  /** Ends nodes whose replacements are there; true when some stay after all. */
  advance(nowUs: number, out: ActionBuffer): boolean {
    const { state } = this.view.hosts;
    // A host that drains shows so in its own state.
    for (const host of this.marked) if (state[host]! > HOST_STATE.ready) this.marked.delete(host);
    const staying = this.replacements.advance(nowUs, out);
    for (const host of staying) this.marked.delete(host);
    return staying.length > 0;
  }

  save() {
    return { marked: [...this.marked], replacements: this.replacements.save() };
  }

  restore({ marked, replacements }: ReturnType<CommandQueue['save']>): void {
    this.marked.clear();
    for (const host of marked) this.marked.add(host);
    this.replacements.restore(replacements);
  }
}
