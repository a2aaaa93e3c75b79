/** Runs a scenario text whose workload has one entry of manifests, which are given as text too. */

import { NO_INPUTS, experimentOf } from './run-scenario.ts';
import { manifestsKey } from '../../src/scenario/inputs.ts';
import { readKubernetesManifests } from '../../src/workload/manifests/kubernetes.ts';
import { runCell } from '../../src/experiment/run-cell.ts';
import type { ManifestsWorkload } from '../../src/scenario/schema-workload.ts';
import type { WholeResult } from './run-scenario.ts';

/** `text` says `manifests: it.yaml` in its workload. */
export function runManifests(text: string, manifest: string): WholeResult {
  const { variants, seed } = experimentOf(text);
  const [variant] = variants;
  const entry = variant!.scenario.workload.find(
    (one): one is ManifestsWorkload => one.kind === 'manifests',
  )!;
  const found = readKubernetesManifests([{ file: 'it.yaml', text: manifest }]);
  const inputs = { ...NO_INPUTS, manifests: { [manifestsKey(entry)]: found } };
  const result = runCell(variant!, seed, inputs, { recordDecisions: true, policies: [] });
  return { ...result, hosts: [...result.hosts] };
}
