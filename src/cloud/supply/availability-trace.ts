/**
 * Reads a trace of spot availability as SkyPilot publishes them: `{ metadata: { gap_seconds }, data: [n, n, ...] }`, the number of
 * machines that could be had at each tick (github.com/skypilot-org/spot-traces).
 */

import { ScenarioError } from '../../base/scenario-error.ts';
import { US_PER_SECOND } from '../../base/units.ts';
import type { DepthSeries } from './capacity-depth.ts';

/** Throws ScenarioError when the text is no such trace. */
export function readAvailabilityTrace(file: string, text: string): DepthSeries {
  const trace = parsed(text) as { metadata?: { gap_seconds?: unknown }; data?: unknown } | null;
  const seconds = trace?.metadata?.gap_seconds;
  const counts = trace?.data;
  if (typeof seconds !== 'number' || !(seconds > 0)) {
    throw faultOf(file, 'expected `metadata.gap_seconds`, a number above 0');
  }
  if (!Array.isArray(counts) || counts.length < 2 || !counts.every(isCount)) {
    throw faultOf(file, 'expected `data`, a list of two or more whole numbers from 0');
  }
  return { stepUs: Math.round(seconds * US_PER_SECOND), counts };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function faultOf(file: string, message: string): ScenarioError {
  return new ScenarioError([{ file, line: 0, column: 0, path: '', message }]);
}
