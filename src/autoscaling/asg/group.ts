/**
 * What one Auto Scaling group is told; everything that does not change in a run.
 *
 * Source  aws.md 2.4, 2.5, 2.7 to 2.9.
 */

import type { AllocationStrategy } from '../../cloud/supply/allocation.ts';

export const TERMINATION_POLICIES = [
  'default',
  'allocation-strategy',
  'oldest-launch-template',
  'oldest-instance',
  'newest-instance',
  'closest-to-next-instance-hour',
] as const;
export type TerminationPolicy = (typeof TERMINATION_POLICIES)[number];

/** Types, ways of buying, and how EC2 shall choose among them (aws.md 2.7). */
export interface MixedInstances {
  /** In order of wish. */
  readonly types: readonly { readonly name: string; readonly weight: number }[];
  /** Capacity that is bought on demand before any share counts. */
  readonly onDemandBase: number;
  /** Per cent of what is above the base that is bought on demand. */
  readonly onDemandPercent: number;
  readonly onDemandStrategy: AllocationStrategy;
  readonly spotStrategy: AllocationStrategy;
  /** Of the spot strategy lowest-price: cheapest pools to spread over. */
  readonly spotPools: number;
}

/** How many may be away and how many too many while instances are replaced, in per cent of desired (aws.md 2.9). */
export interface HealthyRange {
  readonly minimum: number;
  readonly maximum: number;
}

/** A campaign that replaces every instance that is older than it, such as patching. */
export interface InstanceRefresh extends HealthyRange {
  readonly atUs: number;
  /** Time that a replacement has to be in service before the next ones go. */
  readonly warmupUs: number;
}

export interface AutoScalingGroup {
  readonly pool: number;
  /** Zones it may launch in; at least one. */
  readonly zones: readonly number[];
  /** Managed termination protection of its capacity provider: hosts with tasks stay. */
  readonly protectBusyHosts: boolean;
  /** Absent: the first type of the pool, bought as the pool says. */
  readonly instances?: MixedInstances;
  /** Launch nothing rather than into a zone that has more than another (balanced-only); default best effort. */
  readonly balancedOnly?: boolean;
  /** Move instances when zones differ by two or more; default false here, true for what a scenario writes. */
  readonly rebalanceZones?: boolean;
  /** Replace spot instances that EC2 says are at risk. */
  readonly capacityRebalance?: boolean;
  /** In order: each breaks the ties of those before; default `default`. */
  readonly terminationPolicies?: readonly TerminationPolicy[];
  /** Of replacements for age; absent: 90 % to 100 %. */
  readonly maintenance?: HealthyRange;
  /** Age at which an instance is replaced. */
  readonly lifetimeUs?: number;
  /** In order of time. */
  readonly refreshes?: readonly InstanceRefresh[];
}
