/** The seven variants, each run once for all tests of a file. */

import { SEVEN } from './seven-variants.ts';
import { runVariant } from './run-scenario.ts';
import type { WholeResult } from './run-scenario.ts';

export const SEVEN_RESULTS: readonly (readonly [name: string, result: WholeResult])[] =
  SEVEN.variants.map((variant) => [variant.name, runVariant(variant, SEVEN.seed)] as const);

/** All variants have the same settings, and services that keep them going to the end. */
export const { durationUs: END_US, warmupUs: WARMUP_US } = SEVEN.variants[0]!.scenario;
