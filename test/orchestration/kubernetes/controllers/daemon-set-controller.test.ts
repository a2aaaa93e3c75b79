import { describe, expect, it } from 'vitest';
import { ActionBuffer } from '../../../../src/orchestration/actions.ts';
import { DaemonSetController } from '../../../../src/orchestration/kubernetes/controllers/daemon-set-controller.ts';
import { GIB, TICKS_PER_CORE } from '../../../../src/base/units.ts';
import { HOST_STATE } from '../../../../src/cluster/hosts.ts';
import { NO_ROW } from '../../../../src/cluster/hosts.ts';
import { TASK_STATE } from '../../../../src/cluster/tasks.ts';
import { World } from '../../../support/world.ts';

const SECOND_US = 1_000_000;

/** Two daemons in a cluster of hosts with two cores, and who keeps them. */
class Daemons {
  readonly world = new World('kubernetes');
  readonly agent = this.world.addWorkload('agent', 'daemon', 1_000, 1_000);
  readonly heavy = this.world.addWorkload('heavy', 'daemon', TICKS_PER_CORE, 4 * GIB);
  readonly job = this.world.addWorkload('job', 'job', TICKS_PER_CORE, GIB);
  readonly pool = this.world.addPool('hosts', ['m6i.large']);
  readonly controller = new DaemonSetController(this.world.cluster, 0, new Map());

  /** Wakes until the controller rests, and makes what it decides; `workload@host` of each. */
  wake(atS: number): string[] {
    const { world, controller } = this;
    world.nowUs = atS * SECOND_US;
    const made: string[] = [];
    do {
      const out = new ActionBuffer();
      controller.wake(world.nowUs, out);
      for (const action of out.actions) {
        if (action.kind !== 'create-daemon') throw new Error(`unexpected ${action.kind}`);
        const { workload, host } = action;
        world.addRunning(workload, host);
        made.push(`${world.cluster.workloads.names[workload]}@${host}`);
      }
    } while (controller.wakeAtUs === world.nowUs);
    return made;
  }

  taskOf(workload: number, host: number): number {
    const { hosts, tasks } = this.world.cluster;
    let task = hosts.firstTask[host]!;
    while (task !== NO_ROW && tasks.workload[task] !== workload) task = tasks.nextOnHost[task]!;
    return task;
  }
}

describe('the pods of DaemonSets (kubernetes.md 3.4)', () => {
  it('start once on every node that becomes ready', () => {
    const daemons = new Daemons();
    const host = daemons.world.addHost(daemons.pool, 0, HOST_STATE.running);
    expect(daemons.wake(0)).toEqual([]);
    daemons.world.setHostState(host, HOST_STATE.ready);
    expect(daemons.wake(1)).toEqual(['agent@0', 'heavy@0']);
    expect(daemons.wake(2)).toEqual([]);
  });

  it('are made whether or not their node has room for them, once', () => {
    const daemons = new Daemons();
    const host = daemons.world.addHost(daemons.pool);
    daemons.world.addRunning(daemons.job, host);
    const out = new ActionBuffer();
    daemons.controller.wake(0, out);
    expect(out.actions.map(({ kind }) => kind)).toEqual(['create-daemon', 'create-daemon']);
    out.clear();
    daemons.world.setHostState(
      daemons.world.addHost(daemons.pool, 0, HOST_STATE.running),
      HOST_STATE.ready,
    );
    daemons.controller.wake(1, out);
    // Two for the other node; none again for the first, whose pods wait.
    expect(out.actions.map((action) => action.kind === 'create-daemon' && action.host)).toEqual([
      1, 1,
    ]);
  });

  it('are withdrawn when their node goes while they wait for it', () => {
    const { world, controller, agent, pool } = new Daemons();
    const host = world.addHost(pool);
    const out = new ActionBuffer();
    controller.wake(0, out);
    const spec = world.cluster.workloads.spec[agent]!;
    const pod = { spec, workload: agent, replaces: NO_ROW, durationUs: Infinity, workTickUs: 0 };
    const task = world.ledger.addTask({ ...pod, pinned: host }, NO_ROW, 0);
    out.clear();
    world.setHostState(host, HOST_STATE.terminating);
    controller.wake(1, out);
    expect(out.actions).toEqual([{ kind: 'stop-task', task, reason: 'host-terminated' }]);
  });

  it('come back when they failed: at once, then after 1 s', () => {
    const daemons = new Daemons();
    const host = daemons.world.addHost(daemons.pool);
    daemons.wake(0);
    const fail = () => {
      const task = daemons.taskOf(daemons.agent, host);
      daemons.world.ledger.end(task, TASK_STATE.failed, 1, daemons.world.nowUs);
    };
    fail();
    expect(daemons.wake(0)).toEqual(['agent@0']);
    fail();
    expect(daemons.wake(0)).toEqual([]);
    expect(daemons.controller.wakeAtUs).toBe(SECOND_US);
    expect(daemons.wake(1)).toEqual(['agent@0']);
  });

  it('end with their node', () => {
    const daemons = new Daemons();
    const host = daemons.world.addHost(daemons.pool);
    daemons.wake(0);
    daemons.world.setHostState(host, HOST_STATE.terminating);
    daemons.world.ledger.end(daemons.taskOf(daemons.agent, host), TASK_STATE.cancelled, 1, 0);
    expect(daemons.wake(1)).toEqual([]);
  });
});
