/**
 * The deployment circuit breaker (aws.md 3.8): counts the tasks of a deployment that fail, and fails the deployment when there are
 * too many.
 *
 *     threshold = clamp(ceil(percent x desired / 100), 3, 200)     of the latest desired count
 *
 * Stage 1    until a task of the deployment runs: tasks that ended without having run.
 * Stage 2    from then on: tasks that were replaced because a health check failed. The count starts anew.
 * Reset      by a healthy task, unless the count is cumulative.
 */

import type { CircuitBreakerOptions, FailureThreshold } from './service-options.ts';

const BOUNDED_LEAST = 3;
const BOUNDED_MOST = 200;

export function failureThreshold(threshold: FailureThreshold, desired: number): number {
  if (threshold.kind === 'count') return threshold.count;
  const share = Math.ceil((threshold.percent * desired) / 100);
  if (threshold.kind === 'unbounded-percent') return share;
  return Math.min(Math.max(share, BOUNDED_LEAST), BOUNDED_MOST);
}

export interface BreakerState {
  readonly failures: number;
  readonly hasRun: boolean;
  readonly isOpen: boolean;
}

const CLOSED: BreakerState = { failures: 0, hasRun: false, isOpen: false };

export class CircuitBreaker {
  private readonly options: CircuitBreakerOptions;
  private state = CLOSED;

  constructor(options: CircuitBreakerOptions) {
    this.options = options;
  }

  /** The deployment has failed. */
  get isOpen(): boolean {
    return this.state.isOpen;
  }

  /** A new deployment begins. */
  reset(): void {
    this.state = CLOSED;
  }

  taskRan(): void {
    if (!this.state.hasRun) this.state = { ...this.state, hasRun: true, failures: 0 };
  }

  taskHealthy(): void {
    if (this.options.resetsOnHealthyTask) this.state = { ...this.state, failures: 0 };
  }

  /** `hadRun`: the task had reached RUNNING. True when the deployment fails with it. */
  taskFailed(hadRun: boolean, desired: number): boolean {
    const { hasRun, isOpen } = this.state;
    if (isOpen || hadRun !== hasRun) return false;
    const failures = this.state.failures + 1;
    const opens = failures >= failureThreshold(this.options.threshold, desired);
    this.state = { ...this.state, failures, isOpen: opens };
    return opens;
  }

  save(): BreakerState {
    return this.state;
  }

  restore(state: BreakerState): void {
    this.state = state;
  }
}
