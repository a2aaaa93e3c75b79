/**
 * What of the workload is known before the run, for policies that want to know it: the tasks of traces and of manifests'
 * jobs, and the first replicas of services. Jobs whose sizes are drawn are not: a note says that they were left out.
 */

import { WORKLOAD_KINDS } from '../../cluster/workloads.ts';
import { manifestsKey, traceKey } from '../inputs.ts';
import type { MixEntry, WorkloadMix } from '../../placement/policies/workload-mix.ts';
import type { TaskTrace } from '../../cluster/spec.ts';
import type { World } from './world.ts';

const SERVICE = WORKLOAD_KINDS.indexOf('service');

/** After the workloads were assembled. */
export function workloadMix({ variant, inputs, cluster, notes }: World): WorkloadMix {
  const mix: MixEntry[] = [];
  for (const entry of variant.scenario.workload) {
    if (entry.kind === 'trace') {
      mix.push(...countsOf(inputs.traces[traceKey(entry)]!));
    } else if (entry.kind === 'manifests') {
      const { jobs } = inputs.manifests[manifestsKey(entry)]!;
      for (const { spec, completions } of jobs) mix.push({ spec, count: completions });
    } else if (entry.kind === 'jobs') {
      const note = `${entry.name}: sizes are drawn, so a policy that counts the workload does not see them`;
      if (!notes.includes(note)) notes.push(note);
    }
  }
  const { workloads, specs } = cluster;
  for (let row = 0; row < workloads.count; row++) {
    if (workloads.kind[row] !== SERVICE) continue;
    mix.push({ spec: specs.at(workloads.spec[row]!), count: workloads.desired[row]! });
  }
  return mix;
}

function countsOf({ specs, specOf }: TaskTrace): MixEntry[] {
  const counts = specs.map(() => 0);
  for (const spec of specOf) counts[spec]!++;
  return specs.map((spec, row) => ({ spec, count: counts[row]! }));
}
