/**
 * The disruption loop: one method at a time, one command at a time.
 *
 * Pass       every 10 s, and again at once after a command: emptiness, multi-node, single-node; the first that finds
 *            a command ends the pass. After 15 s, during which the loop does nothing else, the command is validated and
 *            carried out.
 * Memo       a method that found nothing is not asked again until the cluster changes: a host added, removed, ready or
 *            draining; a pod bound or deleted (not merely finished); or 5 minutes gone.
 * Expiry     at its time, outside of passes.
 * Left out   drift.
 * Source     aws.md 1.17, 1.22, 1.23.
 */

import { CHANGE } from '../../../cluster/journal.ts';
import { HOST_STATE } from '../../../cluster/hosts.ts';
import { NEVER, US_PER_MINUTE, US_PER_MS, US_PER_SECOND } from '../../../base/units.ts';
import { Replacements } from './replacements.ts';
import { TASK_STATE } from '../../../cluster/tasks.ts';
import { candidatesOf } from './candidate.ts';
import { emptiness } from './emptiness.ts';
import { expiryOf } from './expiration.ts';
import { multiNodeConsolidation } from './multi-node.ts';
import { singleNodeConsolidation } from './single-node.ts';
import type { ActionBuffer } from '../../../orchestration/actions.ts';
import type { Change } from '../../../cluster/journal.ts';
import type { Command, Pass } from './method.ts';
import type { Pod } from '../pod.ts';
import type { Provisioner } from '../provisioner.ts';

const LOOP_US = 10 * US_PER_SECOND;
const VALIDATION_WAIT_US = 15 * US_PER_SECOND;
const MEMO_US = 5 * US_PER_MINUTE;
/** Long enough for a command's actions to be committed before the next pass looks. */
const AT_ONCE_US = US_PER_MS;
const REPLACEMENT_POLL_US = US_PER_SECOND;

const METHODS = [emptiness, multiNodeConsolidation, singleNodeConsolidation] as const;

export class DisruptionLoop {
  wakeAtUs: number;
  /** Hosts that are marked for deletion and still take pods. */
  readonly leaving = new Set<number>();

  private readonly provisioner: Provisioner;
  private readonly replacements: Replacements;
  private passUs: number;
  private expiryUs = NEVER;
  /** The command under validation, found by METHODS[method]. */
  private pending: { method: number; command: Command; validateUs: number } | undefined;
  /** Number of changes that count for the memo, and when the last was. */
  private changes = 0;
  private changedUs = 0;
  /** Per method: the number of changes at which it last found nothing. */
  private readonly memo: number[] = METHODS.map(() => -1);

  constructor(provisioner: Provisioner, phaseUs: number) {
    this.provisioner = provisioner;
    this.replacements = new Replacements(provisioner.view);
    this.passUs = this.wakeAtUs = phaseUs;
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

  run(
    nowUs: number,
    podsToPlace: () => readonly Pod[],
    isNominated: (host: number) => boolean,
    out: ActionBuffer,
  ): void {
    if (nowUs < this.wakeAtUs) return;
    this.forgetGone();
    for (const host of this.replacements.advance(nowUs, out)) this.leaving.delete(host);
    this.expire(nowUs, out);
    if (nowUs - this.changedUs >= MEMO_US) this.noteChange(nowUs);
    if (this.pending === undefined ? nowUs >= this.passUs : nowUs >= this.pending.validateUs) {
      const { provisioner, leaving } = this;
      const around = { nowUs, leaving, isNominated };
      const candidates = candidatesOf(provisioner, around);
      const pass = { ...around, provisioner, candidates, podsToPlace: podsToPlace() };
      if (this.pending === undefined) this.find(pass);
      else this.finish(this.pending.method, this.pending.command, pass, out);
    }
    this.wakeAtUs = Math.min(
      this.pending?.validateUs ?? this.passUs,
      this.expiryUs,
      this.replacements.isEmpty ? NEVER : nowUs + REPLACEMENT_POLL_US,
    );
  }

  save() {
    return {
      wakeAtUs: this.wakeAtUs,
      passUs: this.passUs,
      expiryUs: this.expiryUs,
      pending: this.pending,
      changes: this.changes,
      changedUs: this.changedUs,
      leaving: [...this.leaving],
      memo: [...this.memo],
      replacements: this.replacements.save(),
    };
  }

  restore(state: ReturnType<DisruptionLoop['save']>): void {
    this.wakeAtUs = state.wakeAtUs;
    this.passUs = state.passUs;
    this.expiryUs = state.expiryUs;
    this.pending = state.pending;
    this.changes = state.changes;
    this.changedUs = state.changedUs;
    this.leaving.clear();
    for (const host of state.leaving) this.leaving.add(host);
    this.memo.splice(0, Infinity, ...state.memo);
    this.replacements.restore(state.replacements);
  }

  private find(pass: Pass): void {
    const { nowUs } = pass;
    this.passUs = nowUs + LOOP_US;
    for (const [at, method] of METHODS.entries()) {
      if (this.memo[at] === this.changes) continue;
      const { command, isFinal } = method.find(pass);
      if (command !== undefined) {
        this.pending = { method: at, command, validateUs: nowUs + VALIDATION_WAIT_US };
        return;
      }
      if (isFinal) this.memo[at] = this.changes;
    }
  }

  private finish(method: number, found: Command, pass: Pass, out: ActionBuffer): void {
    const { nowUs } = pass;
    this.pending = undefined;
    const command = METHODS[method]!.validate(found, pass);
    if (command === undefined) {
      this.passUs = nowUs + LOOP_US;
      return;
    }
    this.passUs = nowUs + AT_ONCE_US;
    const { hosts, reason, replacement: launch } = command;
    for (const host of hosts) this.leaving.add(host);
    this.noteChange(nowUs);
    if (launch !== undefined) {
      this.replacements.start({ hosts, reason, launch, orderedUs: nowUs }, out);
      return;
    }
    for (const host of hosts) out.push({ kind: 'terminate', host, reason });
  }

  private expire(nowUs: number, out: ActionBuffer): void {
    const { hosts, nextUs } = expiryOf(this.provisioner, this.leaving, nowUs);
    for (const host of hosts) {
      out.push({ kind: 'terminate', host, reason: 'expired' });
      this.leaving.add(host);
    }
    this.expiryUs = nextUs;
  }

  /** Something changed that consolidation must look at again. */
  noteChange(timeUs: number): void {
    this.changes++;
    this.changedUs = timeUs;
  }

  /** A host that drains shows so in its own state. */
  private forgetGone(): void {
    const { state } = this.provisioner.view.hosts;
    for (const host of this.leaving) {
      if (state[host]! > HOST_STATE.ready) this.leaving.delete(host);
    }
  }
}
