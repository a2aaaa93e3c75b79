/** Asks our launch filters what they leave, one after the other. */

import {
  LAUNCH_FILTERS,
  cheapestOptions,
  compatibleOptions,
} from '../../../src/autoscaling/karpenter/launch-filters.ts';
import { RESOURCES, amountsOf, candidateOf, requirementsOf } from './solve-world.ts';
import { byCode, canonical } from './solve-judge.ts';
import type { LaunchCase } from './launch-case.ts';
import type { LaunchOption } from '../../../src/autoscaling/karpenter/launch-filters.ts';

interface Step {
  readonly filter: string;
  readonly offerings: Readonly<Record<string, readonly string[]>>;
}

export function judgeLaunch(input: unknown, output: unknown): string | undefined {
  const expected = output as readonly Step[];
  const found = steps(input as LaunchCase);
  for (const [at, step] of expected.entries()) {
    const [real, ours] = [canonical(step), canonical(found[at])];
    if (real !== ours) return `expected ${real}, found ${ours}`;
  }
  return undefined;
}

function steps({ requirements, requests, instanceTypes, maxTypes }: LaunchCase): Step[] {
  const asked = requirementsOf(requirements);
  const amounts = amountsOf(requests);
  const all = instanceTypes.map(candidateOf).map((type) => ({ type, offerings: type.offerings }));
  let left = compatibleOptions(
    all,
    asked,
    RESOURCES.map((name) => amounts[name] ?? 0),
  );
  const told = [tell('compatible-available-filter', left)];
  for (const { name, keep } of LAUNCH_FILTERS) {
    left = keep(left, asked);
    told.push(tell(name, left));
  }
  return [...told, tell('cut', cheapestOptions(left, asked, maxTypes))];
}

function tell(filter: string, left: readonly LaunchOption[]): Step {
  const offerings: Record<string, string[]> = {};
  for (const { type, offerings: own } of left) {
    offerings[type.name] = own
      .map(({ zoneName, spot, reservation }) => {
        const capacityType = reservation !== undefined ? 'reserved' : spot ? 'spot' : 'on-demand';
        return `${zoneName} ${capacityType} ${reservation?.id ?? ''}`;
      })
      .sort(byCode);
  }
  return { filter, offerings };
}
