/** Scaling policies of a group, as they are told (aws.md 2.6). */

import type { AdjustmentType, StepAdjustment } from './step-adjustment.ts';
import type { CpuAlarmRule } from './cpu-alarm.ts';

/** Keeps average CPU near a target. */
export interface TargetTracking {
  readonly kind: 'target';
  readonly targetPercent: number;
  readonly disableScaleIn: boolean;
}

/** Adjusts when an alarm on average CPU is on, by how far it is over. */
export interface StepScaling {
  readonly kind: 'step';
  readonly alarm: CpuAlarmRule;
  readonly adjustment: AdjustmentType;
  readonly steps: readonly StepAdjustment[];
  /** Hosts that a percentage comes to at least. */
  readonly least: number;
}

/** One adjustment, then a cooldown in which nothing else happens. */
export interface SimpleScaling {
  readonly kind: 'simple';
  readonly alarm: CpuAlarmRule;
  readonly adjustment: AdjustmentType;
  readonly by: number;
  readonly cooldownUs: number;
}

export type ScalingPolicy = TargetTracking | StepScaling | SimpleScaling;

/** Sets bounds or size of a group at a time, once. */
export interface ScheduledAction {
  readonly atUs: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly desired?: number;
}

export interface ScaledGroup {
  readonly pool: number;
  readonly policies: readonly ScalingPolicy[];
  /** In order of time. */
  readonly schedule: readonly ScheduledAction[];
  /** Time that a new host is in service before its metrics count. */
  readonly warmupUs: number;
  /** 1 min, or 5 min with basic monitoring. */
  readonly periodUs: number;
}
