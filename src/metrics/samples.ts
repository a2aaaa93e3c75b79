/** The time series: one row at each sampling time. Cost is what has accrued, before minimums and whole seconds. */

import { feeNanoUsdPerHour } from './bill.ts';
import { HOST_STATE, LAUNCH_TYPE, NOT_YET } from '../cluster/hosts.ts';
import {
  MICRO_USD_PER_USD,
  NANO_USD_PER_USD,
  TICKS_PER_CORE,
  US_PER_HOUR,
  ticksToMilli,
} from '../base/units.ts';
import { billingStartUs } from './billing-time.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Observer } from '../simulation/observer.ts';
import type { PriceList } from './bill.ts';
import type { TimeseriesRow } from './rows.ts';

const NANO_PER_MICRO = NANO_USD_PER_USD / MICRO_USD_PER_USD;

export type Sample = Omit<TimeseriesRow, 'variant' | 'seed'>;

export class Samples implements Observer {
  private readonly view: ClusterView;
  private readonly prices: PriceList;
  private rows: Sample[] = [];
  /** Cost of hosts that are gone, nano-USD x us / hour; hosts still there are added at each sample. */
  private goneNanoUsdUs = 0;

  constructor(view: ClusterView, prices: PriceList) {
    this.view = view;
    this.prices = prices;
  }

  hostEnded(host: number): void {
    this.goneNanoUsdUs += this.accrued(host, this.view.hosts.terminatedUs[host]!);
  }

  sample(nowUs: number): void {
    const { totals } = this.view;
    this.rows.push({
      timeUs: nowUs,
      pending: totals.tasksPending,
      running: totals.tasksInside,
      hosts: totals.hostsUp,
      cpuRequestedMilli: ticksToMilli(totals.cpuRequested),
      cpuAllocatableMilli: ticksToMilli(totals.cpuAllocatable),
      memoryRequestedBytes: totals.memoryRequested,
      memoryAllocatableBytes: totals.memoryAllocatable,
      costMicroUsd: this.costMicroUsd(nowUs),
    });
  }

  all(): readonly Sample[] {
    return this.rows;
  }

  save(): unknown {
    return { rows: [...this.rows], goneNanoUsdUs: this.goneNanoUsdUs };
  }

  restore(state: { rows: Sample[]; goneNanoUsdUs: number }): void {
    this.rows = [...state.rows];
    this.goneNanoUsdUs = state.goneNanoUsdUs;
  }

  private costMicroUsd(nowUs: number): number | null {
    let sum = this.goneNanoUsdUs;
    const { hosts } = this.view;
    for (let host = 0; host < hosts.count; host++) {
      if (hosts.state[host] === HOST_STATE.terminated) continue;
      const untilUs = hosts.terminatedUs[host] === NOT_YET ? nowUs : hosts.terminatedUs[host]!;
      sum += this.accrued(host, untilUs);
    }
    for (const nanoUsdPerHour of this.prices.controlPlane) sum += nanoUsdPerHour * nowUs;
    return Number.isNaN(sum) ? null : Math.round(sum / US_PER_HOUR / NANO_PER_MICRO);
  }

  private accrued(host: number, untilUs: number): number {
    const startUs = billingStartUs(this.view, host);
    if (startUs === NOT_YET) return 0;
    const { hosts } = this.view;
    let nanoUsdPerHour = hosts.priceNanoUsdPerHour[host]!;
    if (hosts.launchType[host] !== LAUNCH_TYPE.fargate) {
      for (const fee of this.prices.poolFees[hosts.pool[host]!]!) {
        nanoUsdPerHour +=
          feeNanoUsdPerHour(fee, this.view, host) *
          (fee.isPerCore ? hosts.cpuCapacity[host]! / TICKS_PER_CORE : 1);
      }
    }
    return nanoUsdPerHour * (untilUs - startUs);
  }
}
