/**
 * Messages that wait for the replicas of a workload, as a fluid:
 *
 *     d length / dt = arrivals(t) - replicas x rate of one        never below 0
 *
 * Exact for arrivals that are piecewise constant, between changes of the number of replicas. Messages, seconds, microseconds.
 * Departs    a message is taken for good: none comes back after a visibility timeout, none is dead.
 */

import { US_PER_SECOND } from '../base/units.ts';
import type { RateProfile } from './profile.ts';

export interface MessageQueueState {
  readonly length: number;
  readonly atUs: number;
}

export class MessageQueue {
  private readonly arrivals: RateProfile;
  private readonly perReplicaPerSecond: number;
  private length = 0;
  private atUs = 0;

  constructor(arrivals: RateProfile, perReplicaPerSecond: number) {
    this.arrivals = arrivals;
    this.perReplicaPerSecond = perReplicaPerSecond;
  }

  /** Up to the instant so many replicas have worked since the last one. */
  advance(untilUs: number, replicas: number): void {
    const taken = replicas * this.perReplicaPerSecond;
    while (this.atUs < untilUs) {
      const nextUs = Math.min(untilUs, this.arrivals.nextChangeUs(this.atUs));
      const gain = this.arrivals.rateAt(this.atUs) - taken;
      this.length = Math.max(0, this.length + (gain * (nextUs - this.atUs)) / US_PER_SECOND);
      this.atUs = nextUs;
    }
  }

  /** Messages at the instant of the last advance. */
  get messages(): number {
    return this.length;
  }

  save(): MessageQueueState {
    return { length: this.length, atUs: this.atUs };
  }

  restore({ length, atUs }: MessageQueueState): void {
    this.length = length;
    this.atUs = atUs;
  }
}
