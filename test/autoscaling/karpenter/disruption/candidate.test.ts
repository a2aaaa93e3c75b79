import { describe, expect, it } from 'vitest';
import { KarpenterWorld } from '../karpenter-world.ts';
import { HOST_STATE } from '../../../../src/cluster/hosts.ts';
import {
  candidatesOf,
  evictionCost,
  isEmpty,
} from '../../../../src/autoscaling/karpenter/disruption/candidate.ts';
import { US_PER_SECOND } from '../../../../src/base/units.ts';
import type { NodePoolConfig } from '../../../../src/autoscaling/karpenter/config.ts';

const SECOND = US_PER_SECOND;

function candidatesAt(world: KarpenterWorld, nowUs: number, nominated: readonly number[] = []) {
  return candidatesOf(world.provisioner(), {
    nowUs,
    leaving: new Set(),
    isNominated: (host) => nominated.includes(host),
  });
}

function worldWith(parts: Partial<NodePoolConfig> = {}): { world: KarpenterWorld; pool: number } {
  const world = new KarpenterWorld();
  const instanceTypes = ['m5.large', 'm5.xlarge'];
  const { pool } = world.addNodePool('m5', { instanceTypes }, parts);
  return { world, pool };
}

it('evicting a pod costs 1, more with its priority, and is held between -10 and 10', () => {
  // aws.md 10.1 (3).
  expect(evictionCost(0)).toBe(1);
  expect(evictionCost(0, 134_217_728)).toBe(2);
  expect(evictionCost(2_000_000_000)).toBe(10);
  expect(evictionCost(0, -2_147_483_647)).toBe(-10);
});

describe('candidates', () => {
  it('are ordered by price per cost of disruption, equals by row', () => {
    const { world, pool } = worldWith();
    const web = world.addService('web', 0.5, 0.5);
    const dear = world.addHostOf('m5.xlarge', pool, 0, false, HOST_STATE.ready);
    const cheap = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    const empty = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    world.addRunning(web, dear, 3);
    world.addRunning(web, cheap, 1);
    // aws.md 10.1 (4): 0.192 / 4 = 0.096 / 2 = 0.048, a tie; 0.096 / 1 = 0.096 comes first.
    const found = candidatesAt(world, 10);
    expect(found.map(({ host }) => host)).toEqual([empty, dear, cheap]);
    expect(found.map(isEmpty)).toEqual([true, false, false]);
  });

  it('are ready, quiet for consolidateAfter, and not nominated', () => {
    const { world, pool } = worldWith({ consolidateAfterUs: 30 * SECOND });
    const web = world.addService('web', 0.5, 0.5);
    world.addHostOf('m5.large', pool, 0, false, HOST_STATE.running);
    const host = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    expect(candidatesAt(world, 30 * SECOND - 1)).toEqual([]);
    expect(candidatesAt(world, 30 * SECOND).map((one) => one.host)).toEqual([host]);
    expect(candidatesAt(world, 30 * SECOND, [host])).toEqual([]);
    world.nowUs = 20 * SECOND;
    world.addRunning(web, host);
    expect(candidatesAt(world, 30 * SECOND)).toEqual([]);
    expect(candidatesAt(world, 50 * SECOND)).toHaveLength(1);
  });

  it('are not hosts of other pools, nor of a NodePool that never consolidates', () => {
    const { world, pool } = worldWith({ consolidateAfterUs: Infinity });
    world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    world.addHost(world.addPool('base', ['m5.large']));
    expect(candidatesAt(world, 1_000 * SECOND)).toEqual([]);
  });

  it('count no daemons and nothing that is stopping anyway', () => {
    const { world, pool } = worldWith();
    const host = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    world.addRunning(world.addWorkload('agent', 'daemon', 128, 0), host);
    const [task] = world.addRunning(world.addService('web', 0.5, 0.5), host);
    expect(candidatesAt(world, 1)[0]!.pods).toEqual([task]);
    world.ledger.markStopping(task!, world.nowUs);
    expect(isEmpty(candidatesAt(world, 1)[0]!)).toBe(true);
  });
});
