/**
 * The samples of one container of one pod, on their way into the history that it shares (kubernetes.md 4.2).
 *
 * CPU       a sample that is not later than the one before is dropped.
 * Memory    the first sample starts a day of the container's own; in it only a higher value counts, and replaces the one
 *           before. A sample older than the one before is dropped.
 * OOM       used = the larger of the request and the day's highest usage; counts as a sample of
 *           max(used + 100 MiB, trunc(1.2 used)), even when it comes late, but not from before the day that runs.
 */

import { MIB, US_PER_DAY } from '../../base/units.ts';
import type { ContainerHistory } from './container-history.ts';

/** Numbers are NaN, or 0 for the peaks, before the first sample. */
export interface ContainerSamplesState {
  readonly lastCpuUs: number;
  readonly lastMemoryUs: number;
  readonly dayEndUs: number;
  readonly usagePeak: number;
  readonly oomPeak: number;
}

const OOM_BUMP_BYTES = 100 * MIB;
const OOM_RATIO = 1.2;

export class ContainerSamples {
  private lastCpuUs = NaN;
  private lastMemoryUs = NaN;
  private dayEndUs = NaN;
  private usagePeak = 0;
  private oomPeak = 0;

  addCpu(history: ContainerHistory, milli: number, atUs: number): void {
    if (atUs <= this.lastCpuUs) return;
    history.addCpu(milli, atUs);
    this.lastCpuUs = atUs;
  }

  addMemory(history: ContainerHistory, bytes: number, atUs: number): void {
    if (atUs < this.lastMemoryUs) return;
    if (this.takesPeak(history, bytes, atUs)) this.usagePeak = bytes;
  }

  addOom(history: ContainerHistory, requestBytes: number, atUs: number): void {
    if (atUs < this.dayEndUs - US_PER_DAY) return;
    const used = Math.max(requestBytes, this.usagePeak);
    const needed = Math.max(used + OOM_BUMP_BYTES, Math.trunc(used * OOM_RATIO));
    if (this.takesPeak(history, needed, atUs)) this.oomPeak = needed;
  }

  save(): ContainerSamplesState {
    const { lastCpuUs, lastMemoryUs, dayEndUs, usagePeak, oomPeak } = this;
    return { lastCpuUs, lastMemoryUs, dayEndUs, usagePeak, oomPeak };
  }

  restore(state: ContainerSamplesState): void {
    this.lastCpuUs = state.lastCpuUs;
    this.lastMemoryUs = state.lastMemoryUs;
    this.dayEndUs = state.dayEndUs;
    this.usagePeak = state.usagePeak;
    this.oomPeak = state.oomPeak;
  }

  /** True when the value is the highest of its day so far, and now stands for it. */
  private takesPeak(history: ContainerHistory, bytes: number, atUs: number): boolean {
    this.lastMemoryUs = atUs;
    if (atUs < this.dayEndUs) {
      const highest = Math.max(this.usagePeak, this.oomPeak);
      if (highest === 0 || bytes <= highest) return false;
      history.removePeak(highest, this.dayEndUs);
    } else {
      const ended = Number.isNaN(this.dayEndUs) ? atUs : this.dayEndUs;
      this.dayEndUs = ended + (Math.floor((atUs - ended) / US_PER_DAY) + 1) * US_PER_DAY;
      this.usagePeak = 0;
      this.oomPeak = 0;
    }
    history.addPeak(bytes, this.dayEndUs);
    return true;
  }
}
