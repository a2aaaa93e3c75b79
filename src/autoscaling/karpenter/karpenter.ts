/**
 * Karpenter: launches nodes for pods that fit nowhere, and removes nodes that are not needed.
 *
 * Provisioning   pods that the scheduler refused open a batch (1 s idle, 10 s at most); each is triggered again every
 *                10 s until it is bound. When the batch closes, all of them and the pods of draining nodes are planned;
 *                each claim of the plan is launched. Karpenter binds nothing: the scheduler may place the pods otherwise.
 * Nomination     a ready node that the plan counts on is no candidate for disruption for 20 s.
 * Disruption     see disruption/loop.ts and disruption/forced.ts; the end of drains see termination-deadlines.ts.
 * Static pools   see static-capacity.ts.
 * Interruption   a spot node that gets its notice drains, and a node for its pods is planned with the next trigger; its
 *                offering is passed over for 3 minutes. Rebalance recommendations change nothing.
 * Departs        one timer triggers all refused pods, where the real controller has one a pod. A plan of new nodes takes no
 *                simulated time.
 * Left out       overlays, buffers; see the heads of the other files.
 * Source         aws.md 1.1-1.4, 1.22-1.24 (Karpenter 1.14).
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
import { PLAIN_SETTINGS } from './settings.ts';
import { StaticCapacity } from './static-capacity.ts';
import { TerminationDeadlines } from './termination-deadlines.ts';
import { isProtected, isStuck } from './pod-protection.ts';
import { podsOn } from './disruption/candidate.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { KarpenterSettings } from './settings.ts';
import type { LaunchableClaim } from './launch-choice.ts';
import type { LoopWorld } from './disruption/loop.ts';
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
  private readonly settings: KarpenterSettings;
  private readonly provisioner: Provisioner;
  private readonly pending: PendingPods;
  private readonly batcher = new Batcher();
  private readonly disruption: DisruptionLoop;
  private readonly cursor: JournalCursor;
  private readonly unavailable: UnavailableOfferings;
  private readonly staticCapacity: StaticCapacity;
  private readonly deadlines: TerminationDeadlines;
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
    settings: KarpenterSettings = PLAIN_SETTINGS,
  ) {
    this.view = view;
    this.settings = settings;
    this.provisioner = new Provisioner(view, cluster, nodePools, market, settings.planning);
    this.pending = new PendingPods(view, cluster, new Set(nodePools.map(({ pool }) => pool)));
    this.unavailable = new UnavailableOfferings(view);
    this.disruption = new DisruptionLoop(this.provisioner, settings, phaseUs);
    this.staticCapacity = new StaticCapacity(this.provisioner, nodePools);
    this.deadlines = new TerminationDeadlines(view, nodePools);
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
      if (change.kind === CHANGE.hostState) {
        this.unavailable.note(change.row, this.cursor.timeUs);
        this.deadlines.note(change.row, change.value, this.cursor.timeUs);
      }
      this.cursor.skip();
    }
    this.triggerBatch(nowUs);
    if (this.batcher.closesAtUs <= nowUs) {
      this.batcher.close();
      this.hasNews = false;
      this.provision(nowUs, out);
    }
    for (const claim of this.staticCapacity.missing(nowUs)) this.launch(claim, nowUs, out);
    this.deadlines.run(nowUs, out);
    this.disruption.run(nowUs, this.loopWorld(nowUs), out);
    this.wakeAtUs = Math.min(
      this.batcher.closesAtUs,
      this.nextTriggerUs,
      this.disruption.wakeAtUs,
      this.staticCapacity.wakeAtUs,
      this.deadlines.wakeAtUs,
    );
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
      staticCapacity: this.staticCapacity.save(),
      deadlines: this.deadlines.save(),
      nominatedUntilUs: [...this.nominatedUntilUs],
    };
  }

  restore(state: ReturnType<Karpenter['save']>): void {
    this.provisioner.forget();
    // Entries that were not read yet count as changes for the memo.
    this.cursor.version = state.version;
    this.wakeAtUs = state.wakeAtUs;
    this.nextTriggerUs = state.nextTriggerUs;
    this.hasNews = state.hasNews;
    this.pending.restore(state.pending);
    this.batcher.restore(state.batcher);
    this.disruption.restore(state.disruption);
    this.unavailable.restore(state.unavailable);
    this.staticCapacity.restore(state.staticCapacity);
    this.deadlines.restore(state.deadlines);
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
    const pods = this.podsToPlace(nowUs);
    if (pods.length === 0) return;
    const plan = this.provisioner.plan(pods, this.disruption.leaving);
    for (const claim of this.provisioner.creatable(plan.claims)) this.launch(claim, nowUs, out);
    this.nominate(
      plan.placements.map(({ host }) => host),
      nowUs,
    );
  }

  /** Nothing is ordered where no offering is to be had: the pods come with the next batch again. */
  private launch(claim: LaunchableClaim, nowUs: number, out: ActionBuffer): void {
    const choice = this.choose(claim, nowUs);
    if (choice === undefined) return;
    const { pool, instanceType, zone, spot } = choice;
    out.push({ kind: 'launch', pool, instanceType, zone, spot });
  }

  private choose(claim: LaunchableClaim, nowUs: number) {
    return chooseLaunch(claim, (type, offering) => this.unavailable.has(type, offering, nowUs));
  }

  private nominate(hosts: readonly number[], nowUs: number): void {
    for (const host of hosts) this.nominatedUntilUs.set(host, nowUs + NOMINATION_US);
  }

  private loopWorld(nowUs: number): LoopWorld {
    return {
      choose: (claim) => this.choose(claim, nowUs),
      podsToPlace: () => this.podsToPlace(nowUs),
      isNominated: (host) => (this.nominatedUntilUs.get(host) ?? 0) > nowUs,
      nominate: (hosts) => this.nominate(hosts, nowUs),
    };
  }

  /** Refused pods, and pods that will lose a node that is on its way out. */
  private podsToPlace(nowUs: number): Pod[] {
    const { view, settings } = this;
    const waiting = Array.from(this.pending.all(), (task) => podOf(view, task));
    const hosts = new Set([...this.drainingHosts(), ...this.disruption.leaving]);
    const leaving = [...hosts]
      .flatMap((host) => podsOn(view, host))
      .filter((task) => !isProtected(view, task, nowUs))
      .filter((task) => !isStuck(view, task, settings.podBudgets));
    return [...waiting, ...leaving.map((task) => podOf(view, task))];
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
