/** A list of placement policies as a choice over every host, with a stream of its own for its draws. */

import { PolicyChoice } from '../../orchestration/policy-choice.ts';
import { isRandom, placementPolicy, tieBreakOf } from '../registry.ts';
import { workloadMix } from './workload-mix.ts';
import type { HostChoice } from '../../orchestration/queue-scheduler.ts';
import type { PolicyName } from '../../base/policy-name.ts';
import type { World } from './world.ts';

export function policyChoice(
  world: World,
  stream: string,
  names: readonly PolicyName[],
): HostChoice {
  const policies = names
    .filter((name) => !isRandom(name))
    .map((name) => placementPolicy(name, world.ownPolicies, () => workloadMix(world)));
  return new PolicyChoice(world.cluster, policies, tieBreakOf(names), world.streams.open(stream));
}
