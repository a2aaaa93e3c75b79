import { describe, expect, it } from 'vitest';
import { ActionBuffer } from '../../../../src/orchestration/actions.ts';
import { DeploymentController } from '../../../../src/orchestration/kubernetes/controllers/deployment-controller.ts';
import { PLAIN_POD } from '../../../../src/cluster/pod-template.ts';
import { TASK_STATE } from '../../../../src/cluster/tasks.ts';
import { World } from '../../../support/world.ts';
import type { Action } from '../../../../src/orchestration/actions.ts';

const HOUR_US = 3_600_000_000;

function controllerOf(world: World): DeploymentController {
  const options = { cluster: 0, deployments: new Map(), others: new Set<number>(), seed: 'seed' };
  return new DeploymentController(world.cluster, options);
}

function decide(controller: DeploymentController, nowUs: number): readonly Action[] {
  const out = new ActionBuffer();
  controller.wake(nowUs, out);
  return out.actions;
}

describe('a Deployment that was never updated (kubernetes.md 3.2)', () => {
  it('starts what is missing, and replaces what is leaving at once', () => {
    const world = new World('kubernetes');
    const web = world.addWorkload('web', 'service', 1_000, 1_000);
    const controller = controllerOf(world);
    const host = world.addHost(world.addPool('hosts', ['m6i.large']));
    world.ledger.setDesired(web, 3, 0);
    const [task] = world.addRunning(web, host, 3);
    expect(decide(controller, 0)).toEqual([]);
    world.ledger.markStopping(task!, 0);
    expect(decide(controller, 0)).toEqual([{ kind: 'create-task', workload: web }]);
    expect(controller.wakeAtUs).toBe(Infinity);
  });

  it('deletes: unassigned, not ready, of lower deletion cost, on the fuller node, in the younger bucket of ages', () => {
    const world = new World('kubernetes');
    const web = world.addWorkload('web', 'service', 1_000, 1_000);
    const annotations = { 'controller.kubernetes.io/pod-deletion-cost': '-5' };
    const cheap = world.addWorkload('cheap', 'service', 1_000, 1_000, {
      pod: { ...PLAIN_POD, annotations },
    });
    const controller = controllerOf(world);
    const pool = world.addPool('hosts', ['m6i.large']);
    const [crowded, quiet, third] = [world.addHost(pool), world.addHost(pool), world.addHost(pool)];
    const run = (host: number, readyUs?: number): number => {
      const [pod] = world.addRunning(web, host);
      world.cluster.tasks.state[pod!] = TASK_STATE.running;
      if (readyUs !== undefined) world.ledger.setReady(pod!, readyUs);
      return pod!;
    };
    const nowUs = 10 * HOUR_US;
    const oldOnCrowded = run(crowded, 0);
    const youngOnCrowded = run(crowded, 7 * HOUR_US);
    const old = run(quiet, HOUR_US);
    const young = run(third, 9 * HOUR_US);
    const costsLess = run(third, 0);
    world.cluster.tasks.spec[costsLess] = world.cluster.workloads.spec[cheap]!;
    const notReady = run(quiet);
    const [unassigned] = world.addPending(web);
    const order = [unassigned, notReady, costsLess];
    // On nodes with two pods each: log2 of ages of 1 h, 3 h, 9 h and 10 h in ns is 41, 43, 44 and 45.
    order.push(young, youngOnCrowded, old, oldOnCrowded);
    world.ledger.setDesired(web, 0, 0);
    const stopped = decide(controller, nowUs).map((action) =>
      action.kind === 'stop-task' ? action.task : NaN,
    );
    expect(stopped).toEqual(order);
  });
});
