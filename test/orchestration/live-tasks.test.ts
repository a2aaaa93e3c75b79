import { WORKLOAD_KINDS } from '../../src/cluster/workloads.ts';
import { expect, it } from 'vitest';
import fc from 'fast-check';
import { LedgerDriver, operations } from '../support/ledger-driver.ts';
import { LiveTasks } from '../../src/orchestration/live-tasks.ts';
import { FIRST_END_STATE } from '../../src/cluster/tasks.ts';

const SERVICE = WORKLOAD_KINDS.indexOf('service');

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
