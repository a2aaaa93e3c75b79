/** Each check of the audit, by a violation planted in the middle of a healthy run. */

import { beforeEach, expect, it } from 'vitest';
import { ConservationAudit } from '../../src/audit/conservation.ts';
import { GPUS_PER_HOST_MAX } from '../../src/cluster/hosts.ts';
import { InvariantError } from '../../src/base/assert.ts';
import { NO_INPUTS, experimentOf } from '../support/run-scenario.ts';
import { TASK_STATE } from '../../src/cluster/tasks.ts';
import { assemble } from '../../src/scenario/assemble.ts';
import type { Assembly } from '../../src/scenario/assemble.ts';

const TEXT = `
name: audited
seed: 1
duration: 1h
workload:
  - service: { name: web, cpu: 1, memory: 1GiB, replicas: 2 }
  - service: { name: model, cpu: 1, memory: 1GiB, gpu: 0.5 }
  - service: { name: large, cpu: 99, memory: 1GiB }
variants: { it: { orchestrator: ecs, pools: { racks: { external: { hosts: 1, cpu: 8, memory: 16GiB, gpus: 2, gpuModel: T4, costPerHour: 1 } } } } }
`;

const HOST = 0;
const SAMPLE_US = 1_000_000;

let assembly: Assembly;
let audit: ConservationAudit;

/** Three tasks run on one host, a fourth waits. */
beforeEach(() => {
  assembly = assemble(experimentOf(TEXT).variants[0]!, 1, NO_INPUTS, {
    recordDecisions: false,
    ownPolicies: [],
  });
  const { simulation } = assembly;
  simulation.begin();
  while (simulation.kernel.calendar.nextTimeUs() <= 60_000_000) simulation.step();
  audit = new ConservationAudit(assembly.cluster);
  audit.beforeEvent(SAMPLE_US);
});

/** What a broken invariant says; anything else is passed on. */
function complaint(): string | undefined {
  try {
    audit.sample();
    return undefined;
  } catch (error) {
    if (error instanceof InvariantError) return error.message;
    throw error;
  }
}

it('finds nothing in a healthy run', () => {
  const { totals } = assembly.cluster;
  expect([totals.tasksInside, totals.tasksPending]).toEqual([3, 1]);
  expect(complaint()).toBeUndefined();
});

it('finds CPU that was taken without a task', () => {
  assembly.cluster.hosts.cpuFree[HOST]! -= 128;
  // 3 cores of 128,000 ticks are bound, 5 less 128 ticks are free.
  expect(complaint()).toBe('host 0: 384000 CPU ticks bound + 639872 free, expected 1024000');
});

it('finds memory that was given back twice', () => {
  assembly.cluster.hosts.memoryFree[HOST]! += 1;
  expect(complaint()).toMatch(/^host 0: 3221225472 memory bytes bound \+ /);
});

it('finds a host that is overcommitted, although its sum is right', () => {
  const { hosts } = assembly.cluster;
  hosts.slotsFree[HOST] = -1;
  hosts.slotsAllocatable[HOST] = 2;
  expect(complaint()).toBe('host 0: 3 slots bound + -1 free, expected 2');
});

it('finds a GPU share that nobody holds', () => {
  assembly.cluster.hosts.gpuFree[HOST * GPUS_PER_HOST_MAX + 1]! -= 250;
  expect(complaint()).toBe('host 0: 500 milli-GPU bound + 1250 free, expected 2000');
});

it('finds a task in the list of a host that is not its own', () => {
  const { hosts, tasks } = assembly.cluster;
  const task = hosts.firstTask[HOST]!;
  tasks.host[task] = 7;
  expect(complaint()).toBe(`task ${task} is listed on host 0, not its own`);
});

it('finds a task that ended without the totals being told', () => {
  const { tasks } = assembly.cluster;
  const waiting = tasks.state.indexOf(TASK_STATE.pending);
  tasks.state[waiting] = TASK_STATE.cancelled;
  expect(complaint()).toBe('recount: 0 pending and 3 inside, totals: 1 and 3');
});

it('finds a total that was counted twice', () => {
  assembly.cluster.totals.tasksInside++;
  expect(complaint()).toBe('recount: 1 pending and 3 inside, totals: 1 and 4');
});

it('finds time that goes back', () => {
  expect(() => audit.beforeEvent(SAMPLE_US - 1)).toThrow(
    'time went back from 1000000 to 999999 us',
  );
});

it('looks once more when the run ends', () => {
  assembly.cluster.totals.tasksPending++;
  expect(() => audit.runEnded()).toThrow(InvariantError);
});
