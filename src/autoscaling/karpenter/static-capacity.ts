/**
 * NodePools with `replicas` keep so many nodes, whatever pods there are.
 *
 * Counted    nodes on their way and ready; those that wait for their replacement count as well, so that drift does not make
 *            more of them than wanted.
 * Looked at  each minute, and 30 s after the limit on nodes stood in the way.
 * Left out   fewer replicas while a run goes on: nothing changes them.
 * Source     aws.md 1.24 (static.provisioning of Karpenter 1.14).
 */

import { HOST_STATE } from '../../cluster/hosts.ts';
import { NEVER, US_PER_MINUTE, US_PER_SECOND } from '../../base/units.ts';
import type { LaunchableClaim } from './launch-choice.ts';
import type { NodePoolConfig } from './config.ts';
import type { Provisioner } from './provisioner.ts';

const PERIOD_US = US_PER_MINUTE;
const LIMITED_US = 30 * US_PER_SECOND;

export class StaticCapacity {
  wakeAtUs: number;
  private readonly provisioner: Provisioner;
  private readonly configs: readonly NodePoolConfig[];

  constructor(provisioner: Provisioner, configs: readonly NodePoolConfig[]) {
    this.provisioner = provisioner;
    this.configs = configs.filter(({ replicas }) => replicas !== undefined);
    this.wakeAtUs = this.configs.length === 0 ? NEVER : 0;
  }

  /** A claim for each node that is missing. */
  missing(nowUs: number): LaunchableClaim[] {
    if (nowUs < this.wakeAtUs) return [];
    this.wakeAtUs = nowUs + PERIOD_US;
    const { view } = this.provisioner;
    return this.configs.flatMap((config) => {
      const { pool, limits, replicas = 0 } = config;
      const nodes = this.provisioner
        .hostsUpTo(HOST_STATE.ready)
        .filter((host) => view.hosts.pool[host] === pool).length;
      if (nodes >= replicas) return [];
      const count = Math.max(0, Math.min(replicas, limits.nodes) - nodes);
      if (count < replicas - nodes) this.wakeAtUs = nowUs + LIMITED_US;
      const claim = staticClaim(this.provisioner, config);
      return claim === undefined ? [] : Array.from({ length: count }, () => claim);
    });
  }

  save(): number {
    return this.wakeAtUs;
  }

  restore(wakeAtUs: number): void {
    this.wakeAtUs = wakeAtUs;
  }
}

/** Any type of the pool; undefined when it can launch none. */
export function staticClaim(
  provisioner: Provisioner,
  { pool }: NodePoolConfig,
): LaunchableClaim | undefined {
  const template = provisioner.staticTemplates.find(({ config }) => config.pool === pool);
  if (template === undefined) return undefined;
  return { template, requirements: template.requirements, types: template.types };
}
