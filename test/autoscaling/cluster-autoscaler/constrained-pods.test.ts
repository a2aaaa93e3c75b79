import { describe, expect, it } from 'vitest';
import { KubernetesWorld } from './kubernetes-world.ts';
import { ClusterSnapshot } from '../../../src/autoscaling/cluster-autoscaler/cluster-snapshot.ts';
import { PodSpecs } from '../../../src/autoscaling/cluster-autoscaler/pod-specs.ts';
import { NO_AFFINITY, PLAIN_POD } from '../../../src/cluster/pod-template.ts';
import { MIB, TICKS_PER_MILLI, US_PER_SECOND } from '../../../src/base/units.ts';
import type { PodTemplate } from '../../../src/cluster/pod-template.ts';

const HOSTNAME = 'kubernetes.io/hostname';
const LATER_US = 3 * US_PER_SECOND;

function worldWith(parts: Partial<PodTemplate>, labels = { app: 'db' }) {
  const world = new KubernetesWorld();
  const pool = world.addPool('base', ['m5.large'], { desired: 1 });
  const container = {
    name: 'main',
    image: '',
    requests: { cpu: 100, memory: 512 * MIB },
    limits: {},
    hostPorts: [],
    isSidecar: false,
  };
  const pod = { ...PLAIN_POD, containers: [container], ...parts };
  const db = world.service('db', 100, { labels, pod });
  return { world, pool, db, host: world.addHost(pool), container };
}

const apart = {
  ...NO_AFFINITY,
  required: [
    {
      topologyKey: HOSTNAME,
      namespaces: [],
      selector: { matchLabels: { app: 'db' }, matchExpressions: [] },
    },
  ],
};

describe('constrained pods (kubernetes.md 5.3, 5.4)', () => {
  it('pods that keep off each other need a node each, and the node that is there takes one', () => {
    const { world, pool, db, host } = worldWith({ antiAffinity: apart });
    world.addRunning(db, host);
    world.addRefused(db, 3);
    expect(world.wake(world.autoscaler([pool]), LATER_US)).toEqual([
      { kind: 'set-pool-desired', pool, desired: 4 },
    ]);
  });

  it('pods that like those of namespaces with a label find them by the labels of namespaces', () => {
    const liking = {
      topologyKey: HOSTNAME,
      namespaces: [],
      namespaceSelector: { matchLabels: { team: 'a' }, matchExpressions: [] },
      selector: { matchLabels: { app: 'db' }, matchExpressions: [] },
    };
    const { world, pool, db, host } = worldWith({ namespace: 'data' });
    world.addRunning(db, host);
    const affinity = { ...NO_AFFINITY, required: [liking] };
    const pod = { ...PLAIN_POD, affinity };
    world.addRefused(world.service('near', 100, { pod }), 2);
    const decided = (namespaces: Map<string, Record<string, string>>) =>
      world.wake(world.autoscaler([pool], { namespaces }), LATER_US).length;
    // They fit beside it, and no new node would do: nothing is to be done either way, but only one way they have a place.
    expect(decided(new Map([['data', { team: 'a' }]]))).toBe(0);
    const snapshot = (labels: Record<string, string>) => {
      const podSpecs = new PodSpecs(world.cluster, new Map([['data', labels]]));
      const one = new ClusterSnapshot(world.cluster, podSpecs, [], 0);
      one.addHost(host);
      const spec = world.cluster.workloads.spec[world.cluster.workloads.count - 1]!;
      return one.firstFit({ spec, workload: world.cluster.workloads.count - 1, pool: -1 });
    };
    expect(snapshot({ team: 'a' })).toBe(0);
    expect(snapshot({ team: 'b' })).toBe(-1);
  });

  it('pods with one host port need a node each', () => {
    const { world, pool, db, container } = worldWith({});
    const hostPorts = [{ ip: '0.0.0.0', protocol: 'TCP', port: 8080 }];
    const pod = { ...PLAIN_POD, containers: [{ ...container, hostPorts }] };
    const web = world.service('web', 100, { pod });
    world.addRefused(web, 3);
    expect(db).not.toBe(web);
    // One finds room on the node that is there.
    expect(world.wake(world.autoscaler([pool]), LATER_US)).toEqual([
      { kind: 'set-pool-desired', pool, desired: 3 },
    ]);
  });

  it('a plain pod is kept off by one that keeps others off', () => {
    const { world, pool, db, host } = worldWith({ antiAffinity: apart });
    world.addRunning(db, host);
    const like = world.service('like', 100, { labels: { app: 'db' } });
    world.addRefused(like, 2);
    // Two plain pods share one new node.
    expect(world.wake(world.autoscaler([pool]), LATER_US)).toEqual([
      { kind: 'set-pool-desired', pool, desired: 2 },
    ]);
  });

  it('a node is needed when its pod may go nowhere else', () => {
    const { world, pool, db, host } = worldWith({ antiAffinity: apart });
    const other = world.addHost(pool);
    world.cluster.pools.desired[pool] = 2;
    world.addRunning(db, host);
    world.addRunning(db, other);
    expect(world.cluster.specs.cpuTicks[0]).toBe(100 * TICKS_PER_MILLI);
    const autoscaler = world.autoscaler([pool]);
    world.wake(autoscaler, LATER_US);
    expect(autoscaler.save().unneeded.nodes).toEqual([]);
  });
});
