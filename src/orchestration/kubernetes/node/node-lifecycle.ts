/**
 * The node controller of Kubernetes (kubernetes.md 2.10): finds out that a node is silent, keeps new pods away from it and
 * deletes its pods in time.
 *
 * Heartbeat   a Lease renewed every 10 s, seen by a loop of 5 s; after 50 s without a new one Ready becomes Unknown: its pods
 *             count as not ready, and it gets the NoSchedule taint `unreachable` at once.
 * NoExecute   the loop after that queues the node for the NoExecute taint, which its zone hands out at a rate (zone-disruption.ts).
 *             A pod is deleted when its toleration ends (taint-eviction.ts): 50 s + up to 10 s + 300 s after the failure.
 * Gone        nobody on the node confirms a deletion: its pods stay terminating until it answers again, its machine is terminated
 *             (pod-collector.ts), or an operator marks it as out of service: then its pods are deleted at the next tick of the pod
 *             collector, every 20 s.
 * All silent  no zone has a ready node: the controller doubts itself, takes NoExecute taints back and evicts nobody. When a node
 *             answers again, every clock of 50 s starts anew.
 * Back        the next loop finds the node ready and removes the taints.
 * Cost        wakes only while a node is silent, at the ticks where something is due.
 * Departs     Ready=False (`not-ready`, a kubelet that says so itself) does not occur: machines answer or they do not.
 */

import { CHANGE, JournalCursor, changeBit, changeBits } from '../../../cluster/journal.ts';
import { COLLECTOR_PERIOD_US, tickAfter } from './pod-collector.ts';
import { HOST_STATE, LAUNCH_TYPE, NO_ROW } from '../../../cluster/hosts.ts';
import { NEVER, US_PER_SECOND } from '../../../base/units.ts';
import { OUT_OF_SERVICE, UNREACHABLE } from './node-taints.ts';
import { TaintLimiter } from './taint-limiter.ts';
import { staysUs } from './taint-eviction.ts';
import { taintsPerSecond, zoneStateOf } from './zone-disruption.ts';
import type { ActionBuffer } from '../../actions.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Controller } from '../../controller.ts';
import type { TaintLimiterState } from './taint-limiter.ts';
import type { ZoneState } from './zone-disruption.ts';

export const MONITOR_PERIOD_US = 5 * US_PER_SECOND;
export const LEASE_PERIOD_US = 10 * US_PER_SECOND;
const GRACE_US = 50 * US_PER_SECOND;

const WHILE_SILENT = changeBits(
  CHANGE.hostHealth,
  CHANGE.hostState,
  CHANGE.hostRemoved,
  CHANGE.hostLabels,
);

export interface NodeLifecycleOptions {
  readonly cluster: number;
  /** Of the loops of 5 s and 20 s. */
  readonly monitorPhaseUs: number;
  readonly collectorPhaseUs: number;
  /** When a node renews its Lease, within 10 s. */
  readonly leasePhaseUs: (host: number) => number;
}

/** A node that is not known to be well. */
interface SilentNode {
  /** When the loop saw its last heartbeat. */
  seenUs: number;
  /** When its Ready became Unknown; NEVER before. */
  unknownUs: number;
  /** When it got the NoExecute taint; NEVER before. */
  taintedUs: number;
  queued: boolean;
}

interface NodeLifecycleState {
  readonly version: number;
  readonly wakeAtUs: number;
  readonly silent: readonly (SilentNode & { readonly host: number })[];
  readonly zones: readonly (readonly [number, ZoneState])[];
  readonly limiters: readonly (readonly [number, TaintLimiterState])[];
  readonly allSilent: boolean;
  readonly collectAtUs: number;
}

export class NodeLifecycle implements Controller {
  readonly actor = 'node-controller';
  readonly phase = 'workload';
  readonly background = false;
  wakesOn = changeBit(CHANGE.hostHealth);
  wakeAtUs = NEVER;

  private readonly view: ClusterView;
  private readonly options: NodeLifecycleOptions;
  private readonly cursor: JournalCursor;
  /** In the order in which they fell silent. */
  private readonly silent = new Map<number, SilentNode>();
  private readonly zones = new Map<number, ZoneState>();
  private readonly limiters = new Map<number, TaintLimiter>();
  private allSilent = false;
  /** Next tick of the pod collector that would find something. */
  private collectAtUs = NEVER;

  constructor(view: ClusterView, options: NodeLifecycleOptions) {
    this.view = view;
    this.options = options;
    this.cursor = new JournalCursor(view.journal, changeBit(CHANGE.hostHealth));
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.listen(nowUs);
    if (this.isTick(nowUs)) this.monitor(nowUs, out);
    this.taint(nowUs, out);
    const dueUs = this.evict(nowUs, out);
    this.collect(nowUs, out);
    this.wakesOn = this.silent.size > 0 ? WHILE_SILENT : changeBit(CHANGE.hostHealth);
    this.wakeAtUs = Math.min(this.nextTickUs(nowUs), this.nextTokenUs(), dueUs, this.collectAtUs);
  }

  save(): NodeLifecycleState {
    return {
      version: this.cursor.version,
      wakeAtUs: this.wakeAtUs,
      silent: [...this.silent].map(([host, node]) => ({ host, ...node })),
      zones: [...this.zones],
      limiters: [...this.limiters].map(([zone, limiter]) => [zone, limiter.save()]),
      allSilent: this.allSilent,
      collectAtUs: this.collectAtUs,
    };
  }

  restore(state: NodeLifecycleState): void {
    this.cursor.version = state.version;
    this.wakeAtUs = state.wakeAtUs;
    this.silent.clear();
    for (const { host, ...node } of state.silent) this.silent.set(host, node);
    this.wakesOn = this.silent.size > 0 ? WHILE_SILENT : changeBit(CHANGE.hostHealth);
    this.zones.clear();
    for (const [zone, zoneState] of state.zones) this.zones.set(zone, zoneState);
    this.limiters.clear();
    for (const [zone, limiter] of state.limiters)
      this.limiters.set(zone, new TaintLimiter(limiter));
    this.allSilent = state.allSilent;
    this.collectAtUs = state.collectAtUs;
  }

  /** Nodes that fell silent. Those that answer again are noticed by the loop. */
  private listen(nowUs: number): void {
    const { hosts } = this.view;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      const { row: host, value: down } = change;
      if (down === 0 || this.silent.has(host) || !this.isNode(host)) continue;
      const seenUs = this.lastSeenUs(host, nowUs);
      this.silent.set(host, { seenUs, unknownUs: NEVER, taintedUs: NEVER, queued: false });
    }
    for (const host of this.silent.keys()) {
      if (hosts.state[host] === HOST_STATE.terminated) this.silent.delete(host);
    }
  }

  /** The loop of 5 s. */
  private monitor(nowUs: number, out: ActionBuffer): void {
    const { hosts } = this.view;
    for (const [host, node] of this.silent) {
      if (hosts.down[host] === 0) {
        out.push({
          kind: 'change-taints',
          host,
          remove: [UNREACHABLE.noSchedule, UNREACHABLE.noExecute, OUT_OF_SERVICE],
          add: [],
        });
        this.silent.delete(host);
      } else if (node.unknownUs !== NEVER) {
        if (node.taintedUs === NEVER && node.unknownUs < nowUs) node.queued = true;
      } else if (nowUs >= node.seenUs + GRACE_US) {
        node.unknownUs = nowUs;
        out.push({ kind: 'change-taints', host, remove: [], add: [UNREACHABLE.noSchedule] });
        for (const task of this.tasksOn(host)) out.push({ kind: 'mark-unready', task });
      }
    }
    this.judgeZones(nowUs, out);
  }

  private judgeZones(nowUs: number, out: ActionBuffer): void {
    const counts = this.countsByZone();
    const states = new Map<number, ZoneState>();
    for (const [zone, { ready, notReady }] of counts)
      states.set(zone, zoneStateOf(ready, notReady));
    const areAllSilent = states.size > 0 && [...states.values()].every((state) => state === 'full');
    if (areAllSilent && !this.allSilent) {
      for (const [host, node] of this.silent) {
        if (node.taintedUs !== NEVER) {
          out.push({ kind: 'change-taints', host, remove: [UNREACHABLE.noExecute], add: [] });
        }
        node.taintedUs = NEVER;
        node.queued = false;
      }
      for (const zone of states.keys()) this.limiterOf(zone).setRate(0, nowUs);
    } else if (!areAllSilent) {
      if (this.allSilent) for (const node of this.silent.values()) node.seenUs = nowUs;
      for (const [zone, state] of states) {
        if (!this.allSilent && state === (this.zones.get(zone) ?? 'normal')) continue;
        const { ready, notReady } = counts.get(zone)!;
        this.limiterOf(zone).setRate(taintsPerSecond(state, ready + notReady), nowUs);
      }
    }
    this.allSilent = areAllSilent;
    this.zones.clear();
    for (const [zone, state] of states) this.zones.set(zone, state);
  }

  private countsByZone(): Map<number, { ready: number; notReady: number }> {
    const { hosts } = this.view;
    const counts = new Map<number, { ready: number; notReady: number }>();
    for (let host = 0; host < hosts.count; host++) {
      if (!this.isNode(host)) continue;
      const zone = hosts.zone[host]!;
      let count = counts.get(zone);
      if (count === undefined) counts.set(zone, (count = { ready: 0, notReady: 0 }));
      if ((this.silent.get(host)?.unknownUs ?? NEVER) === NEVER) count.ready++;
      else count.notReady++;
    }
    return counts;
  }

  /** Hands out the NoExecute taints for which there are tokens, in the order in which nodes were queued. */
  private taint(nowUs: number, out: ActionBuffer): void {
    for (const [host, node] of this.silent) {
      if (!node.queued || !this.limiterOf(this.view.hosts.zone[host]!).take(nowUs)) continue;
      node.queued = false;
      node.taintedUs = nowUs;
      out.push({ kind: 'change-taints', host, remove: [], add: [UNREACHABLE.noExecute] });
    }
  }

  /** Deletes the pods whose time is over; the time at which the next one's is. */
  private evict(nowUs: number, out: ActionBuffer): number {
    const { tasks, specs } = this.view;
    let nextUs = NEVER;
    for (const [host, { taintedUs }] of this.silent) {
      const taints = [
        ...(taintedUs === NEVER ? [] : [UNREACHABLE.noExecute]),
        ...(this.isOutOfService(host) ? [OUT_OF_SERVICE] : []),
      ];
      if (taints.length === 0) continue;
      for (const task of this.tasksOn(host)) {
        if (tasks.stopping[task] === 1) continue;
        const stayUs = staysUs(specs.at(tasks.spec[task]!).tolerations, taints);
        const dueUs = stayUs === 0 ? nowUs : taintedUs + stayUs;
        if (dueUs <= nowUs) out.push({ kind: 'stop-task', task, reason: 'taint-evicted' });
        else nextUs = Math.min(nextUs, dueUs);
      }
    }
    return nextUs;
  }

  /** The pod collector deletes by force what is terminating on nodes that are out of service. */
  private collect(nowUs: number, out: ActionBuffer): void {
    const { collectorPhaseUs } = this.options;
    const isDue = nowUs === this.collectAtUs;
    let isWaiting = false;
    for (const [host, { unknownUs }] of this.silent) {
      if (unknownUs === NEVER || !this.isOutOfService(host)) continue;
      for (const task of this.tasksOn(host)) {
        if (isDue && this.view.tasks.stopping[task] === 1) {
          out.push({ kind: 'force-delete', task, reason: 'host-failed' });
        } else isWaiting = true;
      }
    }
    this.collectAtUs = isWaiting ? tickAfter(nowUs, COLLECTOR_PERIOD_US, collectorPhaseUs) : NEVER;
  }

  /** The next tick at which the loop would find something, or NEVER. */
  private nextTickUs(nowUs: number): number {
    let fromUs = NEVER;
    for (const [host, node] of this.silent) {
      if (this.view.hosts.down[host] === 0) fromUs = Math.min(fromUs, nowUs);
      else if (node.unknownUs === NEVER) fromUs = Math.min(fromUs, node.seenUs + GRACE_US - 1);
      else if (node.taintedUs === NEVER && !node.queued) fromUs = Math.min(fromUs, nowUs);
    }
    if (this.zonesChanged()) fromUs = Math.min(fromUs, nowUs);
    if (fromUs === NEVER) return NEVER;
    return tickAfter(Math.max(nowUs, fromUs), MONITOR_PERIOD_US, this.options.monitorPhaseUs);
  }

  /** True when the next loop would see another state of a zone. */
  private zonesChanged(): boolean {
    if (this.silent.size === 0 && !this.allSilent) return false;
    for (const [zone, { ready, notReady }] of this.countsByZone()) {
      if (zoneStateOf(ready, notReady) !== (this.zones.get(zone) ?? 'normal')) return true;
    }
    return false;
  }

  /** When the next queued node gets its taint, as far as is known. */
  private nextTokenUs(): number {
    let nextUs = NEVER;
    for (const [host, { queued }] of this.silent) {
      if (queued) nextUs = Math.min(nextUs, this.limiterOf(this.view.hosts.zone[host]!).nextUs);
    }
    return nextUs;
  }

  /** The tick that saw the last renewal before the node fell silent at `downUs`. */
  private lastSeenUs(host: number, downUs: number): number {
    const { leasePhaseUs, monitorPhaseUs } = this.options;
    const renewedUs = lastTick(downUs, LEASE_PERIOD_US, leasePhaseUs(host));
    return tickAfter(renewedUs - 1, MONITOR_PERIOD_US, monitorPhaseUs);
  }

  private isTick(nowUs: number): boolean {
    return (nowUs - this.options.monitorPhaseUs) % MONITOR_PERIOD_US === 0;
  }

  private isNode(host: number): boolean {
    const { hosts } = this.view;
    const state = hosts.state[host]!;
    return (
      hosts.cluster[host] === this.options.cluster &&
      hosts.launchType[host] !== LAUNCH_TYPE.fargate &&
      // A silent node is there until its machine is gone; any other is dropped when it is shut down.
      (this.silent.has(host)
        ? state < HOST_STATE.terminated
        : state === HOST_STATE.ready || state === HOST_STATE.draining)
    );
  }

  private isOutOfService(host: number): boolean {
    const { hosts, specs } = this.view;
    const { taints } = specs.kindAt(hosts.kind[host]!);
    return taints.some(({ key }) => key === OUT_OF_SERVICE.key);
  }

  private *tasksOn(host: number): Generator<number> {
    const { hosts, tasks } = this.view;
    let task = hosts.firstTask[host]!;
    for (; task !== NO_ROW; task = tasks.nextOnHost[task]!) yield task;
  }

  private limiterOf(zone: number): TaintLimiter {
    let limiter = this.limiters.get(zone);
    if (limiter === undefined) {
      limiter = new TaintLimiter({ perSecond: taintsPerSecond('normal', 0), tokenUs: 0 });
      this.limiters.set(zone, limiter);
    }
    return limiter;
  }
}

/** The latest moment of a loop that is not after `timeUs`. */
function lastTick(timeUs: number, periodUs: number, phaseUs: number): number {
  return tickAfter(timeUs, periodUs, phaseUs) - periodUs;
}
