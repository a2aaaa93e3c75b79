import { describe, expect, it } from 'vitest';
import { ActionBuffer } from '../../../src/orchestration/actions.ts';
import { ANY_AMOUNTS, VerticalPodAutoscaler } from '../../../src/autoscaling/vpa/vpa.ts';
import { DisruptionBudgets } from '../../../src/orchestration/kubernetes/controllers/disruption-budgets.ts';
import { ServiceWorld } from '../../support/service-world.ts';
import { TICKS_PER_MILLI, US_PER_MINUTE, US_PER_SECOND } from '../../../src/base/units.ts';
import type { Action } from '../../../src/orchestration/actions.ts';
import type { Budget } from '../../../src/orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { MemoryKill } from '../../../src/telemetry/usage-probe.ts';
import type { VpaTarget } from '../../../src/autoscaling/vpa/vpa.ts';

/** Recommends at second 10 of each minute, updates at second 40. */
function vpaOf(
  world: ServiceWorld,
  changes: Partial<VpaTarget> = {},
  budgets: readonly Budget[] = [],
): VerticalPodAutoscaler {
  const target: VpaTarget = {
    workload: world.workload,
    mode: 'recreate',
    minReplicas: 2,
    controlled: ['cpuMilli'],
    ...ANY_AMOUNTS,
    evictionRequirements: [],
    ...changes,
  };
  return new VerticalPodAutoscaler(
    world.cluster,
    world,
    [target],
    new DisruptionBudgets(world.cluster, budgets),
    { recommenderUs: 10 * US_PER_SECOND, updaterUs: 40 * US_PER_SECOND },
  );
}

function run(vpa: VerticalPodAutoscaler, untilMinute: number): Action[] {
  const out = new ActionBuffer();
  while (vpa.wakeAtUs < untilMinute * US_PER_MINUTE) vpa.wake(vpa.wakeAtUs, out);
  return out.actions;
}

function stopped(actions: readonly Action[]): number {
  return actions.filter(({ kind }) => kind === 'stop-task').length;
}

/** How many pods the first loop evicts that evicts any, and in which minute. */
function firstWave(
  vpa: VerticalPodAutoscaler,
  untilMinute: number,
): [minute: number, count: number] {
  for (let minute = 1; minute <= untilMinute; minute++) {
    const count = stopped(run(vpa, minute));
    if (count > 0) return [minute, count];
  }
  return [untilMinute, 0];
}

/** Pods ask for 1000 m. */
describe('the VerticalPodAutoscaler (kubernetes.md 4.2)', () => {
  it('lets new pods ask for what is recommended', () => {
    const world = new ServiceWorld(4);
    world.percent = 50;
    const [first] = run(vpaOf(world), 1);
    // 500 m: 511 + 76
    expect(first).toEqual({
      kind: 'set-requests',
      workload: world.workload,
      cpuTicks: 587 * TICKS_PER_MILLI,
      memoryBytes: 0,
    });
  });

  it('raises the memory of pods that were killed for want of it: 1.2 times what was used, or 100 MiB more', () => {
    const world = new ServiceWorld(4);
    world.memoryPercent = 100;
    const kill = { task: 1, atUs: 65 * US_PER_SECOND, ranUs: US_PER_MINUTE, requestBytes: 1e9 };
    const memoryOf = (kills: readonly MemoryKill[]): number => {
      world.kills = kills;
      const actions = run(vpaOf(world, { controlled: ['cpuMilli', 'memoryBytes'] }), 2);
      const last = actions.findLast(({ kind }) => kind === 'set-requests');
      return last?.kind === 'set-requests' ? last.memoryBytes : 0;
    };
    // 250 MiB at least; max(1e9 + 100 MiB, 1.2e9) = 1.2e9 lies in a bucket that ends 5 % higher at most: x 1.15
    expect(memoryOf([])).toBe(250 * 2 ** 20);
    expect(memoryOf([kill])).toBeGreaterThan(1.2e9 * 1.15);
    expect(memoryOf([kill])).toBeLessThan(1.2e9 * 1.06 * 1.15);
    // One from before the loop's minute was heard of already.
    expect(memoryOf([{ ...kill, atUs: 9 * US_PER_SECOND }])).toBe(250 * 2 ** 20);
  });

  it('evicts half of the pods that ask for too little, and none when it only recommends or admits', () => {
    const starved = (mode: VpaTarget['mode']): VerticalPodAutoscaler => {
      const world = new ServiceWorld(4);
      world.percent = 300;
      return vpaOf(world, { mode });
    };
    // 3000 m: 3103 + 465 = 3568 m. Below 1000 m while (1 + 1.44 / n)^-2 < 0.28, n minutes of age: until 1.62.
    expect(firstWave(starved('recreate'), 10)).toEqual([3, 2]);
    expect(firstWave(starved('initial'), 10)).toEqual([10, 0]);
    expect(run(starved('off'), 10)).toEqual([]);
  });

  it('takes a pod that asks for too much only when the bound is sure of it', () => {
    const world = new ServiceWorld(4);
    world.percent = 10;
    const vpa = vpaOf(world);
    // 126 m x (1 + 1 / c) is below 1000 m from c = 0.145 days on: 209 min.
    expect(stopped(run(vpa, 200))).toBe(0);
    expect(stopped(run(vpa, 220))).toBeGreaterThan(0);
  });

  it('spares the last pods: with fewer than minReplicas none goes', () => {
    const world = new ServiceWorld(1);
    world.percent = 300;
    expect(firstWave(vpaOf(world), 10)).toEqual([10, 0]);
    expect(firstWave(vpaOf(world, { minReplicas: 1 }), 10)).toEqual([3, 1]);
  });

  it('keeps to disruption budgets', () => {
    const world = new ServiceWorld(4);
    world.percent = 300;
    const rule = {
      minAvailable: { count: 3 },
      unhealthyPodEviction: 'IfHealthyBudget' as const,
    };
    const vpa = vpaOf(world, {}, [{ rule, workloads: [world.workload] }]);
    expect(firstWave(vpa, 10)).toEqual([3, 1]);
  });

  it('keeps to the bounds that are stated', () => {
    const world = new ServiceWorld(4);
    world.percent = 300;
    const maxAllowed = { cpuMilli: 1500, memoryBytes: 1 };
    const [first] = run(vpaOf(world, { maxAllowed }), 1);
    expect(first).toMatchObject({ cpuTicks: 1500 * TICKS_PER_MILLI });
  });

  it('goes on alike from a saved state', () => {
    const world = new ServiceWorld(4);
    world.percent = 10;
    const vpa = vpaOf(world);
    run(vpa, 100);
    const again = vpaOf(world);
    again.restore(structuredClone(vpa.save()));
    expect(run(again, 220)).toEqual(run(vpa, 220));
  });
});
