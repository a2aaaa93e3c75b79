/** A scenario as the rest of the program sees it: checked, in model units, one entry a variant. */

import type { Expectation } from './expectation.ts';
import type { Cluster } from './schema-cluster.ts';
import type { ScenarioSettings } from './schema.ts';

export interface ResolvedVariant {
  readonly name: string;
  /** The scenario's settings after the variant's overrides. */
  readonly scenario: ScenarioSettings;
  /** At least one; a flat cluster is called `main`. */
  readonly clusters: readonly Cluster[];
  /** Cluster of a workload, by name; what is not listed goes to the first cluster. */
  readonly place: Readonly<Record<string, string>>;
}

export interface Experiment {
  readonly name: string;
  /** Root of all streams, as text. */
  readonly seed: string;
  readonly replications: number;
  readonly variants: readonly ResolvedVariant[];
  readonly baseline: string;
  readonly expectations: readonly Expectation[];
  /** The file after `--set`, with anchors followed, as JSON: loading it again gives the same experiment. */
  readonly resolved: unknown;
}
