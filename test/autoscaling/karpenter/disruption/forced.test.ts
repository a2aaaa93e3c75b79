import { describe, expect, it } from 'vitest';
import { DOWN, HOST_STATE } from '../../../../src/cluster/hosts.ts';
import { LoopWorld } from './loop-world.ts';
import { US_PER_SECOND } from '../../../../src/base/units.ts';

const TYPES = ['m5.large'];
const QUIET = { consolidateAfterUs: Infinity };

describe('a node goes by force', () => {
  it('5 minutes after it was asked for, when it does not run; after 15, when it has not joined', () => {
    const scene = new LoopWorld({ instanceTypes: TYPES }, QUIET);
    const { world, pool } = scene;
    const launching = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.launching);
    const running = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.running);
    const log = scene.until(1_000);
    expect(log).toEqual([
      [300, 'terminate', launching],
      [900, 'terminate', running],
    ]);
  });

  it('pitfall 14.7: at its age, whatever budgets say; it uses them up', () => {
    const budgets = [{ nodes: { count: 0 }, reasons: [] }];
    const expireAfterUs = 100 * US_PER_SECOND;
    const scene = new LoopWorld({ instanceTypes: TYPES }, { ...QUIET, budgets, expireAfterUs });
    const host = scene.world.addHostOf('m5.large', scene.pool, 0, false, HOST_STATE.ready);
    expect(scene.until(101)).toEqual([[100, 'terminate', host]]);
  });

  it('after 30 minutes of silence where repair is on, unless more than a fifth of the pool is silent', () => {
    const run = (nodes: number, silent: number, nodeRepair: boolean) => {
      const scene = new LoopWorld({ instanceTypes: TYPES }, QUIET, { nodeRepair });
      const { world, pool } = scene;
      for (let i = 0; i < nodes; i++) {
        const host = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
        if (i < silent) world.cluster.hosts.down[host] = DOWN.failed;
      }
      return scene.until(1_900).filter(([, kind]) => kind === 'terminate').length;
    };
    expect(run(5, 1, false)).toBe(0);
    expect(run(5, 1, true)).toBe(1);
    // 20 % of 3, rounded up, is 1.
    expect(run(3, 1, true)).toBe(1);
    expect(run(3, 2, true)).toBe(0);
  });
});

describe('terminationGracePeriod', () => {
  it('stops what is left when its own grace period is all that remains', () => {
    const terminationGracePeriodUs = 100 * US_PER_SECOND;
    const scene = new LoopWorld({ instanceTypes: TYPES }, { ...QUIET, terminationGracePeriodUs });
    const { world, pool, karpenter } = scene;
    const host = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    const [task] = world.addRunning(world.addService('web', 1, 1), host);
    world.nowUs = 2 * US_PER_SECOND;
    world.setHostState(host, HOST_STATE.draining);
    world.wake(karpenter, 2 * US_PER_SECOND);
    const stops = scene
      .until(101)
      .filter(([, kind]) => kind.includes('task') || kind.includes('force'));
    // 2 + 100 - 30 s: the default grace period of a pod.
    expect(stops[0]).toEqual([72, 'stop-task', task]);
  });
});
