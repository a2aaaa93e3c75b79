import { describe, expect, it } from 'vitest';
import { KarpenterWorld } from '../karpenter-world.ts';
import { HOST_STATE } from '../../../../src/cluster/hosts.ts';
import {
  candidatesOf,
  evictionCost,
  isEmpty,
} from '../../../../src/autoscaling/karpenter/disruption/candidate.ts';
import { PLAIN_SETTINGS } from '../../../../src/autoscaling/karpenter/settings.ts';
import { US_PER_HOUR, US_PER_SECOND } from '../../../../src/base/units.ts';
import { PLAIN_POD } from '../../../../src/cluster/pod-template.ts';
import type { KarpenterSettings } from '../../../../src/autoscaling/karpenter/settings.ts';
import type { NodePoolConfig } from '../../../../src/autoscaling/karpenter/config.ts';

const SECOND = US_PER_SECOND;

function candidatesAt(
  world: KarpenterWorld,
  nowUs: number,
  nominated: readonly number[] = [],
  settings: Partial<KarpenterSettings> = {},
) {
  return candidatesOf(world.provisioner(), {
    nowUs,
    civilNowUs: nowUs,
    settings: { ...PLAIN_SETTINGS, ...settings },
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
  it('pitfall 14.1: are ordered by price per cost of disruption, dearest first, equals by row', () => {
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

  it('up to 1.13 came in the order of what their pods cost, less towards the end of their life', () => {
    const { world, pool } = worldWith({ expireAfterUs: 10 * US_PER_HOUR });
    const web = world.addService('web', 0.2, 0.2);
    const [old, middle] = [0, 1].map(() =>
      world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready),
    );
    world.nowUs = 4 * US_PER_HOUR;
    const young = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    world.addRunning(web, old!, 3);
    world.addRunning(web, middle!, 2);
    world.addRunning(web, young, 2);
    // After 8 of 10 h: 3 x 0.2 = 0.6, 2 x 0.2 = 0.4; after 4 of 10 h: 2 x 0.6 = 1.2.
    const order = 'disruption-cost';
    const found = candidatesAt(world, 8 * US_PER_HOUR, [], { order });
    expect(found.map(({ host }) => host)).toEqual([middle, old, young]);
  });

  it('are ready and not nominated; it is told whether they were quiet for consolidateAfter', () => {
    const { world, pool } = worldWith({ consolidateAfterUs: 30 * SECOND });
    const web = world.addService('web', 0.5, 0.5);
    world.addHostOf('m5.large', pool, 0, false, HOST_STATE.running);
    const host = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    const quietAt = (nowUs: number) =>
      candidatesAt(world, nowUs).map((one) => [one.host, one.isQuiet]);
    expect(quietAt(30 * SECOND - 1)).toEqual([[host, false]]);
    expect(quietAt(30 * SECOND)).toEqual([[host, true]]);
    expect(candidatesAt(world, 30 * SECOND, [host])).toEqual([]);
    world.nowUs = 20 * SECOND;
    world.addRunning(web, host);
    expect(quietAt(30 * SECOND)).toEqual([[host, false]]);
    expect(quietAt(50 * SECOND)).toEqual([[host, true]]);
  });

  it('are not hosts of other pools, nor of a NodePool whose template says do-not-disrupt', () => {
    const { world, pool } = worldWith({ doNotDisrupt: true });
    world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
    world.addHost(world.addPool('base', ['m5.large']));
    expect(candidatesAt(world, 1_000 * SECOND)).toEqual([]);
  });

  it('are blocked by a pod that says do-not-disrupt, for good or for a time from its start', () => {
    const { world, pool } = worldWith();
    const blockedAt = (nowUs: number, value: string) => {
      const pod = { ...PLAIN_POD, annotations: { 'karpenter.sh/do-not-disrupt': value } };
      const host = world.addHostOf('m5.large', pool, 0, false, HOST_STATE.ready);
      world.addRunning(world.addService(`of ${host}`, 0.5, 0.5, { pod }), host);
      return candidatesAt(world, nowUs).find((one) => one.host === host)!.isBlocked;
    };
    expect(blockedAt(US_PER_HOUR, 'true')).toBe(true);
    expect(blockedAt(29 * SECOND, '30s')).toBe(true);
    expect(blockedAt(30 * SECOND, '30s')).toBe(false);
    expect(blockedAt(US_PER_HOUR, 'false')).toBe(false);
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
