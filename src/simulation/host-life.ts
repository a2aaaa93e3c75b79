/**
 * The life of a host:
 *
 *     launching -> running (billed) -> ready -> draining -> terminating -> terminated
 *
 * EC2         launched with drawn latencies (cloud/launch-latency); what EC2 has not is refused when the call is answered
 *             (host-supply.ts); spot hosts may be taken back with two minutes' notice.
 * Fargate     one micro-VM a task, launched for it and gone with it; billed from `ready`, the start of the pull.
 * Silent      a machine that failed cannot be emptied: asked to end, it ends at once. Its pods stay bound, as terminating ones do,
 *             until the cloud controller has dropped the node and the pod collector its pods (kubernetes.md 2.10).
 * Draining    service tasks are stopped and replaced elsewhere, other tasks are stopped too (their retries start anew);
 *             unless a budget guards them: those the Eviction API moves (drain-controller.ts).
 * Notice      of spot: Karpenter and a node termination handler empty the node as above; where nobody listens, pods run on, and
 *             new ones come, until the host is taken (aws.md 1.22, 2.10). Then they end without a word: the graceful shutdown that
 *             kubelets of EKS have is cut short.
 * ECS         an instance whose pool has managed draining takes no more tasks, and its service scheduler moves what it runs; it
 *             ends when it is empty, after 48 h at the latest. Without managed draining it ends under its tasks (aws.md 3.10).
 * Kept        a micro-VM of EKS whose pod has ended, until the pod is deleted with its Job: finished-pods.ts.
 * Departs     no quota of Fargate; every micro-VM finds capacity unless its zone is out.
 */

import { DIGEST_KIND } from './digest.ts';
import { EVENT } from './events.ts';
import { PLAIN_AGENT } from '../cluster/agent-settings.ts';
import { CAPACITY_TYPE, HOST_STATE, LAUNCH_TYPE, NO_ROW } from '../cluster/hosts.ts';
import { NO_EVENT } from '../kernel/calendar.ts';
import { NEVER, US_PER_HOUR } from '../base/units.ts';
import { PHASE } from './phases.ts';
import { TASK_STATE } from '../cluster/tasks.ts';
import { WORKLOAD_KINDS } from '../cluster/workloads.ts';
import { hearsNotice } from './hears-notice.ts';
import { isByChoice } from '../orchestration/kubernetes/controllers/drain-controller.ts';
import { describeInstance } from '../orchestration/host-description.ts';
import {
  COLLECTOR_PERIOD_US,
  NODE_PERIOD_US,
  podsCollectedAfterUs,
} from '../orchestration/kubernetes/node/pod-collector.ts';
import { loopPhaseUs } from '../random/loop-phase.ts';
import { tasksOn } from './tasks-on.ts';
import { describeMicroVm } from './micro-vm.ts';
import { launchLatency, terminateLatencyUs } from '../cloud/launch-latency.ts';
import { SPOT_NOTICE_US, fargateSpotNoticeUs } from '../disruption/spot-reclaim.ts';
import { isRefusedLaunch } from '../cluster/launch-failure.ts';
import { terminationReasons } from '../base/reason-code.ts';
import type { AgentSettings } from '../cluster/agent-settings.ts';
import type { EndReason, TerminationReason } from '../base/reasons.ts';
import type { HostFailures } from './host-failures.ts';
import type { HostSupply } from './host-supply.ts';
import type { MicroVms } from './micro-vms.ts';
import type { LaunchRefusal } from '../cloud/supply/supply.ts';
import type { LaunchLatency } from '../cloud/launch-latency.ts';
import type { SimulationContext } from './context.ts';
import type { TaskLife } from './task-life.ts';
import type { TaskStart } from './task-start.ts';

/** How long an ECS container instance may drain (aws.md 3.10). */
const DRAIN_LONGEST_US = 48 * US_PER_HOUR;

const SERVICE = WORKLOAD_KINDS.indexOf('service');
const DAEMON = WORKLOAD_KINDS.indexOf('daemon');

/** Why a task ends when its host goes for a reason. */
const TASK_END: Partial<Record<TerminationReason, EndReason>> = {
  'spot-interruption': 'spot-interruption',
  'consolidation-empty': 'consolidated',
  'consolidation-underutilized': 'consolidated',
  'scale-in': 'drained',
  unneeded: 'drained',
  expired: 'drained',
  retired: 'drained',
  unhealthy: 'host-failed',
  'host-failure': 'host-failed',
  'zone-outage': 'host-failed',
};

export class HostLife {
  private readonly context: SimulationContext;
  private readonly tasks: () => TaskLife;
  private readonly starting: () => TaskStart;
  private readonly failures: HostFailures;
  private readonly supply: HostSupply;
  private readonly microVms: MicroVms;

  constructor(
    context: SimulationContext,
    tasks: () => TaskLife,
    starting: () => TaskStart,
    failures: HostFailures,
    supply: HostSupply,
    microVms: MicroVms,
  ) {
    this.context = context;
    this.tasks = tasks;
    this.starting = starting;
    this.failures = failures;
    this.supply = supply;
    this.microVms = microVms;
  }

  launch(pool: number, instanceType: string, zone: number, spot: boolean): number {
    const { setup, kernel, ledger } = this.context;
    const { cluster, market } = setup;
    const description = describeInstance(cluster, pool, instanceType, zone, spot, market);
    const name = `${cluster.pools.descriptions[pool]!.name}-${cluster.pools.launched[pool]}`;
    const host = ledger.addHost({ ...description, name }, kernel.nowUs);
    const refusal = this.supply.refusal(host);
    if (refusal === undefined) this.begin(host);
    else this.expectRefusal(host, refusal);
    return host;
  }

  /** EC2 answers that it has none. */
  refused(host: number): void {
    this.context.setup.cluster.hosts.nextEvent[host] = NO_EVENT;
    this.shutDown(host);
  }

  /** Some spot pool has less room: what is too many goes as after any notice. */
  capacityFalls(): void {
    for (const host of this.supply.fallen()) {
      this.context.kernel.cancel(this.context.setup.cluster.hosts.reclaimEvent[host]!);
      this.spotNotice(host);
    }
  }

  /** A micro-VM of the size that holds the spec; undefined when Fargate sells none. */
  launchMicroVm(task: number, pool: number): number | undefined {
    const { setup, kernel, ledger } = this.context;
    const { cluster } = setup;
    const zone = this.microVms.zoneFor(pool);
    const description = describeMicroVm(cluster, pool, zone, task, setup.market);
    if (description === undefined) return undefined;
    const name = `${cluster.pools.descriptions[pool]!.name}-${cluster.pools.launched[pool]}`;
    const host = ledger.addHost({ ...description, name }, kernel.nowUs);
    cluster.hosts.requestedUs[host] = this.microVms.launched(host);
    this.begin(host);
    return host;
  }

  running(host: number): void {
    const { setup, kernel } = this.context;
    if (this.failures.isZoneOut(setup.cluster.hosts.zone[host]!)) {
      this.lose(host, 'launch-failed');
      return;
    }
    this.failures.watch(host);
    this.setState(host, HOST_STATE.running);
    this.next(host, this.latency(host).readyUs, PHASE.capacityReady, EVENT.hostReady);
    const noticeUs = this.spotNoticeUs(host);
    if (noticeUs > setup.durationUs) return;
    setup.cluster.hosts.reclaimEvent[host] = kernel.scheduleBackground(
      noticeUs,
      PHASE.disruption,
      EVENT.spotNotice,
      host,
    );
    if (setup.heedsRisk[setup.cluster.hosts.pool[host]!] !== true) return;
    const riskUs = this.supply.recommendationUs(host, noticeUs);
    if (riskUs === NEVER) return;
    kernel.scheduleBackground(riskUs, PHASE.disruption, EVENT.hostAtRisk, host);
  }

  /** EC2 says so; it may have gone meanwhile. */
  atRisk(host: number): void {
    const { setup, ledger, kernel } = this.context;
    if (setup.cluster.hosts.state[host]! <= HOST_STATE.ready) ledger.noteAtRisk(host, kernel.nowUs);
  }

  ready(host: number): void {
    const { setup } = this.context;
    const { hosts, tasks } = setup.cluster;
    hosts.nextEvent[host] = NO_EVENT;
    // One that failed while it booted joins when it is back.
    if (hosts.down[host] !== 0) return;
    this.setState(host, HOST_STATE.ready);
    for (const task of tasksOn(setup.cluster, host)) {
      if (tasks.state[task] === TASK_STATE.placed) this.starting().heard(task, 0);
    }
  }

  /** Empties the host and then ends it. Asking twice is asking once. */
  terminate(host: number, reason: TerminationReason): void {
    const { hosts, workloads, tasks } = this.context.setup.cluster;
    const state = hosts.state[host]!;
    // One that EC2 refuses is on its way out, for that reason.
    if (state >= HOST_STATE.draining || isRefusedLaunch(this.context.setup.cluster, host)) return;
    hosts.terminationReason[host] = terminationReasons.codeOf(reason);
    if (state < HOST_STATE.ready || hosts.down[host] !== 0) return this.shutDown(host);
    if (this.isContainerInstance(host)) return this.drainInstance(host);
    this.setState(host, HOST_STATE.draining);
    for (const task of tasksOn(this.context.setup.cluster, host)) {
      if (workloads.kind[tasks.workload[task]!] === DAEMON) continue;
      if (isByChoice(reason) && this.isGuarded(task)) continue;
      if (reason === 'retired' && this.isMovedByService(task)) continue;
      this.tasks().stop(task, TASK_END[reason] ?? 'host-terminated');
    }
    this.endIfEmpty(host);
  }

  /** Of an ECS service, whose scheduler starts another first. */
  private isMovedByService(task: number): boolean {
    const { tasks, workloads, orchestrators } = this.context.setup.cluster;
    const isEcs = orchestrators[tasks.cluster[task]!] === 'ecs';
    return isEcs && workloads.kind[tasks.workload[task]!] === SERVICE;
  }

  drainExpired(host: number): void {
    const { hosts } = this.context.setup.cluster;
    hosts.reclaimEvent[host] = NO_EVENT;
    if (hosts.state[host] === HOST_STATE.draining) this.shutDown(host);
  }

  private isContainerInstance(host: number): boolean {
    const { hosts, orchestrators } = this.context.setup.cluster;
    const isInstance = hosts.launchType[host] === LAUNCH_TYPE.ec2;
    return isInstance && orchestrators[hosts.cluster[host]!] === 'ecs';
  }

  private agentOf(host: number): AgentSettings {
    const { hosts, pools } = this.context.setup.cluster;
    return pools.descriptions[hosts.pool[host]!]!.agent ?? PLAIN_AGENT;
  }

  /** Its tasks leave as the service scheduler moves them. */
  private drainInstance(host: number): void {
    const { setup, kernel } = this.context;
    const { hosts } = setup.cluster;
    if (!this.agentOf(host).isDrained) return this.shutDown(host);
    this.setState(host, HOST_STATE.draining);
    kernel.cancel(hosts.reclaimEvent[host]!);
    hosts.reclaimEvent[host] = kernel.scheduleBackground(
      kernel.nowUs + DRAIN_LONGEST_US,
      PHASE.cloudState,
      EVENT.drainExpires,
      host,
    );
    this.endIfEmpty(host);
  }

  /** Covered by a budget: whoever empties the host has to ask for it. */
  private isGuarded(task: number): boolean {
    const { budgets, cluster } = this.context.setup;
    return budgets[cluster.tasks.cluster[task]!]!.covers(task);
  }

  /** The machine ends without anybody having asked for it. */
  lose(host: number, reason: 'launch-failed' | 'host-failure' | 'zone-outage'): void {
    const { hosts } = this.context.setup.cluster;
    if (hosts.state[host]! >= HOST_STATE.terminating) return;
    hosts.terminationReason[host] = terminationReasons.codeOf(reason);
    this.shutDown(host);
  }

  spotNotice(host: number): void {
    const { setup, kernel } = this.context;
    const { hosts, workloads, tasks } = setup.cluster;
    hosts.reclaimEvent[host] = NO_EVENT;
    if (hosts.state[host]! >= HOST_STATE.draining) return;
    this.decided('interrupt', host, 'spot-interruption');
    hosts.terminationReason[host] = terminationReasons.codeOf('spot-interruption');
    if (hosts.state[host]! < HOST_STATE.ready || hosts.down[host] !== 0) return this.shutDown(host);
    hosts.reclaimEvent[host] = kernel.schedule(
      kernel.nowUs + SPOT_NOTICE_US,
      PHASE.disruption,
      EVENT.spotReclaim,
      host,
    );
    if (!hearsNotice(setup.cluster, host)) return;
    this.setState(host, HOST_STATE.draining);
    // On Fargate the notice is the order to stop.
    const isMicroVm = hosts.launchType[host] === LAUNCH_TYPE.fargate;
    for (const task of tasksOn(setup.cluster, host)) {
      const kind = workloads.kind[tasks.workload[task]!]!;
      const leaves = isMicroVm || this.leavesAtNotice(task, host, kind);
      if (leaves) this.tasks().stop(task, 'spot-interruption');
    }
    this.endIfEmpty(host);
  }

  /** ECS moves the tasks of services itself and leaves the others; pods that a budget guards are asked for. */
  private leavesAtNotice(task: number, host: number, kind: number): boolean {
    const { hosts, orchestrators } = this.context.setup.cluster;
    const orchestrator = orchestrators[hosts.cluster[host]!];
    if (orchestrator === 'kubernetes') return kind !== DAEMON && !this.isGuarded(task);
    return orchestrator === 'batch' && kind === SERVICE;
  }

  spotReclaim(host: number): void {
    this.context.setup.cluster.hosts.reclaimEvent[host] = NO_EVENT;
    this.endTasks(host, 'spot-interruption');
    if (this.context.setup.cluster.hosts.state[host]! < HOST_STATE.terminating) this.shutDown(host);
  }

  /** A task has left the host: a draining host that is empty, or a micro-VM, ends. */
  taskLeft(host: number): void {
    const { hosts } = this.context.setup.cluster;
    const isMicroVm = hosts.launchType[host] === LAUNCH_TYPE.fargate;
    if (isMicroVm && hosts.state[host]! < HOST_STATE.draining && hosts.taskCount[host] === 0) {
      hosts.terminationReason[host] = terminationReasons.codeOf('task-ended');
      this.shutDown(host);
    } else this.endIfEmpty(host);
  }

  /** The pod of a micro-VM has ended and is not deleted: nobody else comes, and it is billed on. */
  podStays(host: number): void {
    const { hosts } = this.context.setup.cluster;
    if (hosts.state[host]! >= HOST_STATE.draining) return;
    hosts.terminationReason[host] = terminationReasons.codeOf('task-ended');
    this.setState(host, HOST_STATE.draining);
  }

  podGone(host: number): void {
    this.endIfEmpty(host);
  }

  terminated(host: number): void {
    const { hosts } = this.context.setup.cluster;
    hosts.nextEvent[host] = NO_EVENT;
    this.endTasks(host, terminationReasons.wordOf(hosts.terminationReason[host]!) || 'scale-in');
    this.microVms.gone(host);
    this.setState(host, HOST_STATE.terminated);
    this.context.setup.images.forget(host);
    for (const observer of this.context.observers) observer.hostEnded?.(host);
  }

  /** When the provider will say that it wants the host back; NEVER for what is not spot. */
  private spotNoticeUs(host: number): number {
    const { setup, kernel } = this.context;
    const { hosts } = setup.cluster;
    if (hosts.capacityType[host] !== CAPACITY_TYPE.spot) return NEVER;
    if (hosts.launchType[host] !== LAUNCH_TYPE.fargate) return this.supply.strikeUs(host);
    const { parameters } = setup.market;
    return fargateSpotNoticeUs(parameters, setup.seed, hosts.ordinal[host]!, kernel.nowUs);
  }

  private expectRefusal(host: number, refusal: LaunchRefusal): void {
    const { kernel, digest, setup } = this.context;
    setup.cluster.hosts.terminationReason[host] = terminationReasons.codeOf(refusal);
    digest.fold(kernel.nowUs, DIGEST_KIND.hostState, NO_ROW, host);
    this.next(host, this.latency(host).acceptedUs, PHASE.cloudState, EVENT.hostRefused);
  }

  private begin(host: number): void {
    const { kernel, digest } = this.context;
    digest.fold(kernel.nowUs, DIGEST_KIND.hostState, NO_ROW, host);
    this.context.lastActedUs = kernel.nowUs;
    this.next(host, this.latency(host).runningUs, PHASE.cloudState, EVENT.hostRunning);
  }

  /** Drawn by (seed, pool, number in the pool): the same however often it is asked. */
  private latency(host: number): LaunchLatency {
    const { cluster, market, seed } = this.context.setup;
    const { hosts, pools, orchestrators } = cluster;
    const isKubernetes = orchestrators[hosts.cluster[host]!] === 'kubernetes';
    const isFargate = hosts.launchType[host] === LAUNCH_TYPE.fargate;
    const kind = `${isFargate ? 'fargate' : 'ec2'}-${isKubernetes ? 'eks' : 'ecs'}` as const;
    const stream = `${seed}/${pools.descriptions[hosts.pool[host]!]!.name}`;
    return launchLatency(kind, market.parameters, stream, hosts.ordinal[host]!);
  }

  /** Schedules the next event of the host's life, `afterRequestUs` after it was asked for. */
  private next(host: number, afterRequestUs: number, phase: number, event: number): void {
    const { setup, kernel } = this.context;
    const { hosts } = setup.cluster;
    const atUs = hosts.requestedUs[host]! + afterRequestUs;
    hosts.nextEvent[host] = kernel.schedule(atUs, phase, event, host);
  }

  private endIfEmpty(host: number): void {
    const { hosts } = this.context.setup.cluster;
    if (hosts.state[host] === HOST_STATE.draining && hosts.taskCount[host] === 0)
      this.shutDown(host);
  }

  /** Billing stops here; the row is final once the provider says terminated. */
  private shutDown(host: number): void {
    const { setup, kernel } = this.context;
    const { hosts } = setup.cluster;
    kernel.cancel(hosts.nextEvent[host]!);
    kernel.cancel(hosts.reclaimEvent[host]!);
    kernel.cancel(hosts.failureEvent[host]!);
    this.supply.left(host);
    this.setState(host, HOST_STATE.terminating);
    const isLostNode =
      hosts.down[host] !== 0 && setup.cluster.orchestrators[hosts.cluster[host]!] === 'kubernetes';
    if (!isLostNode) {
      this.endTasks(host, terminationReasons.wordOf(hosts.terminationReason[host]!) || 'scale-in');
    }
    const latencyUs =
      hosts.launchType[host] === LAUNCH_TYPE.fargate
        ? 0
        : terminateLatencyUs(setup.market.parameters, setup.seed, host);
    const goneUs = kernel.nowUs + latencyUs;
    const collectedUs =
      isLostNode && hosts.firstTask[host] !== NO_ROW ? this.collectedAfterUs(host, goneUs) : 0;
    hosts.nextEvent[host] = kernel.schedule(
      goneUs + collectedUs,
      PHASE.cloudState,
      EVENT.hostTerminated,
      host,
    );
    this.context.lastActedUs = kernel.nowUs;
  }

  /** Ends what is left on the host at once; daemons go with it. */
  private endTasks(host: number, reason: TerminationReason): void {
    const word = TASK_END[reason] ?? 'host-terminated';
    for (const task of tasksOn(this.context.setup.cluster, host)) {
      this.tasks().end(task, TASK_STATE.cancelled, word);
    }
  }

  private collectedAfterUs(host: number, goneUs: number): number {
    const { seed, cluster } = this.context.setup;
    const row = cluster.hosts.cluster[host]!;
    return podsCollectedAfterUs(
      goneUs,
      loopPhaseUs(seed, 'cloud-node-lifecycle', row, NODE_PERIOD_US),
      loopPhaseUs(seed, 'pod-collector', row, COLLECTOR_PERIOD_US),
    );
  }

  private setState(host: number, state: number): void {
    const { ledger, kernel, digest } = this.context;
    ledger.setHostState(host, state, kernel.nowUs);
    digest.fold(kernel.nowUs, DIGEST_KIND.hostState, NO_ROW, host * 8 + state);
  }

  private decided(decision: 'interrupt', host: number, reason: string): void {
    const { observers, kernel, setup } = this.context;
    const name = setup.cluster.hostNames[host]!;
    for (const observer of observers) {
      observer.decided?.(kernel.nowUs, 'spot-market', name, decision, reason);
    }
  }
}
