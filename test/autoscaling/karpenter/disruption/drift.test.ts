import { describe, expect, it } from 'vitest';
import { HOST_STATE } from '../../../../src/cluster/hosts.ts';
import { LoopWorld } from './loop-world.ts';
import { PLAIN_POD } from '../../../../src/cluster/pod-template.ts';
import { US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from '../../../../src/base/units.ts';
import { driftedSinceUs } from '../../../../src/autoscaling/karpenter/disruption/drift-time.ts';

const TYPES = ['m5.large', 'm5.xlarge'];
const QUIET = { consolidateAfterUs: Infinity };
const released = (atS: number) => ({ firstUs: atS * US_PER_SECOND, everyUs: Infinity });
const { ready } = HOST_STATE;

function addLarge({ world, pool }: LoopWorld): number {
  return world.addHostOf('m5.large', pool, 0, false, ready);
}

describe('a node has drifted', () => {
  it('from the first look, every 5 minutes, after its image was superseded', () => {
    const scene = new LoopWorld({ instanceTypes: TYPES });
    const host = addLarge(scene);
    const { world } = scene;
    const config = {
      ...world.configs[0]!,
      imageReleases: { firstUs: 7 * US_PER_MINUTE, everyUs: US_PER_HOUR },
    };
    const since = (minute: number) =>
      driftedSinceUs(world.cluster, host, config, minute * US_PER_MINUTE);
    expect(since(7)).toBe(Infinity);
    expect(since(9.99)).toBe(Infinity);
    expect(since(10)).toBe(10 * US_PER_MINUTE);
    expect(since(1_000)).toBe(10 * US_PER_MINUTE);
    // One that was asked for after a release is superseded by the next, at 1 h 07.
    world.nowUs = 20 * US_PER_MINUTE;
    const young = addLarge(scene);
    const found = driftedSinceUs(world.cluster, young, config, 3 * US_PER_HOUR);
    expect(found).toBe(70 * US_PER_MINUTE);
  });
});

describe('drift', () => {
  it('replaces a node without a wait: the old one goes when the new one is ready', () => {
    const scene = new LoopWorld({ instanceTypes: TYPES }, { ...QUIET, imageReleases: released(0) });
    scene.world.nowUs = -1;
    const host = addLarge(scene);
    scene.world.addRunning(scene.world.addService('web', 1.5, 1), host);
    // Looked at every 5 minutes; the loop passes at 305 s.
    expect(scene.until(350)).toEqual([
      [305, 'change-taints', host],
      [305, 'launch', 'm5.large'],
    ]);
    scene.world.finishLaunches();
    expect(scene.until(355)[0]?.slice(1)).toEqual(['terminate', host]);
  });

  it('takes one node a pass, empty ones first, as far as the budget goes', () => {
    const budgets = [{ nodes: { count: 1 }, reasons: [] }];
    const scene = new LoopWorld(
      { instanceTypes: TYPES },
      { ...QUIET, budgets, imageReleases: released(0) },
    );
    scene.world.nowUs = -1;
    const hosts = [0, 1, 2].map(() => addLarge(scene));
    const web = scene.world.addService('web', 1.5, 1);
    scene.world.addRunning(web, hosts[0]!);
    scene.world.addRunning(web, hosts[1]!);
    const log = scene.until(306);
    // The empty one at once; then, at once again, the older of the others.
    expect(log.map(([, kind, subject]) => [kind, subject])).toEqual([
      ['terminate', hosts[2]],
      ['change-taints', hosts[0]],
      ['launch', 'm5.large'],
    ]);
  });

  it('leaves a node whose pod says do-not-disrupt, but for a terminationGracePeriod', () => {
    const pod = { ...PLAIN_POD, annotations: { 'karpenter.sh/do-not-disrupt': 'true' } };
    const run = (terminationGracePeriodUs: number) => {
      const scene = new LoopWorld(
        { instanceTypes: TYPES },
        { ...QUIET, imageReleases: released(0), terminationGracePeriodUs },
      );
      scene.world.nowUs = -1;
      const host = addLarge(scene);
      scene.world.addRunning(scene.world.addService('web', 1.5, 1, { pod }), host);
      return scene.until(306).map(([, kind]) => kind);
    };
    expect(run(Infinity)).toEqual([]);
    // Its pod is planned for no node: it goes without a replacement.
    expect(run(US_PER_HOUR)[0]).toBe('terminate');
  });
});

describe('a static NodePool', () => {
  it('keeps as many nodes as it says, whatever pods there are, and none is consolidated', () => {
    const scene = new LoopWorld({ instanceTypes: TYPES }, { replicas: 3 });
    const launches = scene.until(30);
    expect(launches).toEqual([1, 2, 3].map(() => [5, 'launch', 'm5.large']));
    scene.world.finishLaunches();
    expect(scene.until(1_000)).toEqual([]);
  });

  it('stops at its limit of nodes', () => {
    const limits = { cpuTicks: Infinity, memoryBytes: Infinity, nodes: 2 };
    const scene = new LoopWorld({ instanceTypes: TYPES }, { replicas: 3, limits });
    expect(scene.until(300)).toHaveLength(2);
  });

  it('is no source of nodes for pods', () => {
    const scene = new LoopWorld({ instanceTypes: TYPES }, { replicas: 0 });
    scene.world.addRefused(scene.world.addService('web', 1, 1));
    scene.world.wake(scene.karpenter, 0);
    expect(scene.until(60)).toEqual([]);
  });

  it('replaces drifted nodes by others like them, as many at once as the budget allows', () => {
    const budgets = [{ nodes: { count: 2 }, reasons: [] }];
    const scene = new LoopWorld(
      { instanceTypes: TYPES },
      { replicas: 3, budgets, imageReleases: released(0) },
    );
    scene.world.nowUs = -1;
    const hosts = [0, 1, 2].map(() => addLarge(scene));
    expect(scene.until(306)).toEqual([
      [305, 'change-taints', hosts[0]],
      [305, 'launch', 'm5.large'],
      [305, 'change-taints', hosts[1]],
      [305, 'launch', 'm5.large'],
    ]);
  });
});
