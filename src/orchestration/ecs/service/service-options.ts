/** What an ECS service says about its deployments; defaults are those of the API for a service made today (aws.md 3.7 to 3.9). */

/** How many failed tasks fail a deployment: a share of the desired count, bounded or not, or a number. */
export type FailureThreshold =
  | { readonly kind: 'bounded-percent'; readonly percent: number }
  | { readonly kind: 'unbounded-percent'; readonly percent: number }
  | { readonly kind: 'count'; readonly count: number };

export interface CircuitBreakerOptions {
  readonly threshold: FailureThreshold;
  /** Does a healthy task set the count back to 0? */
  readonly resetsOnHealthyTask: boolean;
  /** Does a failed deployment go back to the last revision that was completed? */
  readonly rollsBack: boolean;
}

export interface EcsServiceOptions {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** Absent: off, the default. */
  readonly circuitBreaker?: CircuitBreakerOptions;
  /** Are tasks moved to even out the zones? */
  readonly rebalancesZones: boolean;
  /** Has something that says when a task is healthy: a health check of its container, or a load balancer. */
  readonly hasHealthCheck: boolean;
}

export const PLAIN_SERVICE: EcsServiceOptions = {
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  rebalancesZones: true,
  hasHealthCheck: false,
};
