/**
 * Time-weighted sums of a run, integrated from one event to the next: utilisation after the warm-up, host hours and
 * the peak of hosts over the whole run.
 *
 *     utilisation = integral of requested / integral of allocatable, over ready hosts, in the window
 *
 * CPU in use is piecewise constant between samples: it is read at samples and held to the next.
 */

import { US_PER_HOUR } from '../base/units.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Observer } from '../simulation/observer.ts';
import type { Usage } from '../simulation/usage.ts';

/** Sums of value x us. */
interface Integrals {
  cpuRequested: number;
  cpuAllocatable: number;
  memoryRequested: number;
  memoryAllocatable: number;
  cpuUsed: number;
  hostsUp: number;
}

export class Window implements Observer {
  hostsPeak = 0;
  private readonly view: ClusterView;
  private readonly usage: Usage;
  private readonly warmupUs: number;
  private lastUs = 0;
  private cpuUsedNow = 0;
  private readonly sums: Integrals = {
    cpuRequested: 0,
    cpuAllocatable: 0,
    memoryRequested: 0,
    memoryAllocatable: 0,
    cpuUsed: 0,
    hostsUp: 0,
  };

  constructor(view: ClusterView, usage: Usage, warmupUs: number) {
    this.view = view;
    this.usage = usage;
    this.warmupUs = warmupUs;
  }

  beforeEvent(nowUs: number): void {
    const { totals } = this.view;
    if (nowUs === this.lastUs) return;
    this.sums.hostsUp += totals.hostsUp * (nowUs - this.lastUs);
    const insideUs = nowUs - Math.max(this.lastUs, this.warmupUs);
    this.lastUs = nowUs;
    if (insideUs <= 0) return;
    this.sums.cpuRequested += totals.cpuRequested * insideUs;
    this.sums.cpuAllocatable += totals.cpuAllocatable * insideUs;
    this.sums.memoryRequested += totals.memoryRequested * insideUs;
    this.sums.memoryAllocatable += totals.memoryAllocatable * insideUs;
    this.sums.cpuUsed += this.cpuUsedNow * insideUs;
  }

  afterEvent(): void {
    this.hostsPeak = Math.max(this.hostsPeak, this.view.totals.hostsUp);
  }

  sample(nowUs: number): void {
    this.cpuUsedNow = this.usage.totalTicks(nowUs);
  }

  get cpuUtilization(): number | null {
    return ratio(this.sums.cpuRequested, this.sums.cpuAllocatable);
  }

  get memoryUtilization(): number | null {
    return ratio(this.sums.memoryRequested, this.sums.memoryAllocatable);
  }

  get cpuUsed(): number | null {
    return ratio(this.sums.cpuUsed, this.sums.cpuAllocatable);
  }

  get hostHours(): number {
    return this.sums.hostsUp / US_PER_HOUR;
  }

  save(): unknown {
    const { hostsPeak, lastUs, cpuUsedNow } = this;
    return { hostsPeak, lastUs, cpuUsedNow, sums: { ...this.sums } };
  }

  restore(state: { hostsPeak: number; lastUs: number; cpuUsedNow: number; sums: Integrals }): void {
    this.hostsPeak = state.hostsPeak;
    this.lastUs = state.lastUs;
    this.cpuUsedNow = state.cpuUsedNow;
    Object.assign(this.sums, state.sums);
  }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
