import { describe, expect, it } from 'vitest';
import { DisruptionBudgets } from '../../../src/orchestration/kubernetes/controllers/disruption-budgets.ts';
import { KubernetesWorld } from './kubernetes-world.ts';
import { PLAIN_POD } from '../../../src/cluster/pod-template.ts';
import { TASK_STATE } from '../../../src/cluster/tasks.ts';
import { US_PER_SECOND } from '../../../src/base/units.ts';
import type { Action } from '../../../src/orchestration/actions.ts';
import type { BudgetRule } from '../../../src/orchestration/kubernetes/controllers/disruption-budgets.ts';
import type { TaskSpec } from '../../../src/cluster/spec.ts';

/** Two nodes; the pods of a service on the first fit on the second. Unneeded at 0 s, tainted at 610 s, judged at 615 s. */
function worldWithDrain(pods: number, parts: Partial<TaskSpec> = {}, rule?: BudgetRule) {
  const world = new KubernetesWorld();
  const pool = world.addPool('base', ['m5.large'], { desired: 2 });
  const first = world.addHost(pool);
  const second = world.addHost(pool);
  world.addRunning(world.service('busy', 1000), second);
  const api = world.service('api', 300, parts);
  const tasks = world.addRunning(api, first, pods);
  world.cluster.workloads.desired[api] = pods;
  for (const task of tasks) makeReady(world, task);
  const budgets = rule === undefined ? [] : [{ rule, workloads: [api] }];
  const autoscaler = world.autoscaler([pool], {
    budgets: new DisruptionBudgets(world.cluster, budgets),
  });
  /** What is decided until then, but for soft taints: the second, what, and the host or task. */
  const runTo = (untilS: number): string[] => {
    const decided: string[] = [];
    while (autoscaler.wakeAtUs <= untilS * US_PER_SECOND) {
      const atUs = autoscaler.wakeAtUs;
      for (const action of world.wake(autoscaler, atUs)) {
        const words = wordsOf(action);
        if (words !== undefined) decided.push(`${atUs / US_PER_SECOND} s: ${words}`);
      }
    }
    return decided;
  };
  return { world, pool, first, second, api, tasks, runTo };
}

function makeReady(world: KubernetesWorld, task: number): void {
  world.cluster.tasks.state[task] = TASK_STATE.running;
  world.ledger.setReady(task, world.nowUs);
}

function wordsOf(action: Action): string | undefined {
  switch (action.kind) {
    case 'change-taints': {
      const [added] = action.add;
      const [removed] = action.remove;
      if (added?.effect === 'NoSchedule') return `taint ${action.host}`;
      return removed?.effect === 'NoSchedule' ? `untaint ${action.host}` : undefined;
    }
    case 'stop-task':
      return `evict ${action.task}${action.graceUs === undefined ? '' : ` in ${action.graceUs / US_PER_SECOND} s`}`;
    case 'terminate':
      return `terminate ${action.host}`;
    case 'set-pool-desired':
      return `desired ${action.desired}`;
    default:
      return action.kind;
  }
}

const HELD: BudgetRule = {
  maxUnavailable: { count: 0 },
  unhealthyPodEviction: 'IfHealthyBudget',
};
const ONE_MISSING: BudgetRule = { ...HELD, maxUnavailable: { count: 1 } };

describe('the deletion of a node (kubernetes.md 5.6 Actuation)', () => {
  it('taints, evicts 5 s later, looks every 5 s, and deletes when the pods are gone', () => {
    const { world, runTo, tasks } = worldWithDrain(2);
    expect(runTo(624)).toEqual([
      '610 s: taint 0',
      `615 s: evict ${tasks[1]}`,
      `615 s: evict ${tasks[0]}`,
    ]);
    world.finishStopping();
    expect(runTo(626)).toEqual(['625 s: terminate 0', '625 s: desired 1']);
  });

  it('leaves a node alone on which a pod has come since it was found empty', () => {
    const { world, api, first, runTo } = worldWithDrain(0);
    expect(runTo(612)).toEqual(['610 s: taint 0']);
    world.addRunning(api, first);
    expect(runTo(620)).toEqual(['615 s: untaint 0']);
  });

  it('gives up when the budget of a pod is used up since', () => {
    const rule = { minAvailable: { count: 1 }, unhealthyPodEviction: 'IfHealthyBudget' } as const;
    const { world, second, api, runTo } = worldWithDrain(1, {}, rule);
    const [other] = world.addRunning(api, second);
    makeReady(world, other!);
    expect(runTo(612)).toEqual(['610 s: taint 0']);
    world.endTask(other!);
    expect(runTo(620)).toEqual(['615 s: untaint 0']);
  });

  it('asks again every 10 s where a budget refuses, and evicts when it allows', () => {
    const { world, second, api, tasks, runTo } = worldWithDrain(2, {}, ONE_MISSING);
    expect(runTo(634)).toEqual(['610 s: taint 0', `615 s: evict ${tasks[1]}`]);
    world.finishStopping();
    const [successor] = world.addRunning(api, second);
    makeReady(world, successor!);
    expect(runTo(636)).toEqual([`635 s: evict ${tasks[0]}`]);
    world.finishStopping();
    expect(runTo(641)).toEqual(['640 s: terminate 0', '640 s: desired 1']);
  });

  it('lets the node serve again when a budget refuses for 2 min: evicted pods stay so', () => {
    const { tasks, runTo } = worldWithDrain(2, {}, ONE_MISSING);
    expect(runTo(740)).toEqual([
      '610 s: taint 0',
      `615 s: evict ${tasks[1]}`,
      // 615 + 120
      '735 s: untaint 0',
    ]);
  });

  it('waits for pods 10 min and 30 s from the last eviction, then gives up', () => {
    const { runTo, tasks } = worldWithDrain(1);
    expect(runTo(1300)).toEqual([
      '610 s: taint 0',
      `615 s: evict ${tasks[0]}`,
      // 615 + 600 + 30
      '1245 s: untaint 0',
    ]);
  });

  it('cuts grace periods above 10 min', () => {
    const pod = { ...PLAIN_POD, terminationGraceS: 1800 };
    const { runTo, tasks } = worldWithDrain(1, { pod });
    expect(runTo(616)).toEqual(['610 s: taint 0', `615 s: evict ${tasks[0]} in 600 s`]);
  });

  it('never begins where a budget allows nothing', () => {
    const { runTo } = worldWithDrain(1, {}, HELD);
    expect(runTo(800)).toEqual([]);
  });

  it('starts the clock of the node anew after a failure: unneeded since 1246 s, tainted after more than 600 s', () => {
    const { world, runTo } = worldWithDrain(1);
    runTo(1245);
    world.finishStopping();
    const next = runTo(2000);
    expect(next[0]).toMatch(/^18[5-6]\d s: taint 0$/);
  });
});
