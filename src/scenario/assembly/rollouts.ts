/** What is rolled out when: the list `rollouts` as revisions of workloads. */

import { Rollouts } from '../../orchestration/rollouts.ts';
import type { Controller } from '../../orchestration/controller.ts';
import type { PlannedRevision } from '../schema-rollouts.ts';
import type { Workloads } from './workloads.ts';
import type { World } from './world.ts';

/** None where nothing is rolled out. */
export function rolloutControllers(world: World, workloads: Workloads): Controller[] {
  const planned = world.variant.scenario.rollouts
    .flatMap((revision) =>
      (workloads.rowsOf.get(revision.workload) ?? []).map((workload) => ({
        atUs: revision.atUs,
        workload,
        revision,
      })),
    )
    .sort((a, b) => a.atUs - b.atUs);
  // A later revision builds on the one before.
  const latest = new Map<number, number>();
  const rows = planned.map(({ atUs, workload, revision }) => {
    const before = latest.get(workload) ?? world.cluster.workloads.spec[workload]!;
    const spec = revisedSpec(world, before, revision);
    latest.set(workload, spec);
    return { atUs, workload, spec };
  });
  return rows.length === 0 ? [] : [new Rollouts(rows)];
}

function revisedSpec({ cluster }: World, before: number, revision: PlannedRevision): number {
  const spec = cluster.specs.at(before);
  const { image = spec.image, cpuTicks = spec.cpuTicks, memoryBytes = spec.memoryBytes } = revision;
  return cluster.specs.rowOf({ ...spec, image, cpuTicks, memoryBytes });
}
