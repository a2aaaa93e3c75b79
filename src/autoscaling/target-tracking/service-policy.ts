/** Scaling policies of an ECS service, as Application Auto Scaling is told them (aws.md 3.14). */

import type { AdjustmentType, StepAdjustment } from '../asg/scaling/step-adjustment.ts';
import type { AlarmRule } from '../../telemetry/metric-alarm.ts';

/**
 * CPU and memory in use in per cent of what is reserved, requests a second for each ready task, messages of its queue for each
 * ready task.
 */
export type ServiceMeasure = 'cpu' | 'memory' | 'requests' | 'messages';

export const COMPARISONS = ['above', 'at-or-above', 'below', 'at-or-below'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** Keeps a measure near its target. */
export interface TrackingPolicy {
  readonly kind: 'target';
  readonly measure: ServiceMeasure;
  readonly target: number;
  readonly disableScaleIn: boolean;
  readonly scaleOutCooldownUs: number;
  readonly scaleInCooldownUs: number;
}

/** Adjusts the count when an alarm is on, by how far the measure is from the threshold. */
export interface StepPolicy {
  readonly kind: 'step';
  readonly measure: ServiceMeasure;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly alarm: AlarmRule;
  readonly adjustment: AdjustmentType;
  readonly steps: readonly StepAdjustment[];
  /** Tasks that a percentage comes to at least. */
  readonly least: number;
  readonly cooldownUs: number;
}

export type ServicePolicy = TrackingPolicy | StepPolicy;

/** Sets the bounds at a time, and again each `everyUs`; NEVER for once. */
export interface BoundsChange {
  readonly atUs: number;
  readonly everyUs: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ScaledService {
  readonly workload: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly policies: readonly ServicePolicy[];
  readonly schedule: readonly BoundsChange[];
}

/** Measured of a service at the end of a minute: `used x factor / base` in the unit of the measure. */
export interface MeasuredPoint {
  readonly used: number;
  readonly factor: number;
  readonly base: number;
}
