/** Queueing hints, plugin by plugin (kubernetes.md 1.2; the table there). */

import { ClusterBuilder } from '../../cluster-builder.ts';
import { NO_ROW } from '../../../../src/cluster/hosts.ts';
import { PLAIN_POD } from '../../../../src/cluster/pod-template.ts';
import { PluginHints } from '../../../../src/orchestration/kubernetes/queue/plugin-hints.ts';
import { TICKS_PER_CORE } from '../../../../src/base/units.ts';
import { describe, expect, it } from 'vitest';
import { rejectorBit } from '../../../../src/orchestration/kubernetes/queue/rejectors.ts';
import type { ClusterEvent } from '../../../../src/orchestration/kubernetes/queue/cluster-event.ts';
import type {
  ContainerTemplate,
  PodTemplate,
  PodTerm,
} from '../../../../src/cluster/pod-template.ts';
import type { RejectingPlugin } from '../../../../src/orchestration/kubernetes/queue/rejectors.ts';
import type { TaskSpec } from '../../../../src/cluster/spec.ts';

/** A key that nodes need not have. */
const RACK = 'rack';

/** Pods of one spec, refused by one plugin, in a cluster that changes. */
class Refused {
  readonly world = new ClusterBuilder();
  private readonly plugin: RejectingPlugin;
  private readonly hints = new PluginHints(this.world.cluster);
  private readonly workload: number;
  private readonly pool: number;

  constructor(plugin: RejectingPlugin, parts: Partial<TaskSpec> = {}, pool = NO_ROW) {
    this.plugin = plugin;
    this.workload = this.world.workload('job', { cpuTicks: TICKS_PER_CORE, ...parts });
    this.pool = pool;
  }

  hears(event: ClusterEvent): boolean {
    const bit = rejectorBit(this.plugin);
    const registered = (this.hints.registered(event) & bit) !== 0;
    const spec = this.world.cluster.workloads.spec[this.workload]!;
    const key = { spec, workload: this.workload, pool: this.pool, isNominated: false };
    return registered && this.hints.worthTrying(key, bit, event);
  }

  afterNode(parts: Parameters<ClusterBuilder['host']>[0] = {}): boolean {
    return this.hears({ kind: 'node-added', host: this.world.host(parts) });
  }

  afterChange(
    before: { labels?: Record<string, string>; taints?: TaskSpec['tolerations'] },
    after: typeof before,
  ): boolean {
    const host = this.world.host();
    const [from, to] = [before, after].map(({ labels = {}, taints = [] }) =>
      this.world.cluster.specs.kindRowOf({ labels, taints: taints as never }),
    );
    return this.hears({ kind: 'node-changed', host, before: from!, after: to! });
  }

  /** After a pod of such a spec came to a node, or left it. */
  afterPod(kind: 'pod-added' | 'pod-deleted', parts: Partial<TaskSpec> = {}): boolean {
    const task = this.world.pending(this.world.workload('job', parts));
    if (kind === 'pod-added') return this.hears({ kind, task });
    return this.hears({ kind, task, priorityMax: Infinity });
  }
}

const podOf = (parts: Partial<PodTemplate>): PodTemplate => ({ ...PLAIN_POD, ...parts });

const taint = (key: string) => ({ key, value: '', effect: 'NoSchedule' }) as const;

describe('NodeResourcesFit', () => {
  const refused = new Refused('NodeResourcesFit', { cpuTicks: 5 * TICKS_PER_CORE });

  it('says Queue when an assigned pod is gone, and nothing of one that came', () => {
    expect(refused.afterPod('pod-deleted')).toBe(true);
    expect(refused.afterPod('pod-added')).toBe(false);
  });

  it('says Queue when an assigned pod was resized to less', () => {
    const task = refused.world.pending(refused.world.workload('job', {}));
    expect(refused.hears({ kind: 'pod-scaled-down', task })).toBe(true);
  });

  it('says Queue for a new node that would hold the pod if it were empty', () => {
    expect(refused.afterNode({ cpuAllocatableTicks: 4 * TICKS_PER_CORE })).toBe(false);
    expect(refused.afterNode({ cpuAllocatableTicks: 5 * TICKS_PER_CORE })).toBe(true);
    expect(refused.afterNode({ cpuAllocatableTicks: 9 * TICKS_PER_CORE, slots: 0 })).toBe(false);
  });

  it('does not hear of labels and taints', () => {
    expect(refused.afterChange({ labels: { a: 'b' } }, {})).toBe(false);
  });
});

describe('NodeAffinity', () => {
  const refused = new Refused('NodeAffinity', { nodeSelector: { disk: 'fast' } });

  it('says Queue for a new node that matches, and for one that does since its labels changed', () => {
    expect(refused.afterNode()).toBe(false);
    expect(refused.afterNode({ labels: { disk: 'fast' } })).toBe(true);
    expect(refused.afterChange({}, { labels: { disk: 'fast' } })).toBe(true);
    expect(refused.afterChange({ labels: { disk: 'fast' } }, { labels: {} })).toBe(false);
    const both = { disk: 'fast', more: '' };
    expect(refused.afterChange({ labels: { disk: 'fast' } }, { labels: both })).toBe(false);
  });

  it('takes the pool that a pod was sent to for a node selector', () => {
    const sent = new Refused('NodeAffinity', {}, 1);
    const pool = sent.world.pool('asg');
    expect([sent.afterNode({ pool: 0 }), sent.afterNode({ pool })]).toEqual([false, true]);
  });

  it('does not hear of pods', () => {
    expect(refused.afterPod('pod-deleted')).toBe(false);
  });
});

describe('TaintToleration', () => {
  const toleration = { key: 'gpu', operator: 'Exists', value: '', effect: '' } as const;
  const refused = new Refused('TaintToleration', { tolerations: [toleration] });

  it('says Queue for a new node whose taints are tolerated', () => {
    expect(refused.afterNode({ taints: [taint('gpu')] })).toBe(true);
    expect(refused.afterNode({ taints: [taint('gpu'), taint('other')] })).toBe(false);
  });

  it('says Queue when taints that were not tolerated are', () => {
    const [other, gpu] = [taint('other'), taint('gpu')].map((one) => ({ taints: [one] as never }));
    expect(refused.afterChange(other!, gpu!)).toBe(true);
    expect(refused.afterChange(gpu!, {})).toBe(false);
    expect(refused.afterChange(gpu!, other!)).toBe(false);
  });
});

describe('NodeUnschedulable, NodeName and the volume plugins that look for a place', () => {
  it('say Queue for any new node', () => {
    const plugins = ['NodeUnschedulable', 'NodeName', 'VolumeBinding', 'VolumeZone'] as const;
    for (const plugin of plugins) {
      expect(new Refused(plugin).afterNode()).toBe(true);
      expect(new Refused(plugin).afterPod('pod-deleted')).toBe(false);
    }
  });

  it('say Queue for changed labels where the place of a volume hangs on them', () => {
    expect(new Refused('VolumeZone').afterChange({}, { labels: { a: 'b' } })).toBe(true);
    expect(new Refused('NodeName').afterChange({}, { labels: { a: 'b' } })).toBe(false);
  });
});

describe('NodePorts', () => {
  const withPort = (port: number, ip = '0.0.0.0'): Partial<TaskSpec> => {
    const container: ContainerTemplate = {
      name: 'web',
      image: '',
      requests: {},
      limits: {},
      hostPorts: [{ ip, protocol: 'TCP', port }],
      isSidecar: false,
    };
    return { pod: podOf({ containers: [container] }) };
  };
  const refused = new Refused('NodePorts', withPort(80, '10.0.0.1'));

  it('says Queue when an assigned pod that held a wanted port is gone', () => {
    expect(refused.afterPod('pod-deleted', withPort(81))).toBe(false);
    expect(refused.afterPod('pod-deleted', withPort(80, '10.0.0.2'))).toBe(false);
    expect(refused.afterPod('pod-deleted', withPort(80))).toBe(true);
    expect(refused.afterPod('pod-added', withPort(80))).toBe(false);
  });

  it('says Queue for any new node', () => {
    expect(refused.afterNode()).toBe(true);
  });
});

describe('VolumeRestrictions and NodeVolumeLimits', () => {
  const claim = (name: string, namespace = 'default'): Partial<TaskSpec> => ({
    pod: podOf({ namespace, volumes: [{ kind: 'claim', claim: name }] }),
  });
  const disk = (id: string): Partial<TaskSpec> => ({
    pod: podOf({ volumes: [{ kind: 'disk', driver: 'ebs', id, isReadOnly: false }] }),
  });

  it('say Queue when a pod with the same claim or disk, or with any claim, is gone', () => {
    const shares = new Refused('VolumeRestrictions', claim('data'));
    expect(shares.afterPod('pod-deleted', claim('data'))).toBe(true);
    expect(shares.afterPod('pod-deleted', claim('data', 'other'))).toBe(false);
    expect(shares.afterPod('pod-deleted', claim('logs'))).toBe(false);
    expect(new Refused('VolumeRestrictions', disk('a')).afterPod('pod-deleted', disk('a'))).toBe(
      true,
    );
    const limited = new Refused('NodeVolumeLimits', claim('data'));
    expect(limited.afterPod('pod-deleted', claim('logs'))).toBe(true);
    expect(limited.afterPod('pod-deleted')).toBe(false);
  });
});

describe('PodTopologySpread', () => {
  const spread: PodTemplate['topologySpread'] = [
    {
      topologyKey: RACK,
      maxSkew: 1,
      whenUnsatisfiable: 'DoNotSchedule',
      selector: { matchLabels: { app: 'web' }, matchExpressions: [] },
      minDomains: 1,
      nodeAffinityPolicy: 'Honor',
      nodeTaintsPolicy: 'Ignore',
    },
  ];
  const refused = new Refused('PodTopologySpread', { pod: podOf({ topologySpread: spread }) });
  const web = (namespace: string): Partial<TaskSpec> => ({
    labels: { app: 'web' },
    pod: podOf({ namespace }),
  });

  it('says Queue when a pod of the namespace that a selector matches comes or goes', () => {
    for (const kind of ['pod-added', 'pod-deleted'] as const) {
      expect(refused.afterPod(kind, web('default'))).toBe(true);
      expect(refused.afterPod(kind, web('other'))).toBe(false);
      expect(refused.afterPod(kind, { labels: { app: 'db' } })).toBe(false);
    }
  });

  it('says Queue when a node with all keys comes or goes, moves or has other taints', () => {
    expect(refused.afterNode()).toBe(false);
    expect(refused.afterNode({ labels: { [RACK]: 'a' } })).toBe(true);
    const host = refused.world.host({ labels: { [RACK]: 'a' } });
    expect(refused.hears({ kind: 'node-deleted', host })).toBe(true);
    const [a, b] = ['a', 'b'].map((zone) => ({ labels: { [RACK]: zone } }));
    expect(refused.afterChange(a!, b!)).toBe(true);
    expect(refused.afterChange(a!, {})).toBe(true);
    expect(refused.afterChange(a!, { labels: { [RACK]: 'a', more: '' } })).toBe(false);
    expect(refused.afterChange(a!, { ...a!, taints: [taint('x')] as never })).toBe(true);
  });

  it('counts pods of their own workload for tasks that name no template', () => {
    const constraint = {
      topologyKey: RACK,
      maxSkew: 1,
      whenUnsatisfiable: 'DoNotSchedule',
    } as const;
    const plain = new Refused('PodTopologySpread', { spread: [constraint] });
    const own = plain.world.pending(0);
    expect(plain.hears({ kind: 'pod-deleted', task: own, priorityMax: Infinity })).toBe(true);
    expect(plain.afterPod('pod-deleted')).toBe(false);
  });
});

describe('InterPodAffinity', () => {
  const term = (app: string, parts: Partial<PodTerm> = {}): PodTerm => ({
    topologyKey: RACK,
    selector: { matchLabels: { app }, matchExpressions: [] },
    namespaces: [],
    ...parts,
  });
  const labelled = (app: string) => ({ labels: { app }, pod: podOf({}) });
  const near = new Refused('InterPodAffinity', {
    pod: podOf({ affinity: { required: [term('db')], preferred: [] } }),
  });
  const away = new Refused('InterPodAffinity', {
    labels: { app: 'web' },
    pod: podOf({ antiAffinity: { required: [term('db'), term('cache')], preferred: [] } }),
  });

  it('says Queue when a pod comes that matches all terms of affinity', () => {
    expect(near.afterPod('pod-added', labelled('db'))).toBe(true);
    expect(near.afterPod('pod-added', labelled('web'))).toBe(false);
    expect(near.afterPod('pod-deleted', labelled('db'))).toBe(false);
  });

  it('says Queue when a pod goes that anti-affinity matched, its own or that of the pod', () => {
    const one = new Refused('InterPodAffinity', {
      labels: { app: 'web' },
      pod: podOf({ antiAffinity: { required: [term('db')], preferred: [] } }),
    });
    expect(one.afterPod('pod-deleted', labelled('db'))).toBe(true);
    expect(one.afterPod('pod-added', labelled('db'))).toBe(false);
    const hates = { pod: podOf({ antiAffinity: { required: [term('web')], preferred: [] } }) };
    expect(one.afterPod('pod-deleted', hates)).toBe(true);
    // As the real code: all terms must match the pod that is gone.
    expect(away.afterPod('pod-deleted', labelled('db'))).toBe(false);
  });

  it('says Queue for a new node with the key of affinity, and for any with anti-affinity', () => {
    expect(near.afterNode()).toBe(false);
    expect(near.afterNode({ labels: { [RACK]: 'a' } })).toBe(true);
    expect(away.afterNode()).toBe(true);
  });

  it('says Queue when a node gains a key of affinity, loses one of anti-affinity, or moves', () => {
    const [a, b] = ['a', 'b'].map((zone) => ({ labels: { [RACK]: zone } }));
    expect([near.afterChange({}, a!), near.afterChange(a!, b!)]).toEqual([true, true]);
    expect([near.afterChange(a!, {}), near.afterChange(a!, a!)]).toEqual([false, false]);
    expect([away.afterChange(a!, {}), away.afterChange(a!, b!)]).toEqual([true, true]);
    expect(away.afterChange({}, a!)).toBe(false);
  });
});
