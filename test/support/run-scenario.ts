/** Runs a scenario text from end to end, as `berth run` does, without files. */

import { loadScenario } from '../../src/scenario/load.ts';
import { knownPolicies } from '../../src/scenario/registry.ts';
import { manifestsKey } from '../../src/scenario/inputs.ts';
import { readKubernetesManifests } from '../../src/workload/manifests/kubernetes.ts';
import { runCell } from '../../src/experiment/run-cell.ts';
import type { CellResult } from '../../src/experiment/run-cell.ts';
import type { HostRow } from '../../src/metrics/rows.ts';
import type { Experiment, ResolvedVariant } from '../../src/scenario/experiment.ts';
import type { LoadedInputs } from '../../src/scenario/inputs.ts';

/** With all rows of hosts in memory. */
export interface WholeResult extends CellResult {
  readonly hosts: readonly HostRow[];
}

export const NO_INPUTS: LoadedInputs = { traces: {}, hosts: {}, manifests: {}, nodePools: {} };

export function experimentOf(text: string): Experiment {
  return loadScenario(text, 'scenario.yaml', { knownPolicies: knownPolicies() });
}

export function runVariant(
  variant: ResolvedVariant,
  seed: string | number,
  recordDecisions = false,
): WholeResult {
  const result = runCell(variant, seed, NO_INPUTS, { recordDecisions, policies: [] });
  return { ...result, hosts: [...result.hosts] };
}

/** The first variant of a scenario, with its own seed. */
export function runText(text: string, recordDecisions = false): WholeResult {
  const { variants, seed } = experimentOf(text);
  return runVariant(variants[0]!, seed, recordDecisions);
}

/** The same of a scenario whose one workload is a file of manifests. */
export function runManifests(text: string, yaml: string): WholeResult {
  const { variants, seed } = experimentOf(text);
  const entry = variants[0]!.scenario.workload[0]!;
  if (entry.kind !== 'manifests') throw new Error('the workload is no manifests');
  const { usageFraction: serviceUsageFraction, jobDurationUs } = entry;
  const found = readKubernetesManifests([{ file: entry.path, text: yaml }], {
    serviceUsageFraction,
    jobDurationUs,
  });
  const inputs = { ...NO_INPUTS, manifests: { [manifestsKey(entry)]: found } };
  const result = runCell(variants[0]!, seed, inputs, { recordDecisions: true, policies: [] });
  return { ...result, hosts: [...result.hosts] };
}
