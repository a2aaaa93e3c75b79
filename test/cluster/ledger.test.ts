import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_END_STATE, TASK_STATE } from '../../src/cluster/tasks.ts';
import { GIB, TICKS_PER_CORE } from '../../src/base/units.ts';
import { HOST_STATE, LAUNCH_TYPE, NOT_YET, NO_ROW } from '../../src/cluster/hosts.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { LedgerDriver, operations } from '../support/ledger-driver.ts';
import { kept, recount } from './recount.ts';
import { savedColumns } from './saved-columns.ts';
import { plainHost } from '../support/plain-host.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { HostDescription } from '../../src/cluster/hosts.ts';
import type { TaskSpec } from '../../src/cluster/spec.ts';

/** A cluster with one ready host. */
class OneHost {
  readonly cluster = new Cluster(['a'], ['main'], ['ecs']);
  readonly ledger = new Ledger(this.cluster);
  readonly host: number;
  nowUs = 0;

  constructor(parts: Partial<HostDescription> = {}) {
    const pool = { name: 'pool', cluster: 0, kind: 'asg', instanceTypes: [], spot: false } as const;
    this.cluster.pools.add({ ...pool, labels: {}, taints: [], workloads: [] }, 0, 1, 0);
    this.cluster.workloads.add('t', 'job', 0, 0);
    this.host = this.ledger.addHost(plainHost(parts), 0);
    this.ledger.setHostState(this.host, HOST_STATE.running, 0);
    this.ledger.setHostState(this.host, HOST_STATE.ready, 0);
  }

  pending(parts: Partial<TaskSpec>): number {
    const spec = this.cluster.specs.rowOf({ ...plainTaskSpec('t', 'job', 0, 0), ...parts });
    const task = { spec, workload: 0, replaces: NO_ROW, durationUs: 1, workTickUs: 0 };
    return this.ledger.addTask(task, NO_ROW, this.nowUs);
  }

  bind(parts: Partial<TaskSpec>): number {
    const task = this.pending(parts);
    const refusal = this.ledger.bind(task, this.host, this.nowUs);
    if (refusal !== undefined) throw new Error(`task ${task} was refused: ${refusal}`);
    return task;
  }

  /** Devices that a task holds. */
  devicesOf(task: number): number[] {
    const mask = this.cluster.tasks.gpuMask[task]!;
    return Array.from({ length: 16 }, (_, device) => device).filter(
      (device) => (mask >> device) & 1,
    );
  }
}

const share = (gpuMilli: number) => ({ gpuCount: 1, gpuMilli });
const whole = (gpuCount: number) => ({ gpuCount, gpuMilli: 1_000 });

describe('the ledger', () => {
  it('keeps what a recount of all rows gives, after any operations', () => {
    fc.assert(
      fc.property(operations(60), (list) => {
        const driver = new LedgerDriver();
        for (const operation of list) driver.apply(operation);
        expect(kept(driver.cluster)).toEqual(recount(driver.cluster));
      }),
      { numRuns: 150, seed: 42 },
    );
  });

  it('keeps it after every single operation of long lives', () => {
    fc.assert(
      fc.property(operations(150), (list) => {
        const driver = new LedgerDriver();
        for (const operation of list) {
          driver.apply(operation);
          expect(kept(driver.cluster)).toEqual(recount(driver.cluster));
        }
      }),
      { numRuns: 3, seed: 43 },
    );
  });

  it('never hands out more than a host has', () => {
    fc.assert(
      fc.property(operations(120), (list) => {
        const driver = new LedgerDriver();
        for (const operation of list) driver.apply(operation);
        const { hosts } = driver.cluster;
        for (let host = 0; host < hosts.count; host++) {
          expect(hosts.cpuFree[host]).toBeGreaterThanOrEqual(0);
          expect(hosts.memoryFree[host]).toBeGreaterThanOrEqual(0);
          expect(hosts.slotsFree[host]).toBeGreaterThanOrEqual(0);
        }
        expect(hosts.gpuFree.every((milli) => milli >= 0)).toBe(true);
      }),
      { numRuns: 200, seed: 44 },
    );
  });

  it('fills a host to the last tick and byte', () => {
    const world = new OneHost();
    world.bind({ cpuTicks: 4 * TICKS_PER_CORE, memoryBytes: 16 * GIB });
    expect(world.cluster.hosts.cpuFree[world.host]).toBe(0);
    const extra = world.pending({ cpuTicks: 1 });
    expect(world.ledger.bind(extra, world.host, 0)).toBe('insufficient-cpu');
    expect(world.ledger.bind(world.pending({}), world.host, 0)).toBeUndefined();
  });

  it('resizes a task where it is, up to the last tick, and keeps what it cannot give', () => {
    const world = new OneHost();
    const { hosts, tasks, specs } = world.cluster;
    const task = world.bind({ cpuTicks: TICKS_PER_CORE, memoryBytes: 4 * GIB });
    const resize = (cpuTicks: number) =>
      world.ledger.resize(task, specs.sizedRowOf(tasks.spec[task]!, cpuTicks, GIB), 0);
    expect(resize(4 * TICKS_PER_CORE)).toBeUndefined();
    expect([hosts.cpuFree[world.host], hosts.memoryFree[world.host]]).toEqual([0, 15 * GIB]);
    const before = savedColumns(world.cluster).hosts;
    expect(resize(4 * TICKS_PER_CORE + 1)).toBe('insufficient-cpu');
    expect(savedColumns(world.cluster).hosts).toEqual(before);
    expect(resize(TICKS_PER_CORE)).toBeUndefined();
    expect(hosts.cpuFree[world.host]).toBe(3 * TICKS_PER_CORE);
  });

  it.each([
    ['insufficient-cpu', { cpuTicks: 4 * TICKS_PER_CORE + 1 }],
    ['insufficient-memory', { memoryBytes: 16 * GIB + 1 }],
    ['insufficient-gpu', share(1)],
    ['insufficient-gpu', whole(1)],
  ] as const)('refuses with %s and changes nothing', (reason, parts) => {
    const world = new OneHost();
    const task = world.pending(parts);
    const before = savedColumns(world.cluster);
    expect(world.ledger.bind(task, world.host, 5)).toBe(reason);
    expect(savedColumns(world.cluster)).toEqual(before);
  });

  it('refuses the task that comes after the last slot is taken', () => {
    const world = new OneHost({ slots: 2 });
    world.bind({});
    world.bind({});
    expect(world.ledger.bind(world.pending({}), world.host, 0)).toBe('too-many-pods');
  });

  it.each([HOST_STATE.launching, HOST_STATE.running, HOST_STATE.draining, HOST_STATE.terminating])(
    'refuses a host in state %d',
    (state) => {
      const world = new OneHost();
      const host = world.ledger.addHost(plainHost(), 0);
      if (state !== HOST_STATE.launching) world.ledger.setHostState(host, state, 0);
      expect(world.ledger.bind(world.pending({}), host, 0)).toBe('host-not-ready');
    },
  );

  it('binds a task to the micro-VM that is launched for it', () => {
    const world = new OneHost();
    const host = world.ledger.addHost(plainHost({ launchType: LAUNCH_TYPE.fargate }), 0);
    expect(world.ledger.bind(world.pending({}), host, 0)).toBeUndefined();
    // A micro-VM is not a host that is up, whatever its state.
    world.ledger.setHostState(host, HOST_STATE.ready, 1);
    expect(world.cluster.totals.hostsUp).toBe(1);
  });

  it('never takes a host back to an earlier state', () => {
    const world = new OneHost();
    expect(() => world.ledger.setHostState(world.host, HOST_STATE.running, 1)).toThrow(
      'host 0 cannot go from state 2 to 1',
    );
  });

  it('does not bind a task twice, nor end it twice', () => {
    const world = new OneHost();
    const task = world.bind({});
    expect(() => world.ledger.bind(task, world.host, 0)).toThrow('is not pending');
    world.ledger.end(task, TASK_STATE.completed, 0, 0);
    expect(() => world.ledger.end(task, TASK_STATE.failed, 0, 0)).toThrow('has ended already');
    expect(() => world.ledger.end(task, FIRST_END_STATE - 1, 0, 0)).toThrow('not a state');
  });

  it('gives a replacement the ordinal and the origin of what it replaces', () => {
    const world = new OneHost();
    const first = world.bind({});
    const { tasks, specs } = world.cluster;
    const spec = specs.rowOf(specs.at(tasks.spec[first]!));
    const task = { spec, workload: 0, durationUs: 1, workTickUs: 0 };
    const other = world.ledger.addTask({ ...task, replaces: NO_ROW }, NO_ROW, 0);
    const second = world.ledger.addTask({ ...task, replaces: first }, NO_ROW, 1);
    const third = world.ledger.addTask({ ...task, replaces: second }, NO_ROW, 2);
    const ordinals = [first, other, second, third].map((row) => tasks.ordinal[row]);
    expect(ordinals).toEqual([0, 1, 0, 0]);
    expect([first, other, second, third].map((row) => tasks.origin[row])).toEqual([0, 1, 0, 0]);
  });

  it('integrates bound CPU over time from the moment that a host is ready', () => {
    const world = new OneHost();
    const { hosts } = world.cluster;
    world.nowUs = 10;
    const task = world.bind({ cpuTicks: 100 });
    world.nowUs = 20;
    world.bind({ cpuTicks: 50 });
    world.ledger.end(task, TASK_STATE.completed, 0, 25);
    world.ledger.accountCpu(world.host, 30);
    // 100 x (20 - 10) + 150 x (25 - 20) + 50 x (30 - 25) = 1000 + 750 + 250
    expect(hosts.cpuBoundTickUs[world.host]).toBe(2_000);

    const vm = world.ledger.addHost(plainHost({ launchType: LAUNCH_TYPE.fargate }), 30);
    world.ledger.bind(world.pending({ cpuTicks: 10 }), vm, 30);
    world.ledger.setHostState(vm, HOST_STATE.running, 34);
    world.ledger.setHostState(vm, HOST_STATE.ready, 35);
    world.ledger.accountCpu(vm, 40);
    // 10 x (40 - 35): while it launches nothing counts.
    expect(hosts.cpuBoundTickUs[vm]).toBe(50);
  });

  it('notes when a host was asked for, ran, was ready and ended', () => {
    const world = new OneHost();
    const { hosts } = world.cluster;
    const host = world.ledger.addHost(plainHost(), 1);
    const times = () => [
      hosts.requestedUs[host],
      hosts.runningUs[host],
      hosts.readyUs[host],
      hosts.terminatedUs[host],
    ];
    expect(times()).toEqual([1, NOT_YET, NOT_YET, NOT_YET]);
    for (let state = HOST_STATE.running; state <= HOST_STATE.terminated; state++) {
      world.ledger.setHostState(host, state, 10 * state);
    }
    // running 1, ready 2, terminating 4: billing stops there, not when it is gone.
    expect(times()).toEqual([1, 10, 20, 40]);
  });
});

describe('GPU devices', () => {
  it('go whole to whole requests, the lowest numbers first', () => {
    const world = new OneHost({ gpuCount: 4 });
    expect(world.devicesOf(world.bind(whole(2)))).toEqual([0, 1]);
    expect(world.devicesOf(world.bind(whole(1)))).toEqual([2]);
    expect(world.ledger.bind(world.pending(whole(2)), world.host, 0)).toBe('insufficient-gpu');
    expect(world.devicesOf(world.bind(whole(1)))).toEqual([3]);
  });

  it('are shared on the tightest device that still fits', () => {
    const world = new OneHost({ gpuCount: 3 });
    expect(world.devicesOf(world.bind(share(600)))).toEqual([0]);
    expect(world.devicesOf(world.bind(share(700)))).toEqual([1]);
    // 400 left on device 0, 300 on device 1, 1000 on device 2.
    expect(world.devicesOf(world.bind(share(300)))).toEqual([1]);
    expect(world.devicesOf(world.bind(share(350)))).toEqual([0]);
    expect(world.devicesOf(world.bind(share(100)))).toEqual([2]);
  });

  it('are not taken whole while somebody shares them, and are again afterwards', () => {
    const world = new OneHost({ gpuCount: 2 });
    const sharer = world.bind(share(1));
    expect(world.ledger.bind(world.pending(whole(2)), world.host, 0)).toBe('insufficient-gpu');
    expect(world.devicesOf(world.bind(whole(1)))).toEqual([1]);
    world.ledger.end(sharer, TASK_STATE.completed, 0, 0);
    expect(world.devicesOf(world.bind(whole(1)))).toEqual([0]);
  });

  it('do not add up: 600 and 600 milli free on two devices do not hold 1000', () => {
    const world = new OneHost({ gpuCount: 2 });
    const first = world.bind(share(700));
    // Too much for the 300 that device 0 has left.
    world.bind(share(400));
    world.ledger.end(first, TASK_STATE.completed, 0, 0);
    const second = world.bind(share(601));
    expect(world.devicesOf(second)).toEqual([0]);
    world.ledger.end(second, TASK_STATE.completed, 0, 0);
    const third = world.bind(share(600));
    world.bind(share(400));
    world.ledger.end(third, TASK_STATE.completed, 0, 0);
    // Device 0 has 1000 - 400 = 600 left, device 1 likewise.
    expect([...world.cluster.hosts.gpuFree.subarray(0, 2)]).toEqual([600, 600]);
    expect(world.ledger.bind(world.pending(share(700)), world.host, 0)).toBe('insufficient-gpu');
  });

  it('are those that the bind names, or the bind is refused and changes nothing', () => {
    const world = new OneHost({ gpuCount: 3 });
    const bindTo = (parts: Partial<TaskSpec>, devices: number) => {
      const task = world.pending(parts);
      return world.ledger.bind(task, world.host, 0, devices) ?? world.devicesOf(task);
    };
    expect(bindTo(share(600), 0b010)).toEqual([1]);
    expect(bindTo(share(500), 0b010)).toBe('insufficient-gpu'); // 400 left
    expect(bindTo(whole(2), 0b011)).toBe('insufficient-gpu');
    expect(bindTo(whole(2), 0b100)).toBe('insufficient-gpu'); // one for two
    expect([...world.cluster.hosts.gpuFree.subarray(0, 3)]).toEqual([1000, 400, 1000]);
    expect(bindTo(whole(2), 0b101)).toEqual([0, 2]);
    expect(bindTo(share(400), 0b010)).toEqual([1]);
  });

  it('are 16 a host at most', () => {
    const world = new OneHost({ gpuCount: 16 });
    expect(world.devicesOf(world.bind(whole(16)))).toHaveLength(16);
    expect(() => world.ledger.addHost(plainHost({ gpuCount: 17 }), 0)).toThrow('at most 16 GPUs');
  });
});
