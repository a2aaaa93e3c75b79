/**
 * Retires Fargate tasks on an old platform: the patching that AWS does for those who own no hosts (aws.md 4.3).
 *
 * Told      at one time; a wait later every micro-VM that was launched before is emptied.
 * ECS       the service scheduler replaces the tasks of services within their two percentages; others are stopped.
 * EKS       pods are evicted as budgets allow.
 * Departs   EKS goes through the zones one after the other; here all are emptied together, and the budgets slow them down.
 */

import { HOST_STATE, LAUNCH_TYPE } from '../cluster/hosts.ts';
import { NEVER } from '../base/units.ts';
import type { ActionBuffer } from './actions.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Controller } from './controller.ts';

export interface Retirement {
  readonly launchedBeforeUs: number;
  readonly atUs: number;
}

export class PlatformRetirement implements Controller {
  readonly actor = 'fargate';
  readonly phase = 'workload';
  readonly wakesOn = 0;
  readonly background = true;

  private readonly view: ClusterView;
  private readonly planned: readonly Retirement[];
  private next = 0;

  /** In the order of their times. */
  constructor(view: ClusterView, planned: readonly Retirement[]) {
    this.view = view;
    this.planned = planned;
  }

  get wakeAtUs(): number {
    return this.planned[this.next]?.atUs ?? NEVER;
  }

  wake(nowUs: number, out: ActionBuffer): void {
    while (this.wakeAtUs <= nowUs) this.retire(this.planned[this.next++]!, out);
  }

  save(): number {
    return this.next;
  }

  restore(next: number): void {
    this.next = next;
  }

  private retire({ launchedBeforeUs }: Retirement, out: ActionBuffer): void {
    const { hosts } = this.view;
    for (let host = 0; host < hosts.count; host++) {
      const isOld =
        hosts.launchType[host] === LAUNCH_TYPE.fargate &&
        hosts.state[host]! < HOST_STATE.draining &&
        hosts.requestedUs[host]! < launchedBeforeUs;
      if (isOld) out.push({ kind: 'terminate', host, reason: 'retired' });
    }
  }
}
