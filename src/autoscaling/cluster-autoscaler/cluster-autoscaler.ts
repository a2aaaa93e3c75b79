/**
 * Kubernetes Cluster Autoscaler: grows the Auto Scaling groups of a cluster for pods that fit nowhere, shrinks them by
 * nodes that are not needed.
 *
 * Loop       every `scanIntervalUs`; earlier when the scheduler refuses a pod, and at once after a loop that added or
 *            removed nodes, but never sooner than `cluster-autoscaler.loop-s` after the start of the one before.
 * Order      overdue requests, snapshot, nodes to come, filter out schedulable, too young?, scale-up, unneeded nodes,
 *            cooldown?, scale-down (kubernetes.md 5.2).
 * To come    what a group should have and has not ready, unless it is backed off: as templates, with their daemons.
 * Cooldown   no deletion in a loop that scaled up or waits for young pods, nor within `delayAfterAddUs` of a scale-up.
 * Decides    set-pool-desired up by the chosen option; terminate with set-pool-desired down.
 * Departs    nodes never become unready, so neither unhealthy groups (step 8) nor size fixes (10) exist; to come are also
 *            nodes that no request asked for, such as those a run starts with; a run has no scale-down failures.
 * Source     kubernetes.md 5; the files of this folder name their clauses.
 */

import { CHANGE, changeBit } from '../../cluster/journal.ts';
import { ClusterSnapshot } from './cluster-snapshot.ts';
import { HOST_STATE } from '../../cluster/hosts.ts';
import { PendingTasks } from '../capacity-provider/pending-tasks.ts';
import { PoolHosts } from '../asg/pool-hosts.ts';
import { ScaleDown } from './scale-down.ts';
import { ScaleUpRequests } from './scale-up-requests.ts';
import { UnneededNodes } from './unneeded-nodes.ts';
import { areTooYoung, unschedulablePods } from './unschedulable-pods.ts';
import { chooseOption } from './expander.ts';
import { daemonsOf, templateOf } from './node-template.ts';
import { expansionOptions } from './scale-up.ts';
import { filterOutSchedulable } from './filter-out-schedulable.ts';
import type { ActionBuffer } from '../../orchestration/actions.ts';
import type { ClusterView } from '../../cluster/cluster.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { Draw } from '../../placement/tie-rule.ts';
import type { Expander } from './expander.ts';
import type { Market } from '../../orchestration/host-description.ts';
import type { NodeGroup, NodeTemplate } from './node-template.ts';
import type { UnneededOptions } from './unneeded-nodes.ts';

export interface ClusterAutoscalerOptions extends UnneededOptions {
  readonly cluster: number;
  readonly groups: readonly NodeGroup[];
  readonly expanders: readonly Expander[];
  /** Decides between options that the expanders leave; undefined takes the first. */
  readonly tieDraw: Draw | undefined;
  readonly delayAfterAddUs: number;
  /** Time of the first loop. */
  readonly phaseUs: number;
}

interface ClusterAutoscalerState {
  readonly wakeAtUs: number;
  readonly background: boolean;
  readonly loopedUs: number;
  readonly lastScaleUpUs: number;
  readonly lastMatch: number;
  readonly requests: ReturnType<ScaleUpRequests['save']>;
  readonly unneeded: ReturnType<UnneededNodes['save']>;
  readonly scaleDown: ReturnType<ScaleDown['save']>;
}

/** What the scale-up half of a loop did. */
type ScaleUpOutcome = 'scaled-up' | 'too-young' | 'nothing';

export class ClusterAutoscaler implements Controller {
  readonly actor = 'cluster-autoscaler';
  readonly phase = 'autoscaling';
  readonly wakesOn = changeBit(CHANGE.taskRefused);
  /** False while pods wait for a further loop that may help them. */
  background = true;
  wakeAtUs: number;

  private readonly view: ClusterView;
  private readonly options: ClusterAutoscalerOptions;
  private readonly loopUs: number;
  private readonly groupPools: ReadonlySet<number>;
  private readonly templates: readonly NodeTemplate[];
  private readonly pending: PendingTasks;
  private readonly hosts: PoolHosts;
  private readonly requests = new ScaleUpRequests();
  private readonly unneeded: UnneededNodes;
  private readonly scaleDown: ScaleDown;
  private loopedUs = -Infinity;
  private lastScaleUpUs = -Infinity;
  private lastMatch = 0;

  constructor(view: ClusterView, options: ClusterAutoscalerOptions, market: Market) {
    this.view = view;
    this.options = options;
    this.loopUs = market.parameters.us('cluster-autoscaler.loop-s');
    this.wakeAtUs = options.phaseUs;
    this.groupPools = new Set(options.groups.map(({ pool }) => pool));
    this.templates = options.groups.map((group) => templateOf(view, group, market));
    this.pending = new PendingTasks(view);
    this.hosts = new PoolHosts(view);
    this.unneeded = new UnneededNodes(view, options);
    this.scaleDown = new ScaleDown(view);
  }

  wake(nowUs: number, out: ActionBuffer): void {
    const { tasks } = this.view;
    let podRefused = false;
    this.pending.advance((task) => {
      podRefused ||= tasks.cluster[task] === this.options.cluster;
    });
    this.hosts.advance();
    if (podRefused) this.wakeAtUs = Math.min(this.wakeAtUs, this.loopedUs + this.loopUs);
    if (nowUs < this.wakeAtUs) return;
    this.loopedUs = nowUs;
    const isProductive = this.runOnce(nowUs, out);
    this.wakeAtUs = nowUs + (isProductive ? this.loopUs : this.options.scanIntervalUs);
  }

  save(): ClusterAutoscalerState {
    const { wakeAtUs, background, loopedUs, lastScaleUpUs, lastMatch } = this;
    const requests = this.requests.save();
    const unneeded = this.unneeded.save();
    const scaleDown = this.scaleDown.save();
    return {
      wakeAtUs,
      background,
      loopedUs,
      lastScaleUpUs,
      lastMatch,
      requests,
      unneeded,
      scaleDown,
    };
  }

  restore(state: ClusterAutoscalerState): void {
    this.wakeAtUs = state.wakeAtUs;
    this.background = state.background;
    this.loopedUs = state.loopedUs;
    this.lastScaleUpUs = state.lastScaleUpUs;
    this.lastMatch = state.lastMatch;
    this.requests.restore(state.requests);
    this.unneeded.restore(state.unneeded);
    this.scaleDown.restore(state.scaleDown);
    this.pending.rebuild();
    this.hosts.rebuild();
  }

  /** One loop; true when it added or removed nodes. */
  private runOnce(nowUs: number, out: ActionBuffer): boolean {
    if (this.giveUpOverdue(nowUs, out)) return false;
    const snapshot = this.takeSnapshot(nowUs);
    const outcome = this.scaleUp(nowUs, snapshot, out);
    this.background = outcome === 'nothing';
    this.unneeded.update(nowUs, snapshot, this.groupPools);
    this.lastMatch = snapshot.lastMatch;
    const cools = this.lastScaleUpUs + this.options.delayAfterAddUs > nowUs;
    if (outcome !== 'nothing' || cools) return outcome === 'scaled-up';
    return this.scaleDown.start(this.unneeded.removable(nowUs), out);
  }

  /** Takes back what groups failed to deliver; the loop then ends (kubernetes.md 5.2 step 10, 5.7). */
  private giveUpOverdue(nowUs: number, out: ActionBuffer): boolean {
    const givenUp = this.requests.update(nowUs, (pool) => this.toCome(pool));
    for (const [pool, count] of givenUp) {
      const desired = this.view.pools.desired[pool]! - count;
      out.push({ kind: 'set-pool-desired', pool, desired });
    }
    return givenUp.size > 0;
  }

  private takeSnapshot(nowUs: number): ClusterSnapshot {
    const { hosts } = this.view;
    const { cluster } = this.options;
    const snapshot = new ClusterSnapshot(this.view, daemonsOf(this.view, cluster), this.lastMatch);
    for (let pool = 0; pool < this.view.pools.count; pool++) {
      if (this.view.pools.descriptions[pool]!.cluster !== cluster) continue;
      for (const host of this.hosts.of(pool)) {
        if (hosts.state[host] === HOST_STATE.ready) snapshot.addHost(host);
      }
    }
    for (const template of this.templates) {
      if (this.requests.isBackedOff(template.pool, nowUs)) continue;
      const count = this.toCome(template.pool);
      for (let added = 0; added < count; added++) snapshot.addTemplate(template);
    }
    return snapshot;
  }

  private scaleUp(nowUs: number, snapshot: ClusterSnapshot, out: ActionBuffer): ScaleUpOutcome {
    const pods = unschedulablePods(this.view, this.options.cluster, this.pending.all());
    const homeless = filterOutSchedulable(this.view, snapshot, pods);
    if (homeless.length === 0) return 'nothing';
    if (areTooYoung(this.view, homeless, nowUs)) return 'too-young';
    const open = this.templates.filter(({ pool }) => !this.requests.isBackedOff(pool, nowUs));
    const options = expansionOptions(this.view, snapshot, open, homeless);
    const { expanders, tieDraw } = this.options;
    const option = chooseOption(options, expanders, snapshot.count, tieDraw);
    if (option === undefined) return 'nothing';
    const { pool, nodeCount } = option;
    const desired = this.view.pools.desired[pool]! + nodeCount;
    out.push({ kind: 'set-pool-desired', pool, desired });
    this.requests.register(pool, nodeCount, nowUs);
    this.lastScaleUpUs = nowUs;
    return 'scaled-up';
  }

  /** Nodes that a group should have and has not ready. */
  private toCome(pool: number): number {
    const { hosts, pools } = this.view;
    const ready = this.hosts.of(pool).filter((host) => hosts.state[host] === HOST_STATE.ready);
    return Math.max(0, pools.desired[pool]! - ready.length);
  }
}
