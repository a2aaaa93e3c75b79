/**
 * Kubernetes Cluster Autoscaler: grows the Auto Scaling groups of a cluster for pods that fit nowhere, shrinks them by
 * nodes that are not needed.
 *
 * Loop       every `scanIntervalUs`; earlier when the scheduler refuses a pod, and at once after a loop that added or
 *            removed nodes, but never sooner than `cluster-autoscaler.loop-s` after the start of the one before.
 * Order      failed and overdue requests, an unhealthy cluster?, snapshot, nodes to come, filter out schedulable, too young?,
 *            scale-up, unneeded nodes, cooldown?, scale-down (kubernetes.md 5.2).
 * To come    what a group should have and has not ready, while a request for it is open and it is not backed off: as
 *            templates, with their daemons.
 * Cooldown   no deletion in a loop that scaled up or waits for young pods, within `delayAfterAddUs` of a scale-up or within
 *            `delayAfterDeleteUs` of a deletion.
 * Decides    set-pool-desired up by the chosen option; taints, evictions, then terminate with set-pool-desired down, between
 *            loops too (`node-deletions.ts`); soft taints of unneeded nodes.
 * Departs    nodes outside its groups do not count for the health of the cluster. Starting a deletion never fails here, so
 *            there is no cooldown after a failure. No salvo and no parallel scale-up, no provisioning requests, no capacity buffers.
 * Source     kubernetes.md 5; the files of this folder name their clauses.
 */

import { CHANGE, changeBit } from '../../cluster/journal.ts';
import { ClusterSnapshot, NO_NODE } from './cluster-snapshot.ts';
import { GroupState } from './group-state.ts';
import { HOST_STATE, NO_ROW } from '../../cluster/hosts.ts';
import { MovablePods } from './movable-pods.ts';
import { NodeDeletions } from './node-deletions.ts';
import { NodeTemplates, daemonsOf } from './node-template.ts';
import { PendingTasks } from '../capacity-provider/pending-tasks.ts';
import { PodSpecs } from './pod-specs.ts';
import { ScaleUp } from './scale-up.ts';
import { UnneededNodes } from './unneeded-nodes.ts';
import { areTooYoung, unschedulablePods } from './unschedulable-pods.ts';
import { chooseOption } from './expander.ts';
import { isNotStarted } from './cluster-state.ts';
import { filterOutSchedulable } from './filter-out-schedulable.ts';
import { nodesToDelete } from './scale-down.ts';
import { updateSoftTaints } from './soft-taints.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { DeletionTimes } from './node-deletions.ts';
import type { DisruptionBudgets } from '../../orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { Draw } from '../../placement/tie-rule.ts';
import type { Expander } from './expander.ts';
import type { GroupOptions, GroupStateState } from './group-state.ts';
import type { Market } from '../../orchestration/host-description.ts';
import type { NodeGroup } from './node-template.ts';
import type { SkippedNodes } from './pod-rules.ts';
import type { Surroundings } from '../../orchestration/kubernetes/framework/surroundings.ts';
import type { ScaleDownLimits } from './scale-down.ts';
import type { ScaleUpLimits } from './scale-up.ts';
import type { UnneededOptions } from './unneeded-nodes.ts';

export interface ClusterAutoscalerOptions extends UnneededOptions, GroupOptions {
  readonly cluster: number;
  readonly groups: readonly NodeGroup[];
  readonly expanders: readonly Expander[];
  /** Decides between options that the expanders leave; undefined takes the first. */
  readonly tieDraw: Draw | undefined;
  readonly scaleUp: ScaleUpLimits;
  readonly scaleDown: ScaleDownLimits & DeletionTimes;
  readonly budgets: DisruptionBudgets;
  /** Labels of namespaces, by name. */
  readonly namespaces?: Surroundings['namespaces'];
  readonly skips: SkippedNodes;
  /** Pods that are not older wait for a later loop. */
  readonly newPodDelayUs: number;
  readonly delayAfterAddUs: number;
  readonly delayAfterDeleteUs: number;
  /** Pods of lower priority are worth no node, and hold none. */
  readonly expendableBelow: number;
  /** False: nodes are added, and none is ever taken away. */
  readonly removesNodes: boolean;
  /** Soft taints of one loop. */
  readonly softTaintsMax: number;
  /** Time of the first loop. */
  readonly phaseUs: number;
}

interface ClusterAutoscalerState {
  readonly loopAtUs: number;
  readonly background: boolean;
  readonly loopedUs: number;
  readonly lastScaleUpUs: number;
  readonly lastDeletionUs: number;
  readonly lastMatch: number;
  readonly pendingVersion: number;
  readonly groups: GroupStateState;
  readonly templates: readonly number[];
  readonly unneeded: ReturnType<UnneededNodes['save']>;
  readonly deletions: ReturnType<NodeDeletions['save']>;
}

const NONE: ReadonlySet<number> = new Set();

/** What the scale-up half of a loop did. */
type ScaleUpOutcome = 'scaled-up' | 'too-young' | 'nothing';

export class ClusterAutoscaler implements Controller {
  readonly actor = 'cluster-autoscaler';
  readonly phase = 'autoscaling';
  readonly wakesOn = changeBit(CHANGE.taskRefused);
  /** False while pods wait for a further loop that may help them. */
  background = true;

  private readonly view: ClusterView;
  private readonly options: ClusterAutoscalerOptions;
  private readonly loopUs: number;
  private readonly groupPools: ReadonlySet<number>;
  private readonly pending: PendingTasks;
  private readonly podSpecs: PodSpecs;
  private readonly templates: NodeTemplates;
  private readonly groups: GroupState;
  private readonly growth: ScaleUp;
  private readonly unneeded: UnneededNodes;
  private readonly deletions: NodeDeletions;
  private loopAtUs: number;
  private loopedUs = -Infinity;
  private lastScaleUpUs = -Infinity;
  private lastDeletionUs = -Infinity;
  private lastMatch = 0;

  constructor(view: ClusterView, options: ClusterAutoscalerOptions, market: Market) {
    this.view = view;
    this.options = options;
    this.loopUs = market.parameters.us('cluster-autoscaler.loop-s');
    this.loopAtUs = options.phaseUs;
    const pools = options.groups.map(({ pool }) => pool);
    this.groupPools = new Set(pools);
    this.pending = new PendingTasks(view);
    this.podSpecs = new PodSpecs(view, options.namespaces, options.expendableBelow);
    this.templates = new NodeTemplates(view, options.groups, market);
    const groups = new GroupState(view, pools, options);
    this.groups = groups;
    this.growth = new ScaleUp(view, this.podSpecs, options.scaleUp, (pool) =>
      groups.targetOf(pool),
    );
    const movable = new MovablePods(view, options.budgets, options.skips);
    this.unneeded = new UnneededNodes(view, options, movable);
    this.deletions = new NodeDeletions(view, options.scaleDown, movable);
  }

  get wakeAtUs(): number {
    return Math.min(this.loopAtUs, this.deletions.nextUs);
  }

  wake(nowUs: number, out: ActionBuffer): void {
    const { tasks } = this.view;
    let podRefused = false;
    this.pending.advance((task) => {
      podRefused ||= tasks.cluster[task] === this.options.cluster;
    });
    this.groups.advance();
    if (podRefused) this.loopAtUs = Math.min(this.loopAtUs, this.loopedUs + this.loopUs);
    if (nowUs < this.loopAtUs) return this.advanceDeletions(nowUs, out);
    this.loopedUs = nowUs;
    const isProductive = this.runOnce(nowUs, out);
    this.loopAtUs = nowUs + (isProductive ? this.loopUs : this.options.scanIntervalUs);
  }

  save(): ClusterAutoscalerState {
    const { loopAtUs, background, loopedUs, lastScaleUpUs, lastDeletionUs, lastMatch } = this;
    return {
      loopAtUs,
      background,
      loopedUs,
      lastScaleUpUs,
      lastDeletionUs,
      lastMatch,
      pendingVersion: this.pending.version,
      groups: this.groups.save(),
      templates: this.templates.save(),
      unneeded: this.unneeded.save(),
      deletions: this.deletions.save(),
    };
  }

  restore(state: ClusterAutoscalerState): void {
    this.loopAtUs = state.loopAtUs;
    this.background = state.background;
    this.loopedUs = state.loopedUs;
    this.lastScaleUpUs = state.lastScaleUpUs;
    this.lastDeletionUs = state.lastDeletionUs;
    this.lastMatch = state.lastMatch;
    this.groups.restore(state.groups);
    this.templates.restore(state.templates);
    this.unneeded.restore(state.unneeded);
    this.deletions.restore(state.deletions);
    this.pending.rebuild(state.pendingVersion);
  }

  /** One loop; true when it added or removed nodes. */
  private runOnce(nowUs: number, out: ActionBuffer): boolean {
    const { groups } = this;
    groups.begin(nowUs, out);
    this.advanceDeletions(nowUs, out);
    if (!groups.isClusterHealthy()) {
      this.unneeded.forget();
      return false;
    }
    this.templates.refresh(nowUs, (pool) => groups.hostsOf(pool));
    const snapshot = this.takeSnapshot(nowUs);
    const outcome = this.scaleUp(nowUs, snapshot, out);
    this.background = outcome === 'nothing';
    if (!this.options.removesNodes) {
      this.lastMatch = snapshot.lastMatch;
      return outcome === 'scaled-up';
    }
    this.unneeded.update(nowUs, snapshot, (host) => this.isCandidate(host));
    this.lastMatch = snapshot.lastMatch;
    const rests = outcome !== 'nothing' || this.coolsDown(nowUs);
    const leaving = rests ? NONE : this.removeUnneeded(nowUs, out);
    const { softTaintsMax } = this.options;
    const hosts = this.hostsOfGroups();
    updateSoftTaints(this.view, hosts, this.unneeded.hosts, leaving, softTaintsMax, out);
    return outcome === 'scaled-up' || leaving.size > 0;
  }

  private removeUnneeded(nowUs: number, out: ActionBuffer): ReadonlySet<number> {
    const { view, groups, unneeded, deletions } = this;
    const { scaleDown } = this.options;
    const removable = unneeded.removable(nowUs);
    const targetOf = (pool: number): number => groups.targetOf(pool);
    const leaving = nodesToDelete(view, scaleDown, removable, deletions, targetOf);
    for (const { host, isEmpty } of leaving) deletions.begin(host, !isEmpty, nowUs, out);
    if (leaving.length > 0) this.lastDeletionUs = nowUs;
    return new Set(leaving.map(({ host }) => host));
  }

  private advanceDeletions(nowUs: number, out: ActionBuffer): void {
    const deleted = (host: number): void => {
      out.push({ kind: 'terminate', host, reason: 'unneeded' });
      this.groups.shrink(this.view.hosts.pool[host]!, out);
    };
    this.deletions.advance(nowUs, deleted, out);
  }

  private isCandidate(host: number): boolean {
    return this.groupPools.has(this.view.hosts.pool[host]!) && !this.deletions.has(host);
  }

  private *hostsOfGroups(): Iterable<number> {
    for (const pool of this.groupPools) yield* this.groups.hostsOf(pool);
  }

  private coolsDown(nowUs: number): boolean {
    const { delayAfterAddUs, delayAfterDeleteUs } = this.options;
    return (
      this.lastScaleUpUs + delayAfterAddUs > nowUs ||
      this.lastDeletionUs + delayAfterDeleteUs > nowUs
    );
  }

  private takeSnapshot(nowUs: number): ClusterSnapshot {
    const { view, groups, podSpecs } = this;
    const { cluster } = this.options;
    const daemons = daemonsOf(view, cluster);
    const snapshot = new ClusterSnapshot(view, podSpecs, daemons, this.lastMatch);
    for (let pool = 0; pool < view.pools.count; pool++) {
      if (view.pools.descriptions[pool]!.cluster !== cluster) continue;
      for (const host of groups.hostsOf(pool)) {
        if (view.hosts.state[host] !== HOST_STATE.ready) continue;
        if (!isNotStarted(view, host, nowUs)) snapshot.addHost(host);
      }
    }
    this.placeNominated(snapshot);
    for (const template of this.templates.all()) {
      const count = groups.upcomingOf(template.pool);
      for (let added = 0; added < count; added++) snapshot.addTemplate(template);
    }
    return snapshot;
  }

  /** A pod for which preemption has chosen a node is taken for being there (kubernetes.md 5.2 steps 2, 4). */
  private placeNominated(snapshot: ClusterSnapshot): void {
    const { tasks } = this.view;
    for (const task of this.pending.all()) {
      const host = tasks.nominated[task]!;
      const node = host === NO_ROW ? NO_NODE : snapshot.nodeOf(host);
      if (node !== NO_NODE) snapshot.place(task, tasks.spec[task]!, node);
    }
  }

  private oldEnough(pods: readonly number[], nowUs: number): readonly number[] {
    const { newPodDelayUs } = this.options;
    if (newPodDelayUs === 0) return pods;
    const { submittedUs } = this.view.tasks;
    return pods.filter((task) => submittedUs[task]! + newPodDelayUs < nowUs);
  }

  private scaleUp(nowUs: number, snapshot: ClusterSnapshot, out: ActionBuffer): ScaleUpOutcome {
    const { view, groups, growth } = this;
    const { cluster, expendableBelow } = this.options;
    const pods = [
      ...unschedulablePods(view, cluster, this.pending.all(), expendableBelow),
      ...this.deletions.remainingPods(),
    ];
    const homeless = this.oldEnough(filterOutSchedulable(view, snapshot, pods), nowUs);
    if (homeless.length === 0) return 'nothing';
    if (areTooYoung(view, homeless, nowUs)) return 'too-young';
    const open = this.templates.all().filter(({ pool }) => groups.isSafe(pool));
    const options = growth.options(snapshot, open, homeless);
    const { expanders, tieDraw } = this.options;
    const option = chooseOption(options, expanders, snapshot.count, tieDraw);
    const increases = option === undefined ? [] : growth.increases(option, snapshot.count);
    let hasGrown = false;
    for (const [pool, by] of increases) {
      groups.grow(pool, by, out);
      hasGrown = true;
    }
    if (!hasGrown) return 'nothing';
    this.lastScaleUpUs = nowUs;
    return 'scaled-up';
  }
}
