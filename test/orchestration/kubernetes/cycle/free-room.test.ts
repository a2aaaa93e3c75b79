import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClusterBuilder } from '../../cluster-builder.ts';
import { FreeRoom } from '../../../../src/orchestration/kubernetes/cycle/free-room.ts';
import { GIB, TICKS_PER_CORE } from '../../../../src/base/units.ts';
import { HOST_STATE } from '../../../../src/cluster/hosts.ts';
import { HostClasses } from '../../../../src/placement/index/host-classes.ts';
import { HostSlots } from '../../../../src/placement/index/host-slots.ts';
import { TASK_STATE } from '../../../../src/cluster/tasks.ts';

const step = fc.record({
  event: fc.nat(9),
  which: fc.nat(10_000),
  cores: fc.integer({ min: 0, max: 9 }),
  gib: fc.integer({ min: 0, max: 20 }),
});

it('says whether some ready host has room, as a look at every host does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.array(step, { maxLength: 80 }), (n, steps) => {
      const world = new ClusterBuilder();
      const { cluster, ledger } = world;
      const { hosts } = cluster;
      const slots = new HostSlots(cluster, new HostClasses(cluster));
      const room = new FreeRoom(slots);
      const add = () => slots.add(world.host({ slots: 3 }));
      for (let i = 0; i < n; i++) add();
      slots.settle();
      const tasks: number[] = [];
      for (const { event, which, cores, gib } of steps) {
        const cpuTicks = cores * TICKS_PER_CORE;
        const memoryBytes = gib * GIB;
        const host = which % hosts.count;
        const isReady = hosts.state[host] === HOST_STATE.ready;
        const hasRoom = (row: number): boolean =>
          hosts.state[row] === HOST_STATE.ready &&
          hosts.slotsFree[row]! > 0 &&
          hosts.cpuFree[row]! >= cpuTicks &&
          hosts.memoryFree[row]! >= memoryBytes;
        if (event === 0) add();
        else if (event === 1 && isReady) {
          ledger.setHostState(host, HOST_STATE.draining, 0);
          slots.reclassify(host);
        } else if (event === 2 && tasks.length > 0) {
          const [task] = tasks.splice(which % tasks.length, 1);
          world.endedAs(task!, TASK_STATE.completed);
          slots.touch(cluster.tasks.host[task!]!);
        } else if (hasRoom(host)) {
          tasks.push(world.running(world.workload('job', { cpuTicks, memoryBytes }), host));
          slots.touch(host);
        }
        slots.settle();
        const all = Array.from({ length: hosts.count }, (_, row) => row);
        expect(room.mayHold(cpuTicks, memoryBytes)).toBe(all.some(hasRoom));
      }
    }),
    { numRuns: 100, seed: 42 },
  );
});
