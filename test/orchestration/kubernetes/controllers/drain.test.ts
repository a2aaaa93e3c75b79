/** Budgets hold evictions back: the controller that evicts, random drains, and a node that expires in a whole run. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DisruptionBudgets } from '../../../../src/orchestration/kubernetes/controllers/disruption-budgets.ts';
import { DrainController } from '../../../../src/orchestration/kubernetes/controllers/drain-controller.ts';
import { ActionBuffer } from '../../../../src/orchestration/actions.ts';
import { HOST_STATE } from '../../../../src/cluster/hosts.ts';
import { TASK_STATE } from '../../../../src/cluster/tasks.ts';
import { World } from '../../../support/world.ts';
import { runText } from '../../../support/run-scenario.ts';
import { terminationReasons } from '../../../../src/base/reason-code.ts';
import type { BudgetRule } from '../../../../src/orchestration/kubernetes/controllers/disruption-budgets.ts';

const SECOND_US = 1_000_000;

/** A service of `replicas` ready pods on hosts of two pods each, and who evicts from them. */
class Drains {
  readonly world = new World('kubernetes');
  readonly service = this.world.addWorkload('web', 'service', 1_000, 1_000);
  readonly hosts: number[] = [];
  readonly tasks: number[] = [];
  readonly controller: DrainController;
  readonly budgets: DisruptionBudgets;

  constructor(replicas: number, rules: readonly BudgetRule[]) {
    const pool = this.world.addPool('hosts', ['m6i.large']);
    const { cluster, ledger } = this.world;
    for (let i = 0; i < replicas; i++) {
      if (i % 2 === 0) this.hosts.push(this.world.addHost(pool));
      const [task] = this.world.addRunning(this.service, this.hosts.at(-1)!);
      this.run(task!);
      this.tasks.push(task!);
    }
    ledger.setDesired(this.service, replicas, 0);
    const workloads = [this.service];
    this.budgets = new DisruptionBudgets(
      cluster,
      rules.map((rule) => ({ rule, workloads })),
    );
    this.controller = new DrainController(cluster, 0, this.budgets);
  }

  get ready(): number {
    return this.world.cluster.workloads.ready[this.service]!;
  }

  run(task: number, isReady = true): void {
    this.world.cluster.tasks.state[task] = TASK_STATE.running;
    if (isReady) this.world.ledger.setReady(task, this.world.nowUs);
  }

  drain(host: number, reason: 'unneeded' | 'scale-in' = 'unneeded'): void {
    this.world.cluster.hosts.terminationReason[host] = terminationReasons.codeOf(reason);
    this.world.setHostState(host, HOST_STATE.draining);
  }

  /** Tasks that are evicted by a wake; they are leaving then. */
  wake(nowUs = this.world.nowUs): number[] {
    this.world.nowUs = nowUs;
    const out = new ActionBuffer();
    this.controller.wake(nowUs, out);
    const evicted = out.actions.flatMap((action) =>
      action.kind === 'stop-task' ? [action.task] : [],
    );
    for (const task of evicted) this.world.ledger.markStopping(task, nowUs);
    return evicted;
  }
}

const AT_MOST_ONE: BudgetRule = {
  maxUnavailable: { count: 1 },
  unhealthyPodEviction: 'IfHealthyBudget',
};

describe('evictions from a node that is emptied (kubernetes.md 3.7)', () => {
  it('go as far as the budget allows, and go on when a replacement is ready', () => {
    const drains = new Drains(4, [AT_MOST_ONE]);
    drains.drain(drains.hosts[0]!);
    expect(drains.wake().length).toBe(1);
    expect(drains.controller.wakeAtUs).toBe(10 * SECOND_US);
    expect(drains.wake(10 * SECOND_US)).toEqual([]);
    const [task] = drains.world.addRunning(drains.service, drains.hosts[1]!);
    drains.run(task!);
    expect(drains.wake(20 * SECOND_US).length).toBe(1);
    expect(drains.controller.wakeAtUs).toBe(Infinity);
  });

  it('share one budget over nodes that are emptied at the same time', () => {
    const drains = new Drains(6, [{ ...AT_MOST_ONE, maxUnavailable: { count: 3 } }]);
    for (const host of drains.hosts) drains.drain(host);
    expect(drains.wake().length).toBe(3);
  });

  it('let a pod go that is not ready while the others are', () => {
    const drains = new Drains(4, [{ ...AT_MOST_ONE, maxUnavailable: { count: 0 } }]);
    const [task] = drains.world.addRunning(drains.service, drains.hosts[0]!);
    drains.run(task!, false);
    drains.drain(drains.hosts[0]!);
    expect(drains.wake()).toEqual([task]);
  });

  it('never go through where two budgets cover a pod', () => {
    const drains = new Drains(4, [AT_MOST_ONE, AT_MOST_ONE]);
    drains.drain(drains.hosts[0]!);
    expect(drains.wake()).toEqual([]);
  });

  it('are not asked for on nodes that nobody chose to empty through the Eviction API', () => {
    const drains = new Drains(4, [AT_MOST_ONE]);
    drains.drain(drains.hosts[0]!, 'scale-in');
    expect(drains.wake()).toEqual([]);
    expect(drains.controller.wakeAtUs).toBe(Infinity);
  });

  it('never take a budget below its floor, however many nodes are emptied', () => {
    const amount = fc.oneof(
      fc.nat(8).map((count) => ({ count })),
      fc.nat(100).map((percent) => ({ percent })),
    );
    const rule = fc.oneof(
      amount.map((minAvailable) => ({ ...AT_MOST_ONE, minAvailable, maxUnavailable: undefined })),
      amount.map((maxUnavailable) => ({ ...AT_MOST_ONE, maxUnavailable })),
    );
    const step = fc.record({
      kind: fc.constantFrom('drain', 'start', 'fail', 'look', 'look'),
      pick: fc.nat(100),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        rule,
        fc.array(step),
        (replicas, stated, steps) => {
          const { maxUnavailable, minAvailable, ...rest } = { minAvailable: undefined, ...stated };
          const own: BudgetRule = {
            ...rest,
            ...(maxUnavailable && { maxUnavailable }),
            ...(minAvailable && { minAvailable }),
          };
          const drains = new Drains(replicas, [own]);
          const { tasks, hosts } = drains.world.cluster;
          for (const { kind, pick } of steps) {
            const host = drains.hosts[pick % drains.hosts.length]!;
            if (kind === 'drain' && hosts.state[host] === HOST_STATE.ready) drains.drain(host);
            if (kind === 'start' && hosts.state[host] === HOST_STATE.ready) {
              const [task] = drains.world.addRunning(drains.service, host);
              drains.run(task!);
            }
            const victim = drains.tasks[pick % drains.tasks.length]!;
            if (kind === 'fail' && tasks.state[victim] === TASK_STATE.running) {
              drains.world.endTask(victim);
            }
            const before = drains.ready;
            if (kind === 'look') drains.wake();
            expect(drains.ready).toBeGreaterThanOrEqual(Math.min(before, floorOf(own, replicas)));
          }
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });
});

/** Pods that have to stay, told once more. */
function floorOf({ minAvailable, maxUnavailable }: BudgetRule, replicas: number): number {
  const up = (amount: { count: number } | { percent: number }) =>
    'count' in amount ? amount.count : Math.ceil((amount.percent * replicas) / 100);
  return minAvailable === undefined
    ? Math.max(0, replicas - up(maxUnavailable!))
    : up(minAvailable);
}

describe('a node that expires in a run', () => {
  const scenario = (budget: string) => `
name: expiry
seed: 3
duration: 3h
workload:
  - service: { name: web, cpu: 500m, memory: 1GiB, replicas: 6, startup: 60s, ${budget} }
variants:
  eks:
    orchestrator: kubernetes
    pools: { nodes: { karpenter: { expireAfter: 1h } } }
`;
  /** The fewest ready pods at any time after the first ten minutes. */
  function fewest(text: string): number {
    const { tasks, decisions } = runText(text, true);
    const toldUs = new Map(
      decisions
        .filter(({ subject }) => subject.startsWith('task-'))
        .map((one) => [one.subject, one.timeUs]),
    );
    const leftUs = (task: (typeof tasks)[number]) =>
      task.state === 'cancelled' ? (toldUs.get(task.task) ?? task.finishedUs!) : Infinity;
    const times = tasks.map(leftUs).filter((timeUs) => timeUs !== Infinity);
    expect(times.length).toBeGreaterThan(0);
    const readyAt = (atUs: number) =>
      tasks.filter((task) => (task.readyUs ?? Infinity) <= atUs && leftUs(task) > atUs).length;
    return Math.min(...times.map(readyAt));
  }

  it('loses all its pods at once without a budget, and no more than the budget with one', () => {
    expect(fewest(scenario(''))).toBe(0);
    expect(fewest(scenario('disruptionBudget: { maxUnavailable: 2 }'))).toBe(4);
  });
});
