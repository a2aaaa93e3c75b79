/** A world with NodePools for tests of Karpenter and its parts. */

import {
  PLAIN_NODE_POOL,
  requirementsOfChoice,
} from '../../../src/autoscaling/karpenter/config.ts';
import { Provisioner } from '../../../src/autoscaling/karpenter/provisioner.ts';
import { podOf } from '../../../src/autoscaling/karpenter/pod.ts';
import { GIB, TICKS_PER_CORE } from '../../../src/base/units.ts';
import { MARKET, World } from '../../support/world.ts';
import type { NodePoolConfig, TypeChoice } from '../../../src/autoscaling/karpenter/config.ts';
import type { Plan } from '../../../src/autoscaling/karpenter/solver.ts';
import type { PoolDescription } from '../../../src/cluster/pools.ts';
import type { TaskSpec } from '../../../src/cluster/spec.ts';

export class KarpenterWorld extends World {
  readonly configs: NodePoolConfig[] = [];

  constructor(zones: readonly string[] = ['a', 'b', 'c']) {
    super('kubernetes', zones);
  }

  addNodePool(
    name: string,
    choice: Partial<TypeChoice>,
    parts: Partial<NodePoolConfig> = {},
    description: Partial<PoolDescription> = {},
  ): NodePoolConfig {
    const pool = this.addPool(name, [], {}, { kind: 'karpenter', ...description });
    const nothing = {
      instanceTypes: [],
      families: [],
      categories: [],
      arch: ['amd64'],
      capacityTypes: ['on-demand'],
    };
    const requirements = requirementsOfChoice({ ...nothing, ...choice });
    const zones = this.cluster.zones.map((_, zone) => zone);
    const config = { ...PLAIN_NODE_POOL, name, pool, zones, requirements, ...parts };
    this.configs.push(config);
    return config;
  }

  /** A service whose pods ask for so many cores and GiB. */
  addService(name: string, cores: number, gib: number, parts: Partial<TaskSpec> = {}): number {
    return this.addWorkload(name, 'service', cores * TICKS_PER_CORE, gib * GIB, parts);
  }

  provisioner(): Provisioner {
    return new Provisioner(this.cluster, 0, this.configs, MARKET);
  }

  /** A plan for pending tasks. */
  plan(tasks: readonly number[]): Plan {
    return this.provisioner().plan(
      tasks.map((task) => podOf(this.cluster, task)),
      new Set(),
    );
  }
}

/** Names of the types of each claim, and how many pods it holds. */
export function claimsOf(plan: Plan): { readonly types: string[]; readonly pods: number }[] {
  return plan.claims.map(({ types, pods }) => ({
    types: types.map(({ name }) => name),
    pods: pods.length,
  }));
}
