import { describe, expect, it } from 'vitest';
import { DisruptionBudgets } from '../../../../src/orchestration/kubernetes/controllers/disruption-budgets.ts';
import { HOST_STATE } from '../../../../src/cluster/hosts.ts';
import { LoopWorld } from './loop-world.ts';
import { isApproved } from '../../../../src/autoscaling/karpenter/disruption/balanced.ts';
import { US_PER_SECOND } from '../../../../src/base/units.ts';
import type { BudgetRule } from '../../../../src/orchestration/kubernetes/controllers/disruption-budgets.ts';

const { ready } = HOST_STATE;
const M5 = ['m5.large', 'm5.xlarge', 'm5.2xlarge'];

describe('spot nodes', () => {
  const run = (families: readonly string[], spotToSpot: boolean) => {
    const scene = new LoopWorld({ families, capacityTypes: ['spot'] }, {}, { spotToSpot });
    const host = scene.world.addHostOf('m5.4xlarge', scene.pool, 0, true, ready);
    scene.world.addRunning(scene.world.addService('web', 1, 1), host);
    return scene.until(30).map(([, kind]) => kind);
  };

  it('pitfall 14.6: do not give way to spot nodes while the gate is shut', () => {
    expect(run(['m5', 'm6i', 'c5', 'c6i', 'r5', 'r6i'], false)).toEqual([]);
  });

  it('pitfall 14.6: give way one by one only to one of 15 cheaper types', () => {
    expect(run(['m5', 'm6i', 'c5', 'c6i', 'r5', 'r6i'], true)).toContain('launch');
    // Large, xlarge and 2xlarge of one family are fewer.
    expect(run(['m5'], true)).toEqual([]);
  });

  it('may give way to an on-demand node that costs less', () => {
    const scene = new LoopWorld({ instanceTypes: M5, capacityTypes: ['on-demand'] });
    const host = scene.world.addHostOf('m5.24xlarge', scene.pool, 0, true, ready);
    scene.world.addRunning(scene.world.addService('web', 1, 1), host);
    expect(scene.until(30).map(([, kind]) => kind)).toContain('launch');
  });
});

describe('PodDisruptionBudgets', () => {
  const run = (rule: Partial<BudgetRule>, replicas: number) => {
    const scene = new LoopWorld({ instanceTypes: M5 }, {}, {}, (world) => {
      const web = world.addService('web', 1, 1);
      const full = { unhealthyPodEviction: 'IfHealthyBudget', ...rule } as const;
      return {
        podBudgets: new DisruptionBudgets(world.cluster, [{ rule: full, workloads: [web] }]),
      };
    });
    const { world } = scene;
    const host = world.addHostOf('m5.2xlarge', scene.pool, 0, false, ready);
    for (const task of world.addRunning(0, host, replicas)) world.ledger.setReady(task, 0);
    world.cluster.workloads.desired[0] = replicas;
    return scene.until(60).length > 0;
  };

  it('that allow no disruption hold a node back', () => {
    expect(run({ maxUnavailable: { count: 0 } }, 2)).toBe(false);
    expect(run({ minAvailable: { count: 2 } }, 2)).toBe(false);
  });

  it('that allow one let it go', () => {
    expect(run({ minAvailable: { count: 1 } }, 2)).toBe(true);
  });
});

describe('policy Balanced', () => {
  it('approves what saves half as much of the cost as it is of the disruption', () => {
    // aws.md 10.1 (12): 0.10 / 1.0 over 4 / 20 is 0.5; 0.09 is less.
    const totals = { cost: 1_000_000_000, disruption: 20 };
    expect(isApproved(100_000_000, 4, totals)).toBe(true);
    expect(isApproved(90_000_000, 4, totals)).toBe(false);
    expect(isApproved(0, 0, totals)).toBe(false);
  });

  it('leaves a node whose many pods outweigh what it costs', () => {
    const run = (consolidationPolicy: 'Balanced' | 'WhenEmptyOrUnderutilized') => {
      const scene = new LoopWorld(
        { instanceTypes: [...M5, 'm5.8xlarge'] },
        { consolidationPolicy },
      );
      const { world, pool } = scene;
      const small = world.addService('small', 0.01, 0.01);
      const large = world.addService('large', 30, 1);
      const cheap = world.addHostOf('m5.large', pool, 0, false, ready);
      const dear = world.addHostOf('m5.8xlarge', pool, 0, false, ready);
      world.addRunning(small, cheap, 20);
      world.addRunning(large, dear, 1);
      return scene.until(30).map(([, kind, host]) => [kind, host]);
    };
    // It saves 0.096 of 1.632 USD, 5.9 %, for 21 of 23 units of disruption, 91 %.
    expect(run('Balanced')).toEqual([]);
    expect(run('WhenEmptyOrUnderutilized')).toEqual([['terminate', 0]]);
  });
});

describe('thinking', () => {
  it('takes time: the wait begins when it is over', () => {
    const firstAt = (probeUsPerNode: number) => {
      const scene = new LoopWorld({ instanceTypes: M5 }, {}, { probeUsPerNode });
      const host = scene.world.addHostOf('m5.2xlarge', scene.pool, 0, false, ready);
      scene.world.addRunning(scene.world.addService('web', 1, 1), host);
      return scene.until(60)[0]?.[0];
    };
    expect(firstAt(0)).toBe(20);
    // One node to look at, one node in the cluster: 4 s.
    expect(firstAt(4 * US_PER_SECOND)).toBe(24);
  });

  it('pitfall 14.7: ends after 3 minutes for single nodes, and goes on with NodePools it did not reach', () => {
    const scene = new LoopWorld({ instanceTypes: M5 }, {}, { probeUsPerNode: 100 * US_PER_SECOND });
    const { world, pool } = scene;
    const full = world.addService('full', 1.8, 1);
    const other = world.addNodePool('n5', { instanceTypes: M5 }).pool;
    world.addRunning(full, world.addHostOf('m5.large', pool, 0, false, ready));
    const host = world.addHostOf('m5.2xlarge', other, 0, false, ready);
    world.addRunning(world.addService('web', 1.8, 1), host);
    // Both in one plan take 200 s, more than the minute. Alone they take 200 s each: only one is looked at.
    expect(scene.until(200)).toEqual([]);
  });
});

it('pitfall 14.6: a replacement is judged by its dearest offering, and nodes that take pods are left alone for a while', () => {
  const scene = new LoopWorld({ instanceTypes: M5 }, { consolidateAfterUs: 0 });
  const { world, pool } = scene;
  const web = world.addService('web', 0.9, 1);
  const [a, b] = [0, 1].map(() => world.addHostOf('m5.large', pool, 0, false, ready));
  world.addRunning(web, a!, 1);
  world.addRunning(web, b!, 1);
  const log = scene.until(36);
  // One goes at 20 s; the other, which takes its pod, is no candidate for 20 s after it.
  expect(log).toEqual([[20, 'terminate', a]]);
});
