/**
 * What the vertical autoscaler has learnt of one container of a workload; all replicas share it (kubernetes.md 4.2).
 *
 * CPU       every sample has weight 0.1, whatever the request (since 1.4).
 * Memory    only peaks count: one sample for each 24 h of a container, dated at the end of that day.
 */

import { CPU_BUCKETS, MEMORY_BUCKETS } from './usage-buckets.ts';
import { DecayingHistogram } from './decaying-histogram.ts';
import { US_PER_DAY } from '../../base/units.ts';
import type { HistogramState } from './decaying-histogram.ts';

export interface ContainerHistoryState {
  readonly cpu: HistogramState;
  readonly memoryPeaks: HistogramState;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly samples: number;
}

const CPU_WEIGHT = 0.1;
const MEMORY_WEIGHT = 1;
const MILLI = 1000;
const CONFIDENCE_US = US_PER_DAY;
const SAMPLES_PER_DAY = 1440;

export class ContainerHistory {
  /** Cores. */
  readonly cpu = new DecayingHistogram(CPU_BUCKETS);
  /** Bytes. */
  readonly memoryPeaks = new DecayingHistogram(MEMORY_BUCKETS);
  private firstUs = NaN;
  private lastUs = NaN;
  private samples = 0;

  get isEmpty(): boolean {
    return this.samples === 0;
  }

  addCpu(milli: number, atUs: number): void {
    this.cpu.add(milli / MILLI, CPU_WEIGHT, atUs);
    if (!(atUs <= this.lastUs)) this.lastUs = atUs;
    if (!(atUs >= this.firstUs)) this.firstUs = atUs;
    this.samples += 1;
  }

  addPeak(bytes: number, dayEndUs: number): void {
    this.memoryPeaks.add(bytes, MEMORY_WEIGHT, dayEndUs);
  }

  removePeak(bytes: number, dayEndUs: number): void {
    this.memoryPeaks.subtract(bytes, MEMORY_WEIGHT, dayEndUs);
  }

  /** Days that the CPU samples span, or that their number would fill at one a minute: whichever is less. */
  confidence(): number {
    if (this.samples === 0) return 0;
    return Math.min((this.lastUs - this.firstUs) / CONFIDENCE_US, this.samples / SAMPLES_PER_DAY);
  }

  save(): ContainerHistoryState {
    const { firstUs, lastUs, samples } = this;
    return { cpu: this.cpu.save(), memoryPeaks: this.memoryPeaks.save(), firstUs, lastUs, samples };
  }

  restore(state: ContainerHistoryState): void {
    this.cpu.restore(state.cpu);
    this.memoryPeaks.restore(state.memoryPeaks);
    this.firstUs = state.firstUs;
    this.lastUs = state.lastUs;
    this.samples = state.samples;
  }
}
