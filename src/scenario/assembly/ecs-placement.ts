/** How an ECS cluster places tasks: strategies of the cluster, strategies and constraints of its workloads. */

import { EcsChoice } from '../../orchestration/ecs/ecs-choice.ts';
import { PlacementConstraints } from '../../orchestration/ecs/placement-constraints.ts';
import { policyChoice } from './policy-choice.ts';
import type { HostChoice } from '../../orchestration/queue-scheduler.ts';
import type { PolicyName } from '../../base/policy-name.ts';
import type { Workloads } from './workloads.ts';
import type { World } from './world.ts';

const SPREADING: readonly PolicyName[] = [
  { name: 'spread', parameters: { field: 'zone' } },
  { name: 'spread', parameters: { field: 'instance' } },
];
const RANDOM: readonly PolicyName[] = [{ name: 'random', parameters: {} }];

export function ecsChoice(
  world: World,
  { controlled }: Workloads,
  cluster: number,
  names: readonly PolicyName[],
): HostChoice {
  const stream = `placement/${cluster}`;
  const own = new Map<number, HostChoice>();
  const constraints = new Map<number, PlacementConstraints>();
  for (const [row, { strategies, ...stated }] of controlled.ecsPlacements) {
    if (world.cluster.workloads.cluster[row] !== cluster) continue;
    if (strategies.length > 0) {
      const name = world.cluster.workloads.names[row]!;
      own.set(row, policyChoice(world, `${stream}/${name}`, strategies));
    }
    if (stated.isDistinct || stated.members.length > 0) {
      constraints.set(row, new PlacementConstraints(world.cluster, row, stated));
    }
  }
  const ofCluster = names.length > 0 ? policyChoice(world, stream, names) : undefined;
  return new EcsChoice(world.cluster, {
    services: ofCluster ?? policyChoice(world, `${stream}/services`, SPREADING),
    standalone: ofCluster ?? policyChoice(world, `${stream}/standalone`, RANDOM),
    own,
    constraints,
  });
}
