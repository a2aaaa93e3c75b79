/**
 * The ECS service scheduler: keeps every service of one cluster at its desired count, rolls revisions out within its two bounds,
 * moves tasks off instances that drain, evens zones out, and gives up where nothing starts.
 *
 * Counts       pending + bound tasks, stopping ones apart, against `desired`: all that a steady service needs.
 * Deployments  deployment-step.ts, one step a wake, until all tasks are of the newest revision, healthy, on instances that stay.
 * Healthy      RUNNING and found so by a health check, or by none 40 s after RUNNING (aws.md 3.7).
 * Unhealthy    a task that was ready and is so no more.
 * Rate         launch-rate.ts: so many tasks a service and minute.
 * Failures     circuit-breaker.ts and launch-throttle.ts; a first deployment counts as one where a circuit breaker is on.
 * Zones        zone-rebalancing.ts, of a service that is steady, where an instance of the emptiest zone has room.
 * Victims      scale-in-order.ts.
 * Source       aws.md 3.6 to 3.10.
 * Departs      a failed deployment without rollback neither starts nor stops anything until the next update. Task protection is
 *              not modelled.
 */

import { CHANGE, JournalCursor, changeBit, changeBits } from '../../../cluster/journal.ts';
import { HOST_STATE, LAUNCH_TYPE, NOT_YET, NO_ROW } from '../../../cluster/hosts.ts';
import { LaunchRate } from './launch-rate.ts';
import { LiveTasks } from '../../live-tasks.ts';
import { NEVER, US_PER_SECOND } from '../../../base/units.ts';
import { PLAIN_SERVICE } from './service-options.ts';
import { ServiceDeployment } from './service-deployment.ts';
import { TASK_STATE } from '../../../cluster/tasks.ts';
import { WORKLOAD_KINDS } from '../../../cluster/workloads.ts';
import { deploymentStep, upperBound } from './deployment-step.ts';
import { ecsScaleInOrder } from './scale-in-order.ts';
import { isFeasible } from '../../../placement/feasible.ts';
import { needsRebalancing } from './zone-rebalancing.ts';
import type { ActionBuffer } from '../../actions.ts';
import type { ClusterView } from '../../../cluster/cluster.ts';
import type { Controller } from '../../controller.ts';
import type { DeploymentState } from './service-deployment.ts';
import type { EcsServiceOptions } from './service-options.ts';
import type { LaunchRateState } from './launch-rate.ts';
import type { EndReason } from '../../../base/reasons.ts';
import type { ServiceTask } from './deployment-step.ts';
import type { ThrottleTimes } from './launch-throttle.ts';

/** From RUNNING until a task counts as healthy that nothing checks (aws.md 3.7). */
const UNCHECKED_HEALTHY_US = 40 * US_PER_SECOND;

const SERVICE = WORKLOAD_KINDS.indexOf('service');
const NEWS = changeBits(
  CHANGE.workloadSpec,
  CHANGE.hostState,
  CHANGE.taskFailed,
  CHANGE.taskUnready,
);
const ALWAYS =
  NEWS |
  changeBits(CHANGE.serviceDesired, CHANGE.taskReleased, CHANGE.taskStopping, CHANGE.taskWithdrawn);
const WHILE_UNSETTLED = ALWAYS | changeBit(CHANGE.taskReady);

export interface EcsServicesOptions {
  readonly cluster: number;
  /** By workload row; those that are not there have the defaults. */
  readonly services: ReadonlyMap<number, EcsServiceOptions>;
  readonly throttle: ThrottleTimes;
}

interface State {
  readonly version: number;
  readonly wakeAtUs: number | null;
  readonly uneven: readonly number[];
  readonly rate: LaunchRateState;
  readonly deployments: readonly (readonly [workload: number, state: DeploymentState])[];
}

export class EcsServiceScheduler implements Controller {
  readonly actor = 'ecs-scheduler';
  readonly phase = 'workload';
  wakeAtUs = NEVER;

  private readonly view: ClusterView;
  private readonly options: EcsServicesOptions;
  private readonly own: readonly number[];
  private readonly live: LiveTasks;
  private readonly cursor: JournalCursor;
  private readonly rate = new LaunchRate();
  private readonly deployments = new Map<number, ServiceDeployment>();
  /** Services whose zones are to be looked at when they are steady. */
  private readonly uneven = new Set<number>();

  constructor(view: ClusterView, options: EcsServicesOptions) {
    this.view = view;
    this.options = options;
    this.live = new LiveTasks(view, SERVICE);
    this.cursor = new JournalCursor(view.journal, NEWS);
    const { workloads } = view;
    // Workloads do not change while a run goes on.
    this.own = Array.from({ length: workloads.count }, (_, row) => row).filter(
      (row) => workloads.kind[row] === SERVICE && workloads.cluster[row] === options.cluster,
    );
    for (const workload of this.own) {
      if (this.optionsOf(workload).circuitBreaker !== undefined) this.move(workload);
    }
  }

  /** Readiness is news only to a service that is not steady. */
  get wakesOn(): number {
    if (this.own.length === 0) return 0;
    const isMoving = this.own.some((workload) => this.deployments.get(workload)?.isMoving === true);
    return isMoving || this.uneven.size > 0 ? WHILE_UNSETTLED : ALWAYS;
  }

  get background(): boolean {
    return this.wakeAtUs === NEVER;
  }

  /** Is a deployment of the service in progress? A failed one is not. */
  isRollingOut(workload: number): boolean {
    const deployment = this.deployments.get(workload);
    return deployment?.isRollingOut === true && !deployment.hasFailed;
  }

  wake(nowUs: number, out: ActionBuffer): void {
    this.live.advance();
    this.wakeAtUs = NEVER;
    this.hear(nowUs, out);
    for (const workload of this.own) {
      const deployment = this.deployments.get(workload);
      if (deployment?.isMoving === true) this.step(workload, deployment, nowUs, out);
      else this.keep(workload, deployment, nowUs, out);
    }
  }

  save(): State {
    return {
      version: this.cursor.version,
      // JSON has no Infinity.
      wakeAtUs: this.wakeAtUs === NEVER ? null : this.wakeAtUs,
      uneven: [...this.uneven],
      rate: this.rate.save(),
      deployments: [...this.deployments].map(([workload, one]) => [workload, one.save()]),
    };
  }

  restore(state: State): void {
    this.cursor.version = state.version;
    this.wakeAtUs = state.wakeAtUs ?? NEVER;
    this.uneven.clear();
    for (const workload of state.uneven) this.uneven.add(workload);
    this.deployments.clear();
    for (const [workload, saved] of state.deployments) this.deploymentOf(workload).restore(saved);
    this.rate.restore(state.rate);
    this.live.rebuild();
  }

  private hear(nowUs: number, out: ActionBuffer): void {
    const { tasks } = this.view;
    for (let change = this.cursor.next(); change !== undefined; change = this.cursor.next()) {
      const { kind, row, value } = change;
      if (kind === CHANGE.hostState) this.heardOfHost(row, value);
      else if (kind === CHANGE.workloadSpec) {
        if (this.own.includes(row)) this.update(row, value);
      } else if (this.isOwnTask(row)) {
        const workload = tasks.workload[row]!;
        if (kind === CHANGE.taskUnready) this.foundUnhealthy(workload, row, out);
        else this.failed(workload, row, nowUs, out);
      }
    }
  }

  /** Its tasks have to move when it drains; when it comes there may be room in an emptier zone. */
  private heardOfHost(host: number, state: number): void {
    const { hosts, tasks } = this.view;
    if (hosts.cluster[host] !== this.options.cluster) return;
    const isInstance = hosts.launchType[host] === LAUNCH_TYPE.ec2;
    if (state === HOST_STATE.ready && isInstance) {
      for (const workload of this.own) this.lookAtZones(workload);
    }
    if (state !== HOST_STATE.draining) return;
    for (let task = hosts.firstTask[host]!; task !== NO_ROW; task = tasks.nextOnHost[task]!) {
      if (this.isOwnTask(task)) this.deploymentOf(tasks.workload[task]!).isMoving = true;
    }
  }

  private update(workload: number, specBefore: number): void {
    const deployment = this.deploymentOf(workload);
    if (deployment.breaker === undefined) deployment.ranBefore(specBefore);
    deployment.begin();
  }

  private foundUnhealthy(workload: number, task: number, out: ActionBuffer): void {
    if (this.view.hosts.down[this.view.tasks.host[task]!] !== 0) return;
    const deployment = this.deploymentOf(workload);
    deployment.isMoving = true;
    this.countFailure(workload, deployment, true, out);
  }

  private failed(workload: number, task: number, nowUs: number, out: ActionBuffer): void {
    const { tasks, specs, workloads } = this.view;
    if (tasks.startedUs[task] !== NOT_YET) return;
    const deployment = this.deploymentOf(workload);
    deployment.throttle.failed(nowUs);
    const isNewest =
      specs.writtenOf(tasks.spec[task]!) === specs.writtenOf(workloads.spec[workload]!);
    if (isNewest && deployment.isMoving) this.countFailure(workload, deployment, false, out);
  }

  private countFailure(
    workload: number,
    deployment: ServiceDeployment,
    hadRun: boolean,
    out: ActionBuffer,
  ): void {
    const { desired } = this.view.workloads;
    if (deployment.breaker?.taskFailed(hadRun, desired[workload]!) !== true) return;
    out.push({ kind: 'give-up', workload, why: 'deployment circuit breaker' });
    const { lastCompleted: spec } = deployment;
    const { rollsBack = false } = this.optionsOf(workload).circuitBreaker ?? {};
    if (rollsBack && spec !== undefined) out.push({ kind: 'set-spec', workload, spec });
  }

  /** A steady service is a count. */
  private keep(
    workload: number,
    deployment: ServiceDeployment | undefined,
    nowUs: number,
    out: ActionBuffer,
  ): void {
    const { workloads } = this.view;
    const present = workloads.pending[workload]! + workloads.bound[workload]!;
    const missing = workloads.desired[workload]! - present;
    if (missing > 0) this.start(workload, missing, deployment, nowUs, out);
    else if (missing < 0) {
      this.scaleIn(this.activeOf(workload), -missing, out);
    } else if (this.uneven.has(workload)) this.rebalance(workload, nowUs, out);
  }

  private step(
    workload: number,
    deployment: ServiceDeployment,
    nowUs: number,
    out: ActionBuffer,
  ): void {
    const desired = this.view.workloads.desired[workload]!;
    const tasks = this.activeOf(workload).map((task) => this.stateOf(workload, task, nowUs));
    this.tellBreaker(deployment, tasks);
    const fresh = tasks.filter(({ isFresh, isUnhealthy }) => isFresh && !isUnhealthy);
    const areHealthy = fresh.every(({ isHealthy }) => isHealthy);
    if (fresh.length > desired && areHealthy) deployment.extra = 0;
    const wanted = desired + deployment.extra;
    if (fresh.length === wanted && tasks.length === wanted && areHealthy) {
      deployment.complete(this.view.workloads.spec[workload]!);
      this.lookAtZones(workload);
      if (this.uneven.has(workload)) this.rebalance(workload, nowUs, out);
      return;
    }
    if (deployment.hasFailed) return;
    const step = deploymentStep(tasks, desired, wanted, this.optionsOf(workload));
    if (step.starts > 0) this.start(workload, step.starts, deployment, nowUs, out);
    for (const task of step.stops) {
      out.push({ kind: 'stop-task', task, reason: this.whyLeaves(task) });
    }
    const rows = fresh.map(({ task }) => task);
    this.scaleIn(rows, step.surplus, out);
    if (step.isStuck && !deployment.stuckTold) {
      out.push({ kind: 'give-up', workload, why: 'minimum and maximum percent leave no room' });
      deployment.stuckTold = true;
    }
  }

  private lookAtZones(workload: number): void {
    if (this.optionsOf(workload).rebalancesZones) this.uneven.add(workload);
  }

  private tellBreaker(
    { breaker, throttle }: ServiceDeployment,
    tasks: readonly ServiceTask[],
  ): void {
    const { startedUs } = this.view.tasks;
    const fresh = tasks.filter(({ isFresh }) => isFresh);
    if (!fresh.some(({ task }) => startedUs[task] !== NOT_YET)) return;
    throttle.reset();
    breaker?.taskRan();
    if (fresh.some(({ isHealthy }) => isHealthy)) breaker?.taskHealthy();
  }

  private stateOf(workload: number, task: number, nowUs: number): ServiceTask {
    const { tasks, specs, hosts, workloads } = this.view;
    const host = tasks.host[task]!;
    const isRunning = tasks.state[task] === TASK_STATE.running;
    const isDraining = host !== NO_ROW && hosts.state[host] === HOST_STATE.draining;
    const isNewest =
      specs.writtenOf(tasks.spec[task]!) === specs.writtenOf(workloads.spec[workload]!);
    const isUnhealthy = this.isFoundUnhealthy(task);
    let isHealthy = isRunning && tasks.isReady[task] === 1;
    if (isHealthy && !this.optionsOf(workload).hasHealthCheck) {
      const healthyUs = tasks.startedUs[task]! + UNCHECKED_HEALTHY_US;
      isHealthy = healthyUs <= nowUs;
      if (!isHealthy) this.wakeAtUs = Math.min(this.wakeAtUs, healthyUs);
    }
    return { task, isFresh: isNewest && !isDraining, isHealthy, isUnhealthy };
  }

  private start(
    workload: number,
    count: number,
    deployment: ServiceDeployment | undefined,
    nowUs: number,
    out: ActionBuffer,
  ): void {
    if (deployment?.hasFailed === true) return;
    const openUs = deployment?.throttle.openUs ?? 0;
    if (openUs > nowUs) {
      this.wakeAtUs = Math.min(this.wakeAtUs, openUs);
      return;
    }
    const taken = this.rate.take(workload, count, nowUs);
    for (let i = 0; i < taken; i++) out.push({ kind: 'create-task', workload });
    if (taken < count) this.wakeAtUs = Math.min(this.wakeAtUs, this.rate.openUs(workload));
  }

  private scaleIn(tasks: readonly number[], count: number, out: ActionBuffer): void {
    if (count === 0) return;
    for (const task of ecsScaleInOrder(this.view, tasks).slice(0, count)) {
      out.push({ kind: 'stop-task', task, reason: 'scaled-in' });
    }
  }

  private whyLeaves(task: number): EndReason {
    const { tasks, hosts } = this.view;
    const host = tasks.host[task]!;
    if (host !== NO_ROW && hosts.state[host] === HOST_STATE.draining) return 'drained';
    return this.isFoundUnhealthy(task) ? 'unhealthy' : 'replaced';
  }

  /** It was ready, runs, and is ready no more. */
  private isFoundUnhealthy(task: number): boolean {
    const { tasks } = this.view;
    return (
      tasks.state[task] === TASK_STATE.running &&
      tasks.isReady[task] === 0 &&
      tasks.readyUs[task] !== NOT_YET
    );
  }

  /** Starts one more task where that evens the zones out; the scale-in order then takes one of the fullest. */
  private rebalance(workload: number, nowUs: number, out: ActionBuffer): void {
    const { workloads } = this.view;
    const desired = workloads.desired[workload]!;
    const options = this.optionsOf(workload);
    const isSteady = workloads.ready[workload] === desired && workloads.stopping[workload] === 0;
    if (!isSteady) return;
    this.uneven.delete(workload);
    if (upperBound(desired, options) <= desired) return;
    const zones = this.zonesOfCluster();
    const counts = zones.map((zone) => this.view.counts.inZone(workload, zone));
    if (!needsRebalancing(counts)) return;
    const emptiest = zones[counts.indexOf(Math.min(...counts))]!;
    if (!this.hasRoomIn(emptiest, workload)) return;
    const deployment = this.deploymentOf(workload);
    deployment.isMoving = true;
    deployment.extra = 1;
    this.start(workload, 1, deployment, nowUs, out);
  }

  /** Zones with an instance that takes tasks. */
  private zonesOfCluster(): number[] {
    const { hosts, zones } = this.view;
    return zones.flatMap((_, zone) => {
      for (let host = 0; host < hosts.count; host++) {
        if (hosts.zone[host] === zone && this.isOpen(host)) return [zone];
      }
      return [];
    });
  }

  private hasRoomIn(zone: number, workload: number): boolean {
    const { hosts, workloads } = this.view;
    const request = { spec: workloads.spec[workload]!, workload };
    for (let host = 0; host < hosts.count; host++) {
      if (hosts.zone[host] !== zone || !this.isOpen(host)) continue;
      if (isFeasible(this.view, hosts, request, host)) return true;
    }
    return false;
  }

  private isOpen(host: number): boolean {
    const { hosts } = this.view;
    return (
      hosts.cluster[host] === this.options.cluster &&
      hosts.launchType[host] === LAUNCH_TYPE.ec2 &&
      hosts.state[host] === HOST_STATE.ready
    );
  }

  private isOwnTask(task: number): boolean {
    const { tasks, workloads } = this.view;
    const workload = tasks.workload[task]!;
    return (
      workloads.kind[workload] === SERVICE && workloads.cluster[workload] === this.options.cluster
    );
  }

  /** Oldest first. */
  private activeOf(workload: number): number[] {
    const { stopping, number } = this.view.tasks;
    return [...this.live.of(workload)]
      .filter((task) => stopping[task] === 0)
      .sort((a, b) => number[a]! - number[b]!);
  }

  private move(workload: number): void {
    this.deploymentOf(workload).begin();
  }

  private deploymentOf(workload: number): ServiceDeployment {
    let deployment = this.deployments.get(workload);
    if (deployment === undefined) {
      deployment = new ServiceDeployment(this.optionsOf(workload), this.options.throttle);
      this.deployments.set(workload, deployment);
    }
    return deployment;
  }

  private optionsOf(workload: number): EcsServiceOptions {
    return this.options.services.get(workload) ?? PLAIN_SERVICE;
  }
}
