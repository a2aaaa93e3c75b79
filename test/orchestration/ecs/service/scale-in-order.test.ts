import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { ClusterBuilder } from '../../cluster-builder.ts';
import { ecsScaleInOrder } from '../../../../src/orchestration/ecs/service/scale-in-order.ts';

describe('scale-in of an ECS service', () => {
  /** Running tasks in these zones, in order of age. */
  function tasksIn(zones: readonly number[]): { world: ClusterBuilder; tasks: number[] } {
    const world = new ClusterBuilder();
    const web = world.workload('service');
    const hosts = [0, 1, 2].map((zone) => world.host({ zone }));
    return { world, tasks: zones.map((zone) => world.running(web, hosts[zone]!)) };
  }

  it('takes from the zone with the most, the oldest first', () => {
    const { world, tasks } = tasksIn([1, 0, 0, 0, 1]);
    // Zone 0 has 3: task 1. Then 2 and 2: the oldest is task 0. Then zone 0 has 2: task 2. Then 1 and 1: task 3.
    expect(ecsScaleInOrder(world.cluster, tasks)).toEqual([1, 0, 2, 3, 4]);
  });

  it('keeps the zones balanced however many go', () => {
    const zone = fc.nat(2);
    const zonesOfTasks = fc.array(zone, { minLength: 1, maxLength: 8, size: 'max' });
    fc.assert(
      fc.property(zonesOfTasks, (zones) => {
        const { world, tasks } = tasksIn(zones);
        const left = [0, 0, 0];
        for (const one of zones) left[one]!++;
        for (const task of ecsScaleInOrder(world.cluster, tasks)) {
          expect(left[zones[task]!]).toBe(Math.max(...left));
          left[zones[task]!]!--;
        }
      }),
      { numRuns: 200, seed: 42 },
    );
  });

  it('stops pending tasks before placed ones', () => {
    const { world, tasks } = tasksIn([0, 0]);
    const pending = world.pending(0);
    expect(ecsScaleInOrder(world.cluster, [...tasks, pending])).toEqual([pending, 0, 1]);
  });
});
