/** A world with Karpenter in it, woken whenever it wants to be, for tests of what it does to nodes. */

import { KarpenterWorld } from '../karpenter-world.ts';
import { Karpenter } from '../../../../src/autoscaling/karpenter/karpenter.ts';
import { PLAIN_SETTINGS } from '../../../../src/autoscaling/karpenter/settings.ts';
import { MARKET } from '../../../support/world.ts';
import { US_PER_SECOND } from '../../../../src/base/units.ts';
import type { Action } from '../../../../src/orchestration/actions.ts';
import type { KarpenterSettings } from '../../../../src/autoscaling/karpenter/settings.ts';
import type { NodePoolConfig, TypeChoice } from '../../../../src/autoscaling/karpenter/config.ts';

export type LogEntry = readonly [timeS: number, kind: string, subject: number | string];

/** One NodePool `m5`; the loop looks at 5 s, 15 s and so on. */
export class LoopWorld {
  readonly world = new KarpenterWorld();
  readonly pool: number;
  readonly karpenter: Karpenter;

  constructor(
    choice: Partial<TypeChoice>,
    parts: Partial<NodePoolConfig> = {},
    settings: Partial<KarpenterSettings> = {},
    prepare: (world: KarpenterWorld) => Partial<KarpenterSettings> = () => ({}),
  ) {
    this.pool = this.world.addNodePool('m5', choice, parts).pool;
    const all = { ...PLAIN_SETTINGS, ...settings, ...prepare(this.world) };
    const { cluster, configs } = this.world;
    this.karpenter = new Karpenter(cluster, 0, configs, MARKET, 5 * US_PER_SECOND, all);
  }

  /** What it does until then: launches by type, the others by host. */
  until(endS: number): LogEntry[] {
    const log: LogEntry[] = [];
    while (this.karpenter.wakeAtUs <= endS * US_PER_SECOND) {
      const nowUs = this.karpenter.wakeAtUs;
      for (const action of this.world.wake(this.karpenter, nowUs)) {
        log.push([nowUs / US_PER_SECOND, action.kind, subjectOf(action)]);
      }
    }
    this.world.nowUs = endS * US_PER_SECOND;
    return log;
  }
}

function subjectOf(action: Action): number | string {
  if (action.kind === 'launch') return action.instanceType;
  if ('host' in action) return action.host;
  return 'task' in action ? action.task : '';
}
