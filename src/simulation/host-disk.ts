/**
 * Local disk in use on nodes whose pool states its size: images and what pods fill. A node that runs short evicts.
 *
 *     free = disk - images on it - what the pods use
 *
 * Limit      every 10 s: pods above their own limit are evicted, all of them, whatever the node has free (kubernetes.md 2.8).
 * Pressure   below the hard threshold the node gets the taint `disk-pressure`; it deletes the images that no pod uses, and where
 *            that does not help it evicts one pod, with a grace of 1 s, and waits up to 30 s for it to go before the next. The
 *            taint stays 5 min after the last sight.
 * Images     have a disk of their own where the pool says so (`imageDisk`): then they do not count here.
 * Pods       that state no use take nothing; so do those that wait for a restart.
 * Events     only on nodes whose use could pass the threshold or a limit, and there only at steps of the use and while it is passed.
 * Departs    the kubelet handles one signal at a time, memory first; here disk and memory are looked at apart. No inodes, no soft
 *            thresholds, and the image file system alone brings no pressure; the scheduler does not count requests of disk.
 */

import { DISK_PRESSURE } from '../orchestration/kubernetes/node/node-taints.ts';
import { EVENT } from './events.ts';
import { NEVER, US_PER_MINUTE, US_PER_SECOND } from '../base/units.ts';
import { NO_EVENT } from '../kernel/calendar.ts';
import { PHASE } from './phases.ts';
import { TASK_STATE } from '../cluster/tasks.ts';
import { diskInUse, nextDiskStepUs } from '../runtime/disk-use.ts';
import { loopPhaseUs } from '../random/loop-phase.ts';
import { rankForEviction } from '../orchestration/kubernetes/node/eviction-rank.ts';
import { tasksOn } from './tasks-on.ts';
import { thresholdAmount } from '../orchestration/kubernetes/node/allocatable.ts';
import { tickAfter } from '../orchestration/kubernetes/node/pod-collector.ts';
import type { ContainerRuns } from './container-runs.ts';
import type { EventHandle } from '../kernel/calendar.ts';
import type { SimulationContext } from './context.ts';
import type { TaskLife } from './task-life.ts';

const PERIOD_US = 10 * US_PER_SECOND;
const TRANSITION_US = 5 * US_PER_MINUTE;
const EVICTED_GRACE_US = US_PER_SECOND;
const PATIENCE_US = 30 * US_PER_SECOND;
const DEFAULT_THRESHOLD = { share: 0.1 };

export interface DiskHost {
  event: EventHandle;
  /** When pressure was seen last; NEVER when the node has no condition. */
  pressureUs: number;
  /** Number of the pod that is being evicted, and until when it is waited for; -1 for none. */
  victim: number;
  waitsUntilUs: number;
}

interface DiskUser {
  readonly task: number;
  readonly priority: number;
  readonly use: number;
  readonly request: number;
  readonly limit: number;
  /** When its use changes next. */
  readonly nextUs: number;
}

export class HostDisk {
  private readonly context: SimulationContext;
  private readonly runs: ContainerRuns;
  private readonly tasks: () => TaskLife;
  private readonly hosts = new Map<number, DiskHost>();
  private isActing = false;

  constructor(context: SimulationContext, runs: ContainerRuns, tasks: () => TaskLife) {
    this.context = context;
    this.runs = runs;
    this.tasks = tasks;
  }

  /** Something on the host started, restarted or ended. */
  changed(host: number): void {
    if (this.isActing || this.diskBytes(host) === undefined) return;
    let entry = this.hosts.get(host);
    if (entry === undefined) {
      entry = { event: NO_EVENT, pressureUs: NEVER, victim: -1, waitsUntilUs: 0 };
      this.hosts.set(host, entry);
    }
    this.rearm(host, entry);
  }

  /** The calendar entry of the host is due. */
  due(host: number): void {
    const entry = this.hosts.get(host)!;
    entry.event = NO_EVENT;
    if (this.context.setup.cluster.hosts.down[host] !== 0) return;
    const { nowUs } = this.context.kernel;
    this.isActing = true;
    if ((nowUs - this.phaseUs(host)) % PERIOD_US === 0) this.look(host, entry);
    this.isActing = false;
    this.rearm(host, entry);
  }

  save(): (readonly [number, DiskHost])[] {
    return [...this.hosts].map(([host, entry]) => [host, { ...entry }] as const);
  }

  restore(state: readonly (readonly [number, DiskHost])[]): void {
    this.hosts.clear();
    for (const [host, entry] of state) this.hosts.set(host, { ...entry });
  }

  /** The eviction loop of the kubelet. */
  private look(host: number, entry: DiskHost): void {
    const users = this.usersOf(host);
    this.noteCondition(host, entry, this.isPressed(host, users));
    const over = users.filter(({ use, limit }) => use > limit);
    for (const { task } of over) this.evict(task);
    if (over.length > 0 || !this.isPressed(host, users)) return;
    const { nowUs } = this.context.kernel;
    if (nowUs < entry.waitsUntilUs && this.isHere(host, entry.victim)) return;
    const { setup } = this.context;
    setup.images.reclaim(host, setup.pullPaths[setup.cluster.hosts.pool[host]!]!, nowUs);
    if (!this.isPressed(host, users)) return;
    const [first] = rankForEviction(users);
    if (first === undefined) return;
    entry.victim = setup.cluster.tasks.number[first.task]!;
    entry.waitsUntilUs = nowUs + PATIENCE_US;
    this.evict(first.task);
  }

  private noteCondition(host: number, entry: DiskHost, isPressed: boolean): void {
    const { ledger, kernel } = this.context;
    const { nowUs } = kernel;
    if (isPressed) {
      if (entry.pressureUs === NEVER) ledger.changeTaints(host, [], [DISK_PRESSURE], nowUs);
      entry.pressureUs = nowUs;
    } else if (entry.pressureUs !== NEVER && nowUs - entry.pressureUs >= TRANSITION_US) {
      entry.pressureUs = NEVER;
      ledger.changeTaints(host, [DISK_PRESSURE], [], nowUs);
    }
  }

  private evict(task: number): void {
    const { observers, kernel, setup } = this.context;
    const name = `task-${setup.cluster.tasks.number[task]}`;
    for (const observer of observers) {
      observer.decided?.(kernel.nowUs, 'kubelet', name, 'evict', 'evicted');
    }
    this.tasks().stop(task, 'evicted', EVICTED_GRACE_US);
  }

  private rearm(host: number, entry: DiskHost): void {
    const { kernel } = this.context;
    kernel.cancel(entry.event);
    entry.event = NO_EVENT;
    const users = this.usersOf(host);
    const atUs = this.nextUs(host, entry, users);
    if (atUs !== NEVER) {
      const phase = PHASE.disruption;
      // Where nobody is left to evict, nobody waits for the condition either.
      entry.event =
        users.length > 0
          ? kernel.schedule(atUs, phase, EVENT.hostDisk, host)
          : kernel.scheduleBackground(atUs, phase, EVENT.hostDisk, host);
    } else if (users.length === 0) this.hosts.delete(host);
  }

  /** When something could happen next, or NEVER. */
  private nextUs(host: number, entry: DiskHost, users: readonly DiskUser[]): number {
    const { nowUs } = this.context.kernel;
    if (this.context.setup.cluster.hosts.down[host] !== 0) return NEVER;
    const phaseUs = this.phaseUs(host);
    const isDue = this.isPressed(host, users) || users.some(({ use, limit }) => use > limit);
    const tickUs = isDue ? tickAfter(nowUs, PERIOD_US, phaseUs) : NEVER;
    const clearUs =
      entry.pressureUs === NEVER
        ? NEVER
        : tickAfter(Math.max(nowUs, entry.pressureUs + TRANSITION_US - 1), PERIOD_US, phaseUs);
    const stepUs = users.reduce((first, { nextUs }) => Math.min(first, nextUs), NEVER);
    return Math.min(tickUs, clearUs, stepUs);
  }

  /** Pods that run, say what they use and were not told to stop. */
  private usersOf(host: number): DiskUser[] {
    const { nowUs } = this.context.kernel;
    const { cluster } = this.context.setup;
    const { tasks, specs } = cluster;
    return tasksOn(cluster, host).flatMap((task) => {
      const disk = this.runs.behaviourOf(task)?.disk;
      const isRunning = tasks.state[task] === TASK_STATE.running && tasks.stopping[task] === 0;
      if (disk === undefined || !isRunning) return [];
      const startedUs = this.runs.startedUs(task)!;
      const { requestBytes: request, limitBytes: limit } = disk;
      return [
        {
          task,
          priority: specs.priorityOf(tasks.spec[task]!),
          use: diskInUse(disk, nowUs - startedUs),
          request,
          limit,
          nextUs: startedUs + nextDiskStepUs(disk, nowUs - startedUs),
        },
      ];
    });
  }

  private isPressed(host: number, users: readonly DiskUser[]): boolean {
    const { setup, kernel } = this.context;
    const { hosts, pools } = setup.cluster;
    const pool = hosts.pool[host]!;
    const { kubelet } = pools.descriptions[pool]!;
    const diskBytes = kubelet!.diskBytes!;
    const hasImages = kubelet!.imageDiskBytes === undefined;
    const path = setup.pullPaths[pool]!;
    const imageBytes = hasImages ? setup.images.storedBytes(host, path, kernel.nowUs) : 0;
    const used = users.reduce((sum, { use }) => sum + use, imageBytes);
    const stated = kubelet!.evictionHard?.['nodefs.available'] ?? DEFAULT_THRESHOLD;
    return diskBytes - used < thresholdAmount(stated, diskBytes);
  }

  private diskBytes(host: number): number | undefined {
    const { hosts, pools } = this.context.setup.cluster;
    return pools.descriptions[hosts.pool[host]!]!.kubelet?.diskBytes;
  }

  private isHere(host: number, number: number): boolean {
    const { cluster } = this.context.setup;
    return tasksOn(cluster, host).some((task) => cluster.tasks.number[task] === number);
  }

  private phaseUs(host: number): number {
    return loopPhaseUs(this.context.setup.seed, 'eviction', host, PERIOD_US);
  }
}
