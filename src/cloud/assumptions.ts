/**
 * The register of assumed parameters: every number of the models that rests on a guess or on a third party's measurement,
 * with its range and its source. A scenario overrides it by name; a run lists those it used.
 * What primary sources state (documented defaults, exact prices) does not belong here.
 */

import { ScenarioError } from '../base/scenario-error.ts';
import type { Fault } from '../base/scenario-error.ts';
import { US_PER_SECOND } from '../base/units.ts';
import type { Assumption } from './assumptions/assumption.ts';
import { CONTROL_ASSUMPTIONS } from './assumptions/control.ts';
import { IMAGE_ASSUMPTIONS } from './assumptions/image.ts';
import { LAUNCH_ASSUMPTIONS } from './assumptions/launch.ts';
import { PRICE_ASSUMPTIONS } from './assumptions/price.ts';
import { REGION_ASSUMPTIONS } from './assumptions/region.ts';
import { STORAGE_ASSUMPTIONS } from './assumptions/storage.ts';
import { SPOT_ASSUMPTIONS } from './assumptions/spot.ts';
import { nearestName } from './nearest-name.ts';

export type { Assumption } from './assumptions/assumption.ts';

const REGISTER = [
  ...LAUNCH_ASSUMPTIONS,
  ...IMAGE_ASSUMPTIONS,
  ...CONTROL_ASSUMPTIONS,
  ...STORAGE_ASSUMPTIONS,
  ...SPOT_ASSUMPTIONS,
  ...PRICE_ASSUMPTIONS,
  ...REGION_ASSUMPTIONS,
] as const;

/** Every registered name: a misspelt `get` does not compile. */
export type AssumptionName = (typeof REGISTER)[number]['name'];

/** Names of durations: `-s`, but not `-bytes-per-s`. */
type SecondsName = Exclude<AssumptionName & `${string}-s`, `${string}-per-s`>;

export const ASSUMPTIONS: readonly Assumption[] = REGISTER;

const DEFAULTS: ReadonlyMap<string, number> = new Map(
  ASSUMPTIONS.map((assumption) => [assumption.name, assumption.default]),
);

export function isAssumptionName(name: string): name is AssumptionName {
  return DEFAULTS.has(name);
}

/** The values of one run: the defaults, as a scenario overrode them. */
export class AssumedParameters {
  readonly #values: ReadonlyMap<string, number>;
  readonly #used = new Set<AssumptionName>();

  /** Throws ScenarioError on an unknown name or a value that is no finite number >= 0. */
  constructor(overrides: Readonly<Record<string, number>> = {}) {
    const faults = Object.entries(overrides).flatMap(([name, value]) => faultOf(name, value));
    if (faults.length > 0) throw new ScenarioError(faults);
    this.#values = new Map([...DEFAULTS, ...Object.entries(overrides)]);
  }

  get(name: AssumptionName): number {
    this.#used.add(name);
    return this.#values.get(name)!;
  }

  /** A parameter in seconds, as whole microseconds. */
  us(name: SecondsName): number {
    return Math.round(this.get(name) * US_PER_SECOND);
  }

  /** Names read so far, sorted. */
  used(): readonly AssumptionName[] {
    return [...this.#used].sort((a, b) => (a < b ? -1 : 1));
  }
}

function faultOf(name: string, value: number): Fault[] {
  const at = { file: '', line: 0, column: 0, path: `assumptions.${name}` };
  if (!isAssumptionName(name)) {
    const near = nearestName(name, [...DEFAULTS.keys()]);
    const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
    return [
      { ...at, message: `expected the name of an assumed parameter, found "${name}"${hint}` },
    ];
  }
  if (Number.isFinite(value) && value >= 0) return [];
  return [{ ...at, message: `expected a finite number that is not negative, found ${value}` }];
}
