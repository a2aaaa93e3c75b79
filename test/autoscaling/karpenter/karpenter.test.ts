import { describe, expect, it } from 'vitest';
import { KarpenterWorld } from './karpenter-world.ts';
import { HOST_STATE } from '../../../src/cluster/hosts.ts';
import { Karpenter } from '../../../src/autoscaling/karpenter/karpenter.ts';
import { DISRUPTED } from '../../../src/autoscaling/karpenter/pod-protection.ts';
import { MARKET } from '../../support/world.ts';
import { NEVER, US_PER_MINUTE, US_PER_SECOND } from '../../../src/base/units.ts';
import type { Action } from '../../../src/orchestration/actions.ts';
import type { NodePoolConfig } from '../../../src/autoscaling/karpenter/config.ts';

const SECOND = US_PER_SECOND;
const TYPES = ['m5.large', 'm5.xlarge', 'm5.2xlarge'];

function build(parts: Partial<NodePoolConfig> = {}, phaseUs = 5 * SECOND) {
  const world = new KarpenterWorld();
  const { pool } = world.addNodePool('m5', { instanceTypes: TYPES }, parts);
  const karpenter = new Karpenter(world.cluster, 0, world.configs, MARKET, phaseUs);
  return { world, pool, karpenter };
}

/** Wakes at every time that the controller asks for; answers the actions with their times in seconds. */
function runUntil(world: KarpenterWorld, karpenter: Karpenter, endUs: number) {
  const log: [number, Action][] = [];
  for (let wakes = 0; karpenter.wakeAtUs <= endUs; wakes++) {
    if (wakes > 10_000) throw new Error('the controller never stops waking');
    const nowUs = karpenter.wakeAtUs;
    for (const action of world.wake(karpenter, nowUs)) log.push([nowUs / SECOND, action]);
  }
  world.nowUs = endUs;
  return log;
}

describe('provisioning', () => {
  it('launches the cheapest node that fits, one second after the last new pod', () => {
    const { world, pool, karpenter } = build();
    const web = world.addService('web', 1.5, 1);
    world.addRefused(web, 2);
    world.wake(karpenter, 0);
    expect(karpenter.background).toBe(false);
    expect(karpenter.wakeAtUs).toBe(SECOND);
    const launch = { kind: 'launch', pool, instanceType: 'm5.xlarge', zone: 0, spot: false };
    expect(runUntil(world, karpenter, SECOND)).toEqual([[1, launch]]);
    expect(karpenter.background).toBe(true);
  });

  it('leaves alone pods that the scheduler has not refused', () => {
    const { world, karpenter } = build();
    world.addPending(world.addService('web', 1.5, 1));
    expect(runUntil(world, karpenter, 20 * SECOND)).toEqual([]);
  });

  it('counts on the nodes that it has ordered', () => {
    const { world, karpenter } = build();
    world.addRefused(world.addService('web', 1.5, 1));
    world.wake(karpenter, 0);
    // Triggered again at 5, 15, 25 ... s; the batch closes a second later and finds room on the node that comes.
    expect(runUntil(world, karpenter, 60 * SECOND)).toHaveLength(1);
  });

  it('orders another node when the first was lost', () => {
    const { world, karpenter } = build();
    world.addRefused(world.addService('web', 1.5, 1));
    world.wake(karpenter, 0);
    runUntil(world, karpenter, 2 * SECOND);
    world.setHostState(0, HOST_STATE.terminated);
    expect(runUntil(world, karpenter, 6 * SECOND).map(([timeS]) => timeS)).toEqual([6]);
  });

  it('replaces in advance what a draining node will lose', () => {
    const { world, pool, karpenter } = build();
    const host = world.addHostOf('m5.large', pool, 0, true, HOST_STATE.ready);
    world.addRunning(world.addService('web', 1.5, 1), host);
    world.setHostState(host, HOST_STATE.draining);
    const log = runUntil(world, karpenter, 10 * SECOND);
    expect(log.map(([timeS, { kind }]) => [timeS, kind])).toEqual([[6, 'launch']]);
  });

  it('ignores pods that wait for the pool of somebody else', () => {
    const { world, karpenter } = build();
    const asg = world.addPool('base', ['m5.large']);
    const [task] = world.addPending(world.addService('web', 1.5, 1), 1, asg);
    world.ledger.noteRefused(task!, 1, 0);
    world.wake(karpenter, 0);
    expect(karpenter.background).toBe(true);
    expect(runUntil(world, karpenter, 20 * SECOND)).toEqual([]);
  });
});

describe('emptiness', () => {
  it('removes an empty node after the loop has found it and waited 15 seconds', () => {
    const { world, pool, karpenter } = build();
    const host = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    const terminate = { kind: 'terminate', host, reason: 'consolidation-empty' };
    // Found at the first pass, 5 s; gone at 20 s.
    expect(runUntil(world, karpenter, 60 * SECOND)).toEqual([[20, terminate]]);
  });

  it('keeps a node that a pod has reached during the wait', () => {
    const { world, pool, karpenter } = build();
    const host = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    runUntil(world, karpenter, 10 * SECOND);
    world.addRunning(world.addService('web', 1.5, 1), host);
    expect(runUntil(world, karpenter, 60 * SECOND)).toEqual([]);
  });

  it('keeps a node that a plan counts on', () => {
    const { world, pool, karpenter } = build();
    world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    // Refused for another reason, so the plan sends it to the node: nominated anew with every batch.
    world.addRefused(world.addService('web', 1.5, 1));
    world.wake(karpenter, 0);
    expect(runUntil(world, karpenter, 60 * SECOND)).toEqual([]);
  });

  it('goes as far as the budget: 10 % of the nodes, rounded up', () => {
    const { world, pool, karpenter } = build();
    for (let i = 0; i < 11; i++) world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    const log = runUntil(world, karpenter, 21 * SECOND);
    // ceil(1.1) = 2 of 11.
    expect(
      log.map(([timeS, action]) => [timeS, action.kind === 'terminate' && action.host]),
    ).toEqual([
      [20, 0],
      [20, 1],
    ]);
  });
});

describe('consolidation', () => {
  it('deletes a node whose pods fit elsewhere', () => {
    const { world, pool, karpenter } = build();
    const full = world.addHostOf('m5.xlarge', pool, 0, false, HOST_STATE.ready);
    const spare = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    const web = world.addService('web', 1, 1);
    world.addRunning(web, full, 2);
    world.addRunning(web, spare, 1);
    const log = runUntil(world, karpenter, 30 * SECOND);
    // Both at 0.192 / 3 and 0.096 / 2 USD: the first is tried first, its 2 pods do not fit on the second.
    const terminate = { kind: 'terminate', host: spare, reason: 'consolidation-underutilized' };
    expect(log).toEqual([[20, terminate]]);
  });

  it('orders a cheaper node first, and lets the old one go when the new one is ready', () => {
    const { world, pool, karpenter } = build();
    const host = world.addHostOf('m5.2xlarge', pool, 0, false, HOST_STATE.ready);
    const [task] = world.addRunning(world.addService('web', 1, 1), host, 1);
    const launch = { kind: 'launch', pool, instanceType: 'm5.large', zone: 0, spot: false };
    const taint = { kind: 'change-taints', host, remove: [], add: [DISRUPTED] };
    expect(runUntil(world, karpenter, 50 * SECOND)).toEqual([
      [20, taint],
      [20, launch],
    ]);
    world.finishLaunches();
    const [[, action] = []] = runUntil(world, karpenter, 52 * SECOND);
    expect(action).toEqual({ kind: 'terminate', host, reason: 'consolidation-underutilized' });
    expect(world.cluster.tasks.host[task!]).toBe(host);
  });

  it('leaves nodes alone that hold what they need', () => {
    const { world, pool, karpenter } = build();
    const host = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    world.addRunning(world.addService('web', 1.5, 1), host);
    expect(runUntil(world, karpenter, 20 * US_PER_MINUTE)).toEqual([]);
  });

  it('touches only empty nodes under policy WhenEmpty', () => {
    const { world, pool, karpenter } = build({ consolidationPolicy: 'WhenEmpty' });
    const host = world.addHostOf('m5.2xlarge', pool, 0, false, HOST_STATE.ready);
    world.addRunning(world.addService('web', 1, 1), host);
    expect(runUntil(world, karpenter, 5 * US_PER_MINUTE)).toEqual([]);
  });
});

it('a node goes when it is expireAfter old, whatever runs on it', () => {
  const { world, pool, karpenter } = build({ expireAfterUs: 90 * SECOND });
  const host = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
  world.addRunning(world.addService('web', 1.5, 1), host);
  const log = runUntil(world, karpenter, 91 * SECOND);
  expect(log[0]).toEqual([90, { kind: 'terminate', host, reason: 'expired' }]);
});

it('a restored Karpenter goes on as the saved one would', () => {
  const scene = () => {
    const built = build();
    const { world, pool, karpenter } = built;
    const host = world.addHostOf('m5.2xlarge', pool, 0, false, HOST_STATE.ready);
    world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    world.addRunning(world.addService('web', 1, 1), host);
    world.addRefused(world.addService('large', 7, 1));
    world.wake(karpenter, 0);
    return built;
  };
  const plain = scene();
  const restored = scene();
  const log = (built: ReturnType<typeof scene>, stopsAtS: readonly number[]) => {
    const entries: [number, Action][] = [];
    let { karpenter } = built;
    for (const stopS of stopsAtS) {
      entries.push(...runUntil(built.world, karpenter, stopS * SECOND));
      const again = new Karpenter(built.world.cluster, 0, built.world.configs, MARKET, NEVER);
      again.restore(structuredClone(karpenter.save()));
      karpenter = again;
    }
    return entries;
  };
  expect(log(restored, [0.5, 3, 7, 19, 21, 60, 300])).toEqual(log(plain, [300]));
});
