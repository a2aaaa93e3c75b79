import { WORKLOAD_KINDS } from '../../src/cluster/workloads.ts';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { ActionBuffer } from '../../src/orchestration/actions.ts';
import { ClusterBuilder } from './cluster-builder.ts';
import { LedgerDriver, operations } from '../support/ledger-driver.ts';
import { LiveTasks } from '../../src/orchestration/live-tasks.ts';
import { FIRST_END_STATE, TASK_STATE } from '../../src/cluster/tasks.ts';
import { ServiceController } from '../../src/orchestration/service-controller.ts';
import { ecsScaleInOrder } from '../../src/orchestration/ecs/scale-in-order.ts';
import type { Action } from '../../src/orchestration/actions.ts';

const SERVICE = WORKLOAD_KINDS.indexOf('service');

/** What a controller decides; nothing of it is committed. */
function decide(controller: ServiceController): readonly Action[] {
  const out = new ActionBuffer();
  controller.wake(0, out);
  return out.actions;
}

describe('the service controller', () => {
  const oldestFirst = (_view: unknown, tasks: readonly number[]) => tasks;

  it('starts what is missing and stops what is too many', () => {
    const world = new ClusterBuilder();
    const web = world.workload('service');
    const controller = new ServiceController(world.cluster, 0, 'workload-controller', oldestFirst);
    const host = world.host();
    world.ledger.setDesired(web, 3, 0);
    world.running(web, host);
    world.pending(web);
    // 3 wanted, 1 bound + 1 pending.
    expect(decide(controller)).toEqual([{ kind: 'create-task', workload: web }]);
    world.ledger.setDesired(web, 0, 1);
    const stops = [0, 1].map((task) => ({ kind: 'stop-task', task, reason: 'scaled-in' }));
    expect(decide(controller)).toEqual(stops);
  });

  it('counts a stopping task as gone: it is replaced, and not stopped twice', () => {
    const world = new ClusterBuilder();
    const web = world.workload('service');
    const controller = new ServiceController(world.cluster, 0, 'ecs-scheduler', ecsScaleInOrder);
    const host = world.host();
    world.ledger.setDesired(web, 2, 0);
    const first = world.running(web, host);
    const second = world.running(web, host);
    world.ledger.markStopping(first, world.nowUs);
    expect(decide(controller)).toEqual([{ kind: 'create-task', workload: web }]);
    world.ledger.setDesired(web, 0, 1);
    const stop = { kind: 'stop-task', task: second, reason: 'scaled-in' };
    expect(decide(controller)).toEqual([stop]);
  });

  it('leaves jobs, daemons and the services of other clusters alone', () => {
    const world = new ClusterBuilder();
    const rows = [world.workload('job'), world.workload('daemon')];
    rows.push(world.workload('service', {}, 1));
    for (const workload of rows) world.ledger.setDesired(workload, 5, 0);
    const controller = new ServiceController(world.cluster, 0, 'ecs-scheduler', ecsScaleInOrder);
    expect(decide(controller)).toEqual([]);
  });

  it('knows the live tasks after a restore as before', () => {
    const world = new ClusterBuilder();
    const web = world.workload('service');
    const host = world.host();
    for (let i = 0; i < 3; i++) world.running(web, host);
    world.endedAs(1, TASK_STATE.failed);
    const make = () => new ServiceController(world.cluster, 0, 'ecs-scheduler', ecsScaleInOrder);
    const restored = make();
    restored.restore();
    expect(decide(restored)).toEqual(decide(make()));
    world.ledger.setDesired(web, 1, 1);
    expect(decide(restored)).toEqual([{ kind: 'stop-task', task: 0, reason: 'scaled-in' }]);
  });
});

it('the live tasks of a service are those of a recount', () => {
  fc.assert(
    fc.property(operations(80), (list) => {
      const driver = new LedgerDriver();
      const { tasks, workloads } = driver.cluster;
      const live = new LiveTasks(driver.cluster, SERVICE);
      for (const operation of list) driver.apply(operation);
      live.advance();
      const rebuilt = new LiveTasks(driver.cluster, SERVICE);
      rebuilt.rebuild();
      for (let workload = 0; workload < workloads.count; workload++) {
        const expected = driver.tasksWhere(
          (task) =>
            tasks.workload[task] === workload &&
            workloads.kind[workload] === SERVICE &&
            tasks.state[task]! < FIRST_END_STATE,
        );
        for (const one of [live, rebuilt]) expect([...one.of(workload)]).toEqual(expected);
      }
    }),
    { numRuns: 50, seed: 42 },
  );
});

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
