/**
 * What a job asks for, drawn whole at its birth: cpu, memory, duration and work, in this order and each from a stream of
 * its own. Job k therefore has the same attributes whatever policy runs and whatever the other attributes'
 * distributions are (common random numbers). Draws are rounded to integers, 1 at least.
 *
 * A job has a duration or a work, not both: without a duration it lasts until its work is done, which is Infinity here;
 * without work its `workUs` is 0.
 */

import { assert } from '../../base/assert.ts';
import { NEVER } from '../../base/units.ts';
import type { Distribution } from '../../random/distribution.ts';
import { sample } from '../../random/sampler.ts';
import type { Stream, Streams } from '../../random/streams.ts';

export interface JobDistributions {
  readonly cpuTicks: Distribution;
  readonly memoryBytes: Distribution;
  readonly durationUs: Distribution | null;
  /** CPU time to be served, in microseconds of one core. */
  readonly workUs: Distribution | null;
}

/** What one job asks for. The record is reused. */
export interface JobDraw {
  cpuTicks: number;
  memoryBytes: number;
  durationUs: number;
  workUs: number;
}

export interface JobStreams {
  readonly cpu: Stream;
  readonly memory: Stream;
  readonly duration: Stream;
  readonly work: Stream;
}

/** Opens `<workload>/cpu`, `/memory`, `/duration` and `/work`. */
export function openJobStreams(streams: Streams, workload: string): JobStreams {
  return {
    cpu: streams.open(`${workload}/cpu`),
    memory: streams.open(`${workload}/memory`),
    duration: streams.open(`${workload}/duration`),
    work: streams.open(`${workload}/work`),
  };
}

/** Has no state but that of its streams. */
export class JobAttributes {
  private readonly distributions: JobDistributions;
  private readonly streams: JobStreams;
  private readonly drawn: JobDraw = { cpuTicks: 0, memoryBytes: 0, durationUs: 0, workUs: 0 };

  constructor(distributions: JobDistributions, streams: JobStreams) {
    const { durationUs, workUs } = distributions;
    assert(
      (durationUs === null) !== (workUs === null),
      'expected a job to have either a duration or a work',
    );
    this.distributions = distributions;
    this.streams = streams;
  }

  draw(): Readonly<JobDraw> {
    const { drawn } = this;
    const { cpuTicks, memoryBytes, durationUs, workUs } = this.distributions;
    const { cpu, memory, duration, work } = this.streams;
    drawn.cpuTicks = wholeDraw(cpuTicks, cpu);
    drawn.memoryBytes = wholeDraw(memoryBytes, memory);
    drawn.durationUs = durationUs === null ? NEVER : wholeDraw(durationUs, duration);
    drawn.workUs = workUs === null ? 0 : wholeDraw(workUs, work);
    return drawn;
  }
}

function wholeDraw(distribution: Distribution, stream: Stream): number {
  return Math.max(1, Math.round(sample(distribution, stream)));
}
