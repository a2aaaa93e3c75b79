/**
 * Micro-VMs of EKS whose pod has ended by itself: the pod object is still there, and so the micro-VM is, and is billed, until the pod
 * is deleted with its Job (aws.md 4.2, pitfall 14.15).
 *
 *     pod completed or failed -> kept -> its Job is deleted -> the micro-VM ends
 *
 * Jobs       those that a Job controller keeps, by workload and number; it says when one is deleted and how long after. Tasks of
 *            plain streams and of traces are deleted by whoever submitted them, the moment they end.
 * Stopped    pods that were told to stop are deleted already.
 * Closed     to others: nobody is placed there while it is kept.
 */

import { EVENT } from './events.ts';
import { LAUNCH_TYPE } from '../cluster/hosts.ts';
import { PHASE } from './phases.ts';
import { TASK_STATE } from '../cluster/tasks.ts';
import type { HostLife } from './host-life.ts';
import type { SimulationContext } from './context.ts';

export interface KeptPod {
  readonly host: number;
  readonly workload: number;
  readonly job: number;
}

export class FinishedPods {
  private readonly context: SimulationContext;
  private readonly hosts: HostLife;
  /** By host. */
  private readonly kept = new Map<number, KeptPod>();

  constructor(context: SimulationContext, hosts: HostLife) {
    this.context = context;
    this.hosts = hosts;
  }

  /** A task has left its host; true when its object stays, and the host with it. */
  keeps(task: number, host: number): boolean {
    const { cluster, podsOfJob } = this.context.setup;
    const { tasks, hosts } = cluster;
    if (hosts.launchType[host] !== LAUNCH_TYPE.fargate) return false;
    const workload = tasks.workload[task]!;
    const slots = podsOfJob.get(workload);
    const isDeleted = tasks.stopping[task] === 1 || tasks.state[task] === TASK_STATE.cancelled;
    if (slots === undefined || isDeleted) return false;
    this.kept.set(host, { host, workload, job: Math.floor(tasks.ordinal[task]! / slots) });
    this.hosts.podStays(host);
    return true;
  }

  jobDeleted(workload: number, job: number, afterUs: number): void {
    const { kernel } = this.context;
    for (const pod of this.kept.values()) {
      if (pod.workload !== workload || pod.job !== job) continue;
      if (afterUs === 0) this.podDeleted(pod.host);
      else {
        const atUs = kernel.nowUs + afterUs;
        kernel.schedule(atUs, PHASE.completion, EVENT.podDeleted, pod.host);
      }
    }
  }

  podDeleted(host: number): void {
    if (this.kept.delete(host)) this.hosts.podGone(host);
  }

  save(): readonly KeptPod[] {
    return [...this.kept.values()].map((pod) => ({ ...pod }));
  }

  restore(state: readonly KeptPod[]): void {
    this.kept.clear();
    for (const pod of state) this.kept.set(pod.host, { ...pod });
  }
}
