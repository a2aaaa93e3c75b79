/**
 * The disruption loop: one method at a time, one command at a time.
 *
 * Pass       every 10 s, and again at once after a command: emptiness, drift of static pools, drift, multi-node, single-node;
 *            the first that finds a command ends the pass. A command of consolidation is validated after 15 s, during which
 *            the loop does nothing else, and carried out; drift does not wait.
 * Thinking   takes modelled time: what was found at the end of it is the beginning of the wait.
 * Memo       a method of consolidation that found nothing is not asked again until the cluster changes: a host added, removed,
 *            ready or draining; a pod bound or deleted (not merely finished); or 5 minutes gone.
 * Nominated  nodes that a command sends pods to are no candidates for a while.
 * Forced     ends (forced.ts) at their times, outside of passes.
 * Departs    the memo is of the moment at which a method began to think, in the real one of that at which it ended.
 * Source     aws.md 1.17, 1.22, 1.23.
 */

import { CHANGE } from '../../../cluster/journal.ts';
import { CommandQueue } from './command-queue.ts';
import { HOST_STATE } from '../../../cluster/hosts.ts';
import { NEVER, US_PER_MINUTE, US_PER_MS, US_PER_SECOND } from '../../../base/units.ts';
import { PassNodes } from './pass-nodes.ts';
import { ProbeClock } from './probe-clock.ts';
import { SilentHosts } from './silent-hosts.ts';
import { TASK_STATE } from '../../../cluster/tasks.ts';
import { candidatesOf } from './candidate.ts';
import { driftOrders } from './drift.ts';
import { emptiness } from './emptiness.ts';
import { forcedEnds } from './forced.ts';
import { multiNodeConsolidation } from './multi-node.ts';
import { singleNodeConsolidation } from './single-node.ts';
import type { ActionBuffer } from '../../../orchestration/actions.ts';
import type { Change } from '../../../cluster/journal.ts';
import type { Command, Order, Pass } from './method.ts';
import type { KarpenterSettings } from '../settings.ts';
import type { Launcher } from './command-queue.ts';
import type { Pod } from '../pod.ts';
import type { Provisioner } from '../provisioner.ts';

const LOOP_US = 10 * US_PER_SECOND;
const VALIDATION_WAIT_US = 15 * US_PER_SECOND;
const MEMO_US = 5 * US_PER_MINUTE;
/** Long enough for a command's actions to be committed before the next pass looks. */
const AT_ONCE_US = US_PER_MS;

const METHODS = [emptiness, multiNodeConsolidation, singleNodeConsolidation] as const;

/** What the loop asks of the rest of Karpenter. */
export interface LoopWorld extends Launcher {
  podsToPlace(): readonly Pod[];
  isNominated(host: number): boolean;
  nominate(hosts: readonly number[]): void;
}

export class DisruptionLoop {
  wakeAtUs: number;

  private readonly provisioner: Provisioner;
  private readonly settings: KarpenterSettings;
  private readonly queue: CommandQueue;
  private readonly silent: SilentHosts;
  private passUs: number;
  private forcedUs = NEVER;
  /** The command under validation, found by METHODS[method]. */
  private pending: { method: number; command: Command; validateUs: number } | undefined;
  /** Number of changes that count for the memo, and when the last was. */
  private changes = 0;
  private changedUs = 0;
  /** Per method: the number of changes at which it last found nothing. */
  private readonly memo: number[] = METHODS.map(() => -1);
  private readonly unseenPools = new Set<string>();

  constructor(provisioner: Provisioner, settings: KarpenterSettings, phaseUs: number) {
    this.provisioner = provisioner;
    this.settings = settings;
    this.queue = new CommandQueue(provisioner.view);
    this.silent = new SilentHosts(provisioner, settings.nodeRepair);
    this.passUs = this.wakeAtUs = phaseUs;
  }

  /** Hosts that are marked for deletion and still take pods. */
  get leaving(): ReadonlySet<number> {
    return this.queue.leaving;
  }

  follow({ kind, row, value }: Readonly<Change>, timeUs: number): void {
    const { tasks, hosts } = this.provisioner.view;
    const { cluster } = this.provisioner;
    const ofHost = hosts.cluster[row] === cluster;
    const ofTask = tasks.cluster[row] === cluster;
    const counts =
      (kind === CHANGE.hostAdded && ofHost) ||
      (kind === CHANGE.hostRemoved && ofHost) ||
      (kind === CHANGE.hostState && ofHost && value >= HOST_STATE.ready) ||
      (kind === CHANGE.taskBound && ofTask) ||
      (kind === CHANGE.taskReleased && ofTask && tasks.state[row] === TASK_STATE.cancelled);
    if (counts) this.noteChange(timeUs);
  }

  run(nowUs: number, world: LoopWorld, out: ActionBuffer): void {
    if (nowUs < this.wakeAtUs) return;
    if (this.queue.advance(nowUs, out)) this.noteChange(nowUs);
    this.silent.look(nowUs);
    this.end(nowUs, out);
    if (nowUs - this.changedUs >= MEMO_US) this.noteChange(nowUs);
    if (this.pending === undefined && nowUs >= this.passUs) this.find(nowUs, world, out);
    else if (this.pending !== undefined && nowUs >= this.pending.validateUs) {
      this.finish(nowUs, world, out);
    }
    this.wakeAtUs = Math.min(
      this.pending?.validateUs ?? this.passUs,
      this.forcedUs,
      this.queue.wakeAtUs(nowUs),
    );
  }

  save() {
    return {
      wakeAtUs: this.wakeAtUs,
      passUs: this.passUs,
      forcedUs: this.forcedUs,
      pending: this.pending,
      changes: this.changes,
      changedUs: this.changedUs,
      memo: [...this.memo],
      unseenPools: [...this.unseenPools],
      queue: this.queue.save(),
      silent: this.silent.save(),
    };
  }

  restore(state: ReturnType<DisruptionLoop['save']>): void {
    this.wakeAtUs = state.wakeAtUs;
    this.passUs = state.passUs;
    this.forcedUs = state.forcedUs;
    this.pending = state.pending;
    this.changes = state.changes;
    this.changedUs = state.changedUs;
    this.memo.splice(0, Infinity, ...state.memo);
    this.unseenPools.clear();
    for (const pool of state.unseenPools) this.unseenPools.add(pool);
    this.queue.restore(state.queue);
    this.silent.restore(state.silent);
  }

  /** Something changed that consolidation must look at again. */
  noteChange(timeUs: number): void {
    this.changes++;
    this.changedUs = timeUs;
  }

  private find(nowUs: number, world: LoopWorld, out: ActionBuffer): void {
    const pass = this.passAt(nowUs, world);
    if (this.findWith(0, pass)) return;
    const drifted = driftOrders(pass);
    if (drifted.length > 0) {
      for (const order of drifted) this.carryOut(order, nowUs, world, out);
      this.passUs = nowUs + AT_ONCE_US;
      return;
    }
    if (this.findWith(1, pass) || this.findWith(2, pass)) return;
    this.passUs = nowUs + pass.clock.spentUs + LOOP_US;
  }

  /** True when a method has found a command, which now waits. */
  private findWith(at: number, pass: Pass): boolean {
    if (this.memo[at] === this.changes) return false;
    const { command, isFinal } = METHODS[at]!.find(pass);
    if (command !== undefined) {
      const validateUs = pass.nowUs + pass.clock.spentUs + VALIDATION_WAIT_US;
      this.pending = { method: at, command, validateUs };
      return true;
    }
    if (isFinal) this.memo[at] = this.changes;
    return false;
  }

  private finish(nowUs: number, world: LoopWorld, out: ActionBuffer): void {
    const { method, command } = this.pending!;
    this.pending = undefined;
    const order = METHODS[method]!.validate(command, this.passAt(nowUs, world));
    if (order === undefined) {
      this.passUs = nowUs + LOOP_US;
      return;
    }
    this.carryOut(order, nowUs, world, out);
    this.passUs = nowUs + AT_ONCE_US;
  }

  private carryOut(order: Order, nowUs: number, world: LoopWorld, out: ActionBuffer): void {
    if (!this.queue.start(order, nowUs, world, out)) return;
    world.nominate(order.nominated);
    this.noteChange(nowUs);
  }

  private passAt(nowUs: number, world: LoopWorld): Pass {
    const { provisioner, settings, leaving, unseenPools } = this;
    const around = {
      nowUs,
      civilNowUs: settings.civilStartUs + nowUs,
      settings,
      leaving,
      isNominated: (host: number) => world.isNominated(host),
    };
    const nodes = provisioner.hostsUpTo(HOST_STATE.ready).length;
    return {
      ...around,
      provisioner,
      candidates: candidatesOf(provisioner, around),
      podsToPlace: world.podsToPlace(),
      nodes: new PassNodes(provisioner, nowUs),
      clock: new ProbeClock(settings.probeUsPerNode * nodes),
      unseenPools,
    };
  }

  private end(nowUs: number, out: ActionBuffer): void {
    const { hosts, nextUs } = forcedEnds(
      this.provisioner,
      this.leaving,
      this.silent.sinceUs,
      nowUs,
    );
    for (const { host, reason } of hosts) {
      out.push({ kind: 'terminate', host, reason });
      this.queue.mark(host);
    }
    this.forcedUs = nextUs;
  }
}
