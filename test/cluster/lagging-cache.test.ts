import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GPUS_PER_HOST_MAX, HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { LaggingCache } from '../../src/cluster/lagging-cache.ts';
import { LedgerDriver, operations } from '../support/ledger-driver.ts';
import type { FreeView } from '../../src/cluster/cluster.ts';

/** Free capacity of the first `count` hosts, copied. */
function picture(free: FreeView, count: number) {
  const column = (from: FreeView['state'], width = 1) =>
    Array.from({ length: count * width }, (_, i) => from[i]!);
  return {
    state: column(free.state),
    cpuFree: column(free.cpuFree),
    memoryFree: column(free.memoryFree),
    slotsFree: column(free.slotsFree),
    gpuFree: column(free.gpuFree, GPUS_PER_HOST_MAX),
  };
}

function pictureOfLedger({ cluster }: LedgerDriver) {
  return picture(cluster.hosts, cluster.hosts.count);
}

describe('a lagging cache', () => {
  it('is the ledger after every operation when its delay is 0', () => {
    fc.assert(
      fc.property(operations(80), (list) => {
        const driver = new LedgerDriver();
        const cache = new LaggingCache(driver.cluster, 0);
        for (const operation of list) {
          driver.apply(operation);
          cache.advance(driver.nowUs);
          expect(picture(cache, driver.cluster.hosts.count)).toEqual(pictureOfLedger(driver));
        }
      }),
      { numRuns: 60, seed: 42 },
    );
  });

  it('is the ledger as it was its delay ago', () => {
    fc.assert(
      fc.property(operations(80), fc.integer({ min: 1, max: 30 }), (list, delayUs) => {
        const driver = new LedgerDriver();
        const cache = new LaggingCache(driver.cluster, delayUs);
        const history = [{ timeUs: 0, ledger: pictureOfLedger(driver) }];
        for (const operation of list) {
          driver.apply(operation);
          history.push({ timeUs: driver.nowUs, ledger: pictureOfLedger(driver) });
          cache.advance(driver.nowUs);
          const then = history.findLast(({ timeUs }) => timeUs <= driver.nowUs - delayUs);
          if (then === undefined) continue;
          expect(picture(cache, then.ledger.state.length)).toEqual(then.ledger);
        }
      }),
      { numRuns: 60, seed: 43 },
    );
  });

  it('takes the room of an assumed task at once, and once only', () => {
    fc.assert(
      fc.property(operations(80), (list) => {
        const driver = new LedgerDriver();
        const { tasks, hosts } = driver.cluster;
        const cache = new LaggingCache(driver.cluster, 1_000);
        cache.advance(1_000);
        for (const operation of list) driver.apply({ ...operation, afterUs: 0 });
        // On the four hosts that the controller sees; it assumes the tasks as it decides.
        const bound = driver.tasksWhere((task) => driver.isInside(task) && tasks.host[task]! < 4);
        for (const task of bound) cache.assume(task, tasks.host[task]!);
        cache.advance(driver.nowUs + 1_000);
        expect(picture(cache, hosts.count)).toEqual(pictureOfLedger(driver));
      }),
      { numRuns: 60, seed: 44 },
    );
  });

  /** A driver with a pending task of a workload, whose cache has seen all hosts. */
  function onePending(workload: number, delayUs: number) {
    const driver = new LedgerDriver();
    const cache = new LaggingCache(driver.cluster, delayUs);
    driver.nowUs = delayUs;
    cache.advance(delayUs);
    const spec = driver.cluster.workloads.spec[workload]!;
    const task = { spec, workload, replaces: NO_ROW, durationUs: 1, workTickUs: 0 };
    return { driver, cache, task: driver.ledger.addTask(task, NO_ROW, delayUs) };
  }

  it('gives the room back when the commit was refused', () => {
    const { driver, cache, task } = onePending(0, 10);
    const before = picture(cache, 4);
    cache.assume(task, 1);
    expect(picture(cache, 4)).not.toEqual(before);
    cache.forget(task);
    expect(picture(cache, 4)).toEqual(before);
    cache.forget(task);
    expect(picture(cache, 4)).toEqual(before);
    expect(pictureOfLedger(driver)).toEqual(before);
  });

  it('takes the devices that an assumed task will get, and those that it got', () => {
    const { driver, cache, task } = onePending(3, 10);
    // Two devices whole, of the four of host 2.
    cache.assume(task, 2);
    const devices = () => [...cache.gpuFree.subarray(2 * 16, 2 * 16 + 4)];
    expect(devices()).toEqual([0, 0, 1_000, 1_000]);
    driver.ledger.bind(task, 2, 20);
    cache.advance(30);
    expect(devices()).toEqual([0, 0, 1_000, 1_000]);
    driver.ledger.end(task, 4, 1, 40);
    cache.advance(49);
    expect(devices()).toEqual([0, 0, 1_000, 1_000]);
    cache.advance(50);
    expect(devices()).toEqual([1_000, 1_000, 1_000, 1_000]);
  });

  it('moves the room when the task was bound to another host than assumed', () => {
    const { driver, cache, task } = onePending(0, 10);
    cache.assume(task, 1);
    driver.ledger.bind(task, 2, 20);
    cache.advance(30);
    expect(picture(cache, 4)).toEqual(pictureOfLedger(driver));
  });

  it('still offers a host that left less than its delay ago', () => {
    const { driver, cache } = onePending(0, 10);
    driver.ledger.setHostState(0, HOST_STATE.terminated, 20);
    cache.advance(29);
    expect(cache.state[0]).toBe(HOST_STATE.ready);
    cache.advance(30);
    expect(cache.state[0]).toBe(HOST_STATE.terminated);
  });

  it('grows with the number of hosts', () => {
    const driver = new LedgerDriver();
    const cache = new LaggingCache(driver.cluster, 0);
    for (let i = 0; i < 200; i++) {
      driver.apply({ kind: 'add-host', pick: i, other: 0, afterUs: 1 });
    }
    cache.advance(driver.nowUs);
    expect(picture(cache, 204)).toEqual(pictureOfLedger(driver));
  });
});
