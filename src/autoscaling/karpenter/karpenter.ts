/**
 * Karpenter: launches nodes for pods that fit nowhere, and removes nodes that are not needed.
 *
 * Provisioning   pods that the scheduler refused open a batch (1 s idle, 10 s at most); each is triggered again every
 *                10 s until it is bound. When the batch closes, all of them and the pods of draining nodes are planned;
 *                each claim of the plan is launched. Karpenter binds nothing: the scheduler may place the pods otherwise.
 * Nomination     a ready node that the plan counts on is no candidate for disruption for 20 s.
 * Disruption     see disruption/loop.ts; expiry see disruption/expiration.ts.
 * Departs        one timer triggers all refused pods, where the real controller has one a pod. A plan takes no
 *                simulated time.
 * Left out       drift, repair, interruption queue, static capacity, overlays, buffers; see the heads of the other files.
 * Source         aws.md 1.1-1.4, 1.22 (Karpenter 1.14).
 */

import { CHANGE, JournalCursor, changeBits } from '../../cluster/journal.ts';
import { HOST_STATE } from '../../cluster/hosts.ts';
import { US_PER_SECOND } from '../../base/units.ts';
import { BATCH_MAX_US, Batcher } from './batcher.ts';
import { DisruptionLoop } from './disruption/loop.ts';
import { PendingPods } from './pending-pods.ts';
import { Provisioner } from './provisioner.ts';
import { chooseLaunch } from './launch-choice.ts';
import { UnavailableOfferings } from './unavailable-offerings.ts';
import { podOf } from './pod.ts';
import { podsOn } from './disruption/candidate.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { Market } from '../../orchestration/host-description.ts';
import type { NodePoolConfig } from './config.ts';
import type { Pod } from './pod.ts';

/** Period of the controllers that trigger a batch for pods still refused and nodes still draining. */
const RETRIGGER_US = 10 * US_PER_SECOND;
const NOMINATION_US = Math.max(2 * BATCH_MAX_US, 10 * US_PER_SECOND);

const FOLLOWED = changeBits(
  CHANGE.taskPending,
  CHANGE.taskRefused,
  CHANGE.taskBound,
  CHANGE.taskWithdrawn,
  CHANGE.taskReleased,
  CHANGE.hostAdded,
  CHANGE.hostState,
  CHANGE.hostRemoved,
);

export class Karpenter implements Controller {
  readonly actor = 'karpenter';
  readonly phase = 'autoscaling';
  readonly wakesOn = changeBits(CHANGE.taskRefused);
  wakeAtUs: number;

  private readonly view: ClusterView;
  private readonly provisioner: Provisioner;
  private readonly pending: PendingPods;
  private readonly batcher = new Batcher();
  private readonly disruption: DisruptionLoop;
  private readonly cursor: JournalCursor;
  private readonly unavailable: UnavailableOfferings;
  /** Host -> time until which a plan counts on it. */
  private readonly nominatedUntilUs = new Map<number, number>();
  private nextTriggerUs: number;
  /** The open batch holds a pod that was in no batch before. */
  private hasNews = false;

  /** `phaseUs` is the first time of the periodic loops. */
  constructor(
    view: ClusterView,
    cluster: number,
    nodePools: readonly NodePoolConfig[],
    market: Market,
    phaseUs: number,
  ) {
    this.view = view;
    this.provisioner = new Provisioner(view, cluster, nodePools, market);
    this.pending = new PendingPods(view, cluster, new Set(nodePools.map(({ pool }) => pool)));
    this.unavailable = new UnavailableOfferings(view);
    this.disruption = new DisruptionLoop(this.provisioner, phaseUs);
    this.cursor = new JournalCursor(view.journal, FOLLOWED);
    this.nextTriggerUs = phaseUs;
    this.wakeAtUs = phaseUs;
  }

  /** Only pods that are new to it keep a run going: whatever else it does, it has tried before. */
  get background(): boolean {
    return !this.hasNews;
  }

  wake(nowUs: number, out: ActionBuffer): void {
    if (this.cursor.isOvertaken) this.recover(nowUs);
    for (let change = this.cursor.peek(); change !== undefined; change = this.cursor.peek()) {
      this.pending.follow(change);
      this.disruption.follow(change, this.cursor.timeUs);
      if (change.kind === CHANGE.hostState) this.unavailable.note(change.row, this.cursor.timeUs);
      this.cursor.skip();
    }
    this.triggerBatch(nowUs);
    if (this.batcher.closesAtUs <= nowUs) {
      this.batcher.close();
      this.hasNews = false;
      this.provision(nowUs, out);
    }
    const isNominated = (host: number) => (this.nominatedUntilUs.get(host) ?? 0) > nowUs;
    this.disruption.run(nowUs, () => this.podsToPlace(), isNominated, out);
    this.wakeAtUs = Math.min(this.batcher.closesAtUs, this.nextTriggerUs, this.disruption.wakeAtUs);
  }

  save() {
    return {
      version: this.cursor.version,
      wakeAtUs: this.wakeAtUs,
      nextTriggerUs: this.nextTriggerUs,
      hasNews: this.hasNews,
      pending: this.pending.save(),
      batcher: this.batcher.save(),
      disruption: this.disruption.save(),
      unavailable: this.unavailable.save(),
      nominatedUntilUs: [...this.nominatedUntilUs],
    };
  }

  restore(state: ReturnType<Karpenter['save']>): void {
    // Entries that were not read yet count as changes for the memo.
    this.cursor.version = state.version;
    this.wakeAtUs = state.wakeAtUs;
    this.nextTriggerUs = state.nextTriggerUs;
    this.hasNews = state.hasNews;
    this.pending.restore(state.pending);
    this.batcher.restore(state.batcher);
    this.disruption.restore(state.disruption);
    this.unavailable.restore(state.unavailable);
    this.nominatedUntilUs.clear();
    for (const [host, untilUs] of state.nominatedUntilUs) this.nominatedUntilUs.set(host, untilUs);
  }

  /** More happened since the last wake than the journal holds. */
  private recover(nowUs: number): void {
    this.pending.rebuild();
    this.disruption.noteChange(nowUs);
    this.cursor.version = this.view.journal.version;
  }

  private triggerBatch(nowUs: number): void {
    for (const task of this.pending.takeJoined()) {
      this.batcher.trigger(task, nowUs);
      this.hasNews = true;
    }
    if (nowUs < this.nextTriggerUs) return;
    while (this.nextTriggerUs <= nowUs) this.nextTriggerUs += RETRIGGER_US;
    this.forgetOldNominations(nowUs);
    for (const task of this.pending.all()) this.batcher.trigger(task, nowUs);
    // Nodes share the numbers of the window with pods: theirs are negative.
    for (const host of this.drainingHosts()) {
      if (podsOn(this.view, host).length > 0) this.batcher.trigger(-1 - host, nowUs);
    }
  }

  private provision(nowUs: number, out: ActionBuffer): void {
    const pods = this.podsToPlace();
    if (pods.length === 0) return;
    const plan = this.provisioner.plan(pods, this.disruption.leaving);
    for (const claim of plan.claims) {
      const { pool, instanceType, zone, spot } = chooseLaunch(claim, (type, offering) =>
        this.unavailable.has(type, offering, nowUs),
      );
      out.push({ kind: 'launch', pool, instanceType, zone, spot });
    }
    for (const { host } of plan.placements) {
      this.nominatedUntilUs.set(host, nowUs + NOMINATION_US);
    }
  }

  /** Refused pods, and pods that will lose a node that is on its way out. */
  private podsToPlace(): Pod[] {
    const waiting = Array.from(this.pending.all(), (task) => podOf(this.view, task));
    const hosts = new Set([...this.drainingHosts(), ...this.disruption.leaving]);
    const leaving = [...hosts].flatMap((host) => podsOn(this.view, host));
    return [...waiting, ...leaving.map((task) => podOf(this.view, task))];
  }

  private drainingHosts(): number[] {
    return this.provisioner
      .hostsUpTo(HOST_STATE.draining)
      .filter((host) => this.view.hosts.state[host] === HOST_STATE.draining);
  }

  private forgetOldNominations(nowUs: number): void {
    for (const [host, untilUs] of this.nominatedUntilUs) {
      if (untilUs <= nowUs) this.nominatedUntilUs.delete(host);
    }
  }
}
