/** Quotas before the scheduler (kubernetes.md 1.13, Kueue in outline). */

import { ClusterBuilder } from '../cluster-builder.ts';
import { QuotaAdmission } from '../../../src/orchestration/kubernetes/quota/quota-admission.ts';
import { QuotaBook } from '../../../src/orchestration/kubernetes/quota/quota-book.ts';
import { TASK_STATE } from '../../../src/cluster/tasks.ts';
import { TICKS_PER_CORE } from '../../../src/base/units.ts';
import { describe, expect, it } from 'vitest';
import type { QuotaAmounts } from '../../../src/orchestration/kubernetes/quota/quota-book.ts';
import type { QuotaSettings } from '../../../src/orchestration/kubernetes/quota/quota-admission.ts';
import type { TaskSpec } from '../../../src/cluster/spec.ts';

const cores = (count: number): QuotaAmounts => [count * TICKS_PER_CORE, 0, 0];
const NO_LIMIT: QuotaAmounts = [Infinity, Infinity, Infinity];
const limited = (count: number): QuotaAmounts => [count * TICKS_PER_CORE, Infinity, Infinity];

function quota(workload: number, count: number, parts: Partial<QuotaSettings> = {}): QuotaSettings {
  return {
    name: `quota-${workload}`,
    cohort: '',
    strategy: 'BestEffortFIFO',
    workloads: [workload],
    nominal: limited(count),
    borrowing: NO_LIMIT,
    ...parts,
  };
}

class Held {
  readonly world = new ClusterBuilder();

  /** Jobs of so many cores that begin suspended. */
  jobs(count: number, parts: Partial<TaskSpec> = {}): number {
    const workload = this.world.workload('job', { cpuTicks: count * TICKS_PER_CORE, ...parts });
    this.world.cluster.workloads.holds[workload] = 1;
    return workload;
  }

  submit(workload: number, count = 1): number[] {
    return Array.from({ length: count }, () => {
      this.world.nowUs++;
      return this.world.pending(workload);
    });
  }

  /** Tasks admitted by a wake, in order. */
  admitted(controller: QuotaAdmission): number[] {
    const actions = this.world.wake(controller);
    return actions.flatMap((action) => (action.kind === 'admit' ? [action.task] : []));
  }

  end(task: number): void {
    this.world.endedAs(task, TASK_STATE.cancelled);
  }
}

describe('the book of quotas', () => {
  it('lends a cohort what its other queues do not use, up to the limit of the borrower', () => {
    const book = new QuotaBook([
      { name: 'a', cohort: 'all', nominal: limited(4), borrowing: limited(2) },
      { name: 'b', cohort: 'all', nominal: limited(4), borrowing: limited(0) },
      { name: 'c', cohort: '', nominal: limited(4), borrowing: NO_LIMIT },
    ]);
    expect([4, 5, 6, 7].map((count) => book.answer(0, cores(count)))).toEqual([
      'fits',
      'borrows',
      'borrows',
      'does-not-fit',
    ]);
    expect(book.answer(1, cores(5))).toBe('does-not-fit');
    // Nobody lends to a queue without a cohort.
    expect(book.answer(2, cores(5))).toBe('does-not-fit');
    book.move(0, cores(6), 1);
    // Two of its four are borrowed: a job within the own quota does not fit either.
    expect(book.answer(1, cores(2))).toBe('fits');
    expect(book.answer(1, cores(3))).toBe('does-not-fit');
  });

  it('asks only about what a job wants', () => {
    const book = new QuotaBook([
      { name: 'a', cohort: '', nominal: [0, Infinity, Infinity], borrowing: [0, 0, 0] },
    ]);
    expect(book.answer(0, [0, 5, 0])).toBe('fits');
    expect(book.answer(0, [1, 0, 0])).toBe('does-not-fit');
  });
});

describe('admission by quota', () => {
  it('lets jobs in while their quota lasts, and the next when one has ended', () => {
    const held = new Held();
    const jobs = held.jobs(2);
    const admission = new QuotaAdmission(held.world.cluster, [quota(jobs, 4)]);
    const [a, b, c] = held.submit(jobs, 3);
    expect(held.admitted(admission)).toEqual([a, b]);
    expect(held.admitted(admission)).toEqual([]);
    held.end(a!);
    expect(held.admitted(admission)).toEqual([c]);
    expect(held.world.cluster.tasks.held[c!]).toBe(0);
  });

  it('lets smaller jobs pass one that has no quota, or with StrictFIFO none', () => {
    const admit = (strategy: QuotaSettings['strategy']) => {
      const held = new Held();
      const [small, large] = [held.jobs(1), held.jobs(4)];
      const settings = quota(small, 4, { strategy, workloads: [small, large] });
      const admission = new QuotaAdmission(held.world.cluster, [settings]);
      held.submit(small);
      held.submit(large);
      held.submit(small);
      return held.admitted(admission);
    };
    expect(admit('BestEffortFIFO')).toEqual([0, 2]);
    expect(admit('StrictFIFO')).toEqual([0]);
  });

  it('goes by priority, then by time of submission', () => {
    const held = new Held();
    const [low, high] = [held.jobs(1), held.jobs(1, { priority: 5 })];
    const settings = quota(low, 2, { workloads: [low, high] });
    const admission = new QuotaAdmission(held.world.cluster, [settings]);
    held.submit(low, 2);
    held.submit(high);
    expect(held.admitted(admission)).toEqual([2, 0]);
  });

  it('admits those that do not borrow first, and one that borrows a cycle in a cohort', () => {
    const held = new Held();
    const [a, b, c] = [held.jobs(3), held.jobs(3), held.jobs(2)];
    const queues = [a, b, c].map((jobs) => quota(jobs, 2, { cohort: 'all' }));
    const admission = new QuotaAdmission(held.world.cluster, queues);
    held.submit(a);
    held.submit(b);
    held.submit(c);
    // Six cores in all: 2 for c within its own quota, 3 for a, which borrows one; b would need 3 of the last one.
    expect(held.admitted(admission)).toEqual([2, 0]);
    held.end(0);
    expect(held.admitted(admission)).toEqual([1]);
  });

  it('admits a gang whole, when all of it has come', () => {
    const held = new Held();
    const gangs = held.jobs(1, { gang: { tasks: 3, minimum: 3 } });
    const admission = new QuotaAdmission(held.world.cluster, [quota(gangs, 5)]);
    held.submit(gangs, 2);
    expect(held.admitted(admission)).toEqual([]);
    held.submit(gangs, 4);
    // Three of five cores; two are not enough for the next three.
    expect(held.admitted(admission)).toEqual([0, 1, 2]);
    held.end(1);
    expect(held.admitted(admission)).toEqual([3, 4, 5]);
  });

  it('forgets a job that is withdrawn, and gives back what an admitted one had', () => {
    const held = new Held();
    const jobs = held.jobs(2);
    const admission = new QuotaAdmission(held.world.cluster, [quota(jobs, 2)]);
    const [a, b, c] = held.submit(jobs, 3);
    expect(held.admitted(admission)).toEqual([a]);
    held.end(b!);
    held.end(a!);
    expect(held.admitted(admission)).toEqual([c]);
  });

  it('goes on from a saved state', () => {
    const run = (restoreAt: number): number[] => {
      const held = new Held();
      const [a, b] = [held.jobs(2), held.jobs(1, { gang: { tasks: 2, minimum: 2 } })];
      const queues = [quota(a, 3, { cohort: 'all' }), quota(b, 3, { cohort: 'all' })];
      let admission = new QuotaAdmission(held.world.cluster, queues);
      const order: number[] = [];
      for (let step = 0; step < 40; step++) {
        held.submit(step % 3 === 0 ? a : b);
        if (step % 2 === 1 && order.length > step / 2) held.end(order[Math.floor(step / 2)]!);
        if (step === restoreAt) {
          const state = structuredClone(admission.save());
          admission = new QuotaAdmission(held.world.cluster, queues);
          admission.restore(state);
        }
        order.push(...held.admitted(admission));
      }
      return order;
    };
    const whole = run(-1);
    expect(whole.length).toBeGreaterThan(15);
    for (const at of [1, 2, 7, 20, 33]) expect(run(at)).toEqual(whole);
  });
});
