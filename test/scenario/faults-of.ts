import { ScenarioError } from '../../src/base/scenario-error.ts';
import type { Fault } from '../../src/base/scenario-error.ts';

/** The faults that `load` throws; none when it does not throw. Any other error passes. */
export function faultsOf(load: () => unknown): readonly Fault[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.faults;
    throw error;
  }
}
