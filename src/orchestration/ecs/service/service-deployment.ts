/**
 * What is remembered of one service while it is more than a count: a deployment under way, instances that drain under its tasks,
 * zones being evened out, launches that failed. A service that is steady and never failed needs no record.
 */

import { CircuitBreaker } from './circuit-breaker.ts';
import { LaunchThrottle } from './launch-throttle.ts';
import type { BreakerState } from './circuit-breaker.ts';
import type { EcsServiceOptions } from './service-options.ts';
import type { ThrottleState, ThrottleTimes } from './launch-throttle.ts';

const NO_SPEC = -1;

export interface DeploymentState {
  readonly isMoving: boolean;
  readonly isRollingOut: boolean;
  readonly extra: number;
  readonly completedSpec: number;
  readonly stuckTold: boolean;
  readonly breaker: BreakerState | null;
  readonly throttle: ThrottleState;
}

export class ServiceDeployment {
  readonly throttle: LaunchThrottle;
  readonly breaker: CircuitBreaker | undefined;
  /** Steps are taken until all tasks are fresh and healthy. */
  isMoving = false;
  /** A revision is being rolled out; not so while tasks only move. */
  isRollingOut = false;
  /** Tasks above the desired count, for the zones' sake: 0 or 1. */
  extra = 0;
  /** Spec of the last completed deployment, where a failed one goes back to. */
  private completedSpec = NO_SPEC;
  /** Somebody was told that the bounds let nothing happen. */
  stuckTold = false;

  constructor(options: EcsServiceOptions, times: ThrottleTimes) {
    this.throttle = new LaunchThrottle(times);
    const { circuitBreaker } = options;
    this.breaker = circuitBreaker === undefined ? undefined : new CircuitBreaker(circuitBreaker);
  }

  /** Nothing more is launched until the service is updated. */
  get hasFailed(): boolean {
    return this.breaker?.isOpen ?? false;
  }

  /** The revision to go back to; undefined when none was ever completed. */
  get lastCompleted(): number | undefined {
    return this.completedSpec === NO_SPEC ? undefined : this.completedSpec;
  }

  begin(): void {
    this.isMoving = true;
    this.isRollingOut = true;
    this.extra = 0;
    this.stuckTold = false;
    this.breaker?.reset();
    this.throttle.reset();
  }

  complete(spec: number): void {
    this.isMoving = false;
    this.isRollingOut = false;
    this.completedSpec = spec;
    this.stuckTold = false;
  }

  /** `spec` is what ran before the first update. */
  ranBefore(spec: number): void {
    if (this.completedSpec === NO_SPEC) this.completedSpec = spec;
  }

  save(): DeploymentState {
    const { isMoving, isRollingOut, extra, completedSpec, stuckTold } = this;
    const breaker = this.breaker?.save() ?? null;
    const throttle = this.throttle.save();
    return { isMoving, isRollingOut, extra, completedSpec, stuckTold, breaker, throttle };
  }

  restore(state: DeploymentState): void {
    this.isMoving = state.isMoving;
    this.isRollingOut = state.isRollingOut;
    this.extra = state.extra;
    this.completedSpec = state.completedSpec;
    this.stuckTold = state.stuckTold;
    if (state.breaker !== null) this.breaker?.restore(state.breaker);
    this.throttle.restore(state.throttle);
  }
}
