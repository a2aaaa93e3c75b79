/**
 * One M/M/c: c servers, exponential gaps and service times, first come first served. The draws are whole microseconds in
 * a file that all programs read, so that all see the same customers and sums of waits are exact.
 *
 * File       gaps between arrivals, then service times, as doubles of the machine's byte order.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { Streams } from '../../src/random/streams.ts';
import { US_PER_SECOND } from '../../src/base/units.ts';
import { sample } from '../../src/random/sampler.ts';

export const SERVERS = 100;
export const RHO = 0.9;
const SERVICE_US = US_PER_SECOND;

export interface Draws {
  readonly gapsUs: Float64Array;
  readonly servicesUs: Float64Array;
}

/** What every program prints about its run. */
export interface MmcRun {
  /** Processor time, without reading the draws. */
  readonly us: number;
  readonly waitMeanUs: number;
}

export function drawCustomers(customers: number): Draws {
  const streams = new Streams(42);
  const draw = (name: string, mean: number): Float64Array => {
    const stream = streams.open(name);
    return Float64Array.from({ length: customers }, () =>
      Math.ceil(sample({ kind: 'exponential', mean }, stream)),
    );
  };
  return {
    gapsUs: draw('gaps', SERVICE_US / (SERVERS * RHO)),
    servicesUs: draw('services', SERVICE_US),
  };
}

export function writeDraws(file: string, { gapsUs, servicesUs }: Draws): void {
  writeFileSync(file, Buffer.concat([Buffer.from(gapsUs.buffer), Buffer.from(servicesUs.buffer)]));
}

export function readDraws(file: string): Draws {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  const all = new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const customers = all.length / 2;
  return { gapsUs: all.subarray(0, customers), servicesUs: all.subarray(customers) };
}
