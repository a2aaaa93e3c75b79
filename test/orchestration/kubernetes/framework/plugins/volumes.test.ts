import { describe, expect, it } from 'vitest';
import { BARE } from '../../../../../src/orchestration/kubernetes/framework/surroundings.ts';
import { CycleFilters } from '../../../../../src/orchestration/kubernetes/framework/cycle-filters.ts';
import { node, pod, ZONE } from '../pods-and-nodes.ts';
import { nodeVolumeLimits } from '../../../../../src/orchestration/kubernetes/framework/plugins/node-volume-limits.ts';
import { NominatedPods } from '../../../../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { volumeBinding } from '../../../../../src/orchestration/kubernetes/framework/plugins/volume-binding.ts';
import { volumeRestrictions } from '../../../../../src/orchestration/kubernetes/framework/plugins/volume-restrictions.ts';
import { volumeZone } from '../../../../../src/orchestration/kubernetes/framework/plugins/volume-zone.ts';
import type {
  Claim,
  Storage,
  StorageClass,
  Volume,
} from '../../../../../src/orchestration/kubernetes/framework/storage.ts';
import type { FilterPlugin } from '../../../../../src/orchestration/kubernetes/framework/plugin.ts';
import type { NodeInfo } from '../../../../../src/orchestration/kubernetes/framework/node-info.ts';
import type { PodInfo } from '../../../../../src/orchestration/kubernetes/framework/pod-info.ts';
import type { PodVolume } from '../../../../../src/cluster/pod-template.ts';

const GIB = 1024 ** 3;

function claim(name: string, rest: Partial<Claim> = {}): Claim {
  return {
    namespace: 'default',
    name,
    uid: `uid-${name}`,
    storageClass: '',
    volume: '',
    isBound: rest.volume !== undefined,
    isLost: false,
    isDeleted: false,
    storageBytes: GIB,
    accessModes: ['ReadWriteOnce'],
    mode: 'Filesystem',
    ...rest,
  };
}

function volume(name: string, rest: Partial<Volume> = {}): Volume {
  return {
    name,
    labels: {},
    storageClass: '',
    storageBytes: GIB,
    accessModes: ['ReadWriteOnce'],
    mode: 'Filesystem',
    isAvailable: true,
    isDeleted: false,
    ...rest,
  };
}

const LATE: StorageClass = {
  name: 'late',
  provisioner: 'disk.example',
  bindingMode: 'WaitForFirstConsumer',
  allowedTopologies: [],
};

interface Stored {
  readonly claims?: readonly Claim[];
  readonly volumes?: readonly Volume[];
  readonly classes?: readonly StorageClass[];
  readonly limits?: Storage['attachLimits'];
}

function stored({ claims = [], volumes = [], classes = [], limits = new Map() }: Stored): Storage {
  return {
    claims: new Map(claims.map((one) => [`${one.namespace}/${one.name}`, one])),
    volumes: new Map(volumes.map((one) => [one.name, one])),
    classes: new Map(classes.map((one) => [one.name, one])),
    attachLimits: limits,
  };
}

function using(name: string, ...claims: readonly string[]): PodInfo {
  const volumes = claims.map((one): PodVolume => ({ kind: 'claim', claim: one }));
  return pod(name, { template: { volumes } });
}

function says(plugin: FilterPlugin, storage: Storage, incoming: PodInfo, one: NodeInfo) {
  const start = CycleFilters.begin([plugin], incoming, [one], { ...BARE, storage });
  return start.refusal ?? start.filters.refusalOf(one, new NominatedPods());
}

function reachableFrom(name: string): Pick<Volume, 'nodeTerms'> {
  const expression = { key: 'kubernetes.io/hostname', operator: 'In' as const, values: [name] };
  return { nodeTerms: [{ expressions: [expression], fields: [] }] };
}

it('holds no pod back where claims are not modelled', () => {
  for (const plugin of [volumeRestrictions, nodeVolumeLimits, volumeBinding, volumeZone]) {
    expect(plugin.preFilter!(using('i', 'data'), [node('n')], BARE)).toEqual({});
  }
});

describe('VolumeRestrictions', () => {
  const disk = (driver: 'ebs' | 'iscsi' | 'rbd', isReadOnly: boolean, monitors?: string[]) => {
    const one = { kind: 'disk' as const, driver, id: 'd', isReadOnly };
    return pod('p', { template: { volumes: [monitors ? { ...one, monitors } : one] } });
  };
  const collide = (there: PodInfo, comes: PodInfo): boolean => {
    const one = node('n');
    one.add(there);
    return says(volumeRestrictions, stored({}), comes, one) !== undefined;
  };

  it('lets two pods share a disk only as readers, and an RBD image unless they share a monitor (1.8)', () => {
    expect(collide(disk('iscsi', true), disk('iscsi', true))).toBe(false);
    expect(collide(disk('iscsi', true), disk('iscsi', false))).toBe(true);
    expect(collide(disk('ebs', false), disk('ebs', false))).toBe(true);
    expect(collide(disk('rbd', false, ['a', 'b']), disk('rbd', false, ['b']))).toBe(true);
    expect(collide(disk('rbd', false, ['a']), disk('rbd', false, ['b']))).toBe(false);
  });

  it('refuses every node while another pod uses a ReadWriteOncePod claim; preemption may help (1.8)', () => {
    const storage = stored({ claims: [claim('alone', { accessModes: ['ReadWriteOncePod'] })] });
    const [holder, free] = [node('a'), node('b')];
    const there = using('there', 'alone');
    holder.add(there);
    const around = { ...BARE, storage };
    const incoming = using('i', 'alone');
    const { filters } = CycleFilters.begin([volumeRestrictions], incoming, [holder, free], around);
    expect(filters.refusalOf(free, new NominatedPods())?.code).toBe('Unschedulable');
    const after = filters.copy();
    after.remove(there, holder.clone());
    expect(after.refusalOf(free, new NominatedPods())).toBeUndefined();
    expect(filters.refusalOf(free, new NominatedPods())).toBeDefined();
  });
});

describe('NodeVolumeLimits', () => {
  const csi = (name: string) =>
    volume(`v-${name}`, { csi: { driver: 'disk.example', handle: name } });
  const storage = stored({
    claims: [
      claim('a', { volume: 'v-a' }),
      claim('b', { volume: 'v-b' }),
      claim('new', { storageClass: 'late' }),
    ],
    volumes: [csi('a'), csi('b')],
    classes: [LATE],
    limits: new Map([['n', new Map([['disk.example', 1]])]]),
  });
  const withA = node('n');
  withA.add(using('there', 'a'));

  it('counts a volume once however many pods use it (1.8)', () => {
    expect(says(nodeVolumeLimits, storage, using('i', 'a'), withA)).toBeUndefined();
    expect(says(nodeVolumeLimits, storage, using('i', 'b'), withA)).toMatchObject({
      code: 'Unschedulable',
      reasons: ['node(s) exceed max volume count'],
    });
  });

  it('counts a volume that is still to be made (1.8)', () => {
    expect(says(nodeVolumeLimits, storage, using('i', 'new'), withA)).toBeDefined();
    expect(says(nodeVolumeLimits, storage, using('i', 'new'), node('n'))).toBeUndefined();
  });

  it('counts what is attached without a pod of the node (1.8)', () => {
    const attached = new Map([['n', [{ driver: 'disk.example', handle: 'of nobody' }]]]);
    const around = { ...storage, attached };
    expect(says(nodeVolumeLimits, around, using('i', 'a'), node('n'))).toBeDefined();
    // The pod there uses it: once.
    const same = new Map([['n', [{ driver: 'disk.example', handle: 'a' }]]]);
    expect(
      says(nodeVolumeLimits, { ...storage, attached: same }, using('i', 'a'), withA),
    ).toBeUndefined();
  });

  it('counts in-tree disks as those of the driver that has taken them over (1.8)', () => {
    const ebs = (name: string, id: string): PodInfo =>
      pod(name, {
        template: { volumes: [{ kind: 'disk', driver: 'ebs', id, isReadOnly: false }] },
      });
    const limits = new Map([['n', new Map([['ebs.csi.aws.com', 1]])]]);
    const one = node('n');
    one.add(ebs('there', 'vol-1'));
    expect(says(nodeVolumeLimits, stored({ limits }), ebs('i', 'aws://z/vol-1'), one)).toBe(
      undefined,
    );
    expect(says(nodeVolumeLimits, stored({ limits }), ebs('i', 'vol-2'), one)).toBeDefined();
  });

  it('knows no limit where the node states none (1.8)', () => {
    const other = node('other');
    other.add(using('there', 'a'));
    expect(says(nodeVolumeLimits, storage, using('i', 'b'), other)).toBeUndefined();
  });
});

describe('VolumeZone', () => {
  const inZones = (value: string) =>
    stored({
      claims: [claim('c', { volume: 'v' })],
      volumes: [volume('v', { labels: { 'failure-domain.beta.kubernetes.io/zone': value } })],
    });
  const inZone = (zone: string) => node('n', { [ZONE]: zone });

  it('keeps a pod to the zones of its volume, by old labels or new (1.8)', () => {
    expect(says(volumeZone, inZones('z1__z2'), using('i', 'c'), inZone('z2'))).toBeUndefined();
    expect(says(volumeZone, inZones('z1'), using('i', 'c'), inZone('z2'))).toMatchObject({
      code: 'UnschedulableAndUnresolvable',
      reasons: ['node(s) had no available volume zone'],
    });
  });

  it('passes nodes without any label of place (1.8)', () => {
    expect(says(volumeZone, inZones('z1'), using('i', 'c'), node('n'))).toBeUndefined();
  });
});

describe('VolumeBinding', () => {
  const bindOn = (storage: Storage, one: NodeInfo, ...claims: string[]) =>
    says(volumeBinding, storage, using('i', ...claims), one)?.reasons;

  it('keeps a pod to the nodes that reach its bound volume (1.8)', () => {
    const storage = stored({
      claims: [claim('c', { volume: 'v' })],
      volumes: [volume('v', reachableFrom('a'))],
    });
    expect(bindOn(storage, node('a'), 'c')).toBeUndefined();
    expect(bindOn(storage, node('b'), 'c')).toEqual([
      "node(s) didn't match PersistentVolume's node affinity",
    ]);
  });

  it('fits nowhere before a claim that binds at once is bound, or one that is missing (1.8)', () => {
    const immediate = { ...LATE, name: 'fast', bindingMode: 'Immediate' as const };
    const storage = stored({
      claims: [claim('c', { storageClass: 'fast' })],
      classes: [immediate],
    });
    expect(bindOn(storage, node('a'), 'c')).toEqual([
      'pod has unbound immediate PersistentVolumeClaims',
    ]);
    expect(bindOn(storage, node('a'), 'gone')).toEqual(['persistentvolumeclaim "gone" not found']);
  });

  it('finds each waiting claim a free volume of its own, the smallest that is large enough (1.8)', () => {
    const local = { ...LATE, name: 'local', provisioner: 'kubernetes.io/no-provisioner' };
    const ofClass = { storageClass: 'local' };
    const storage = stored({
      claims: [claim('x', ofClass), claim('y', { ...ofClass, storageBytes: 3 * GIB })],
      volumes: [
        volume('large', { ...ofClass, ...reachableFrom('a'), storageBytes: 4 * GIB }),
        volume('small', { ...ofClass, ...reachableFrom('a') }),
        volume('elsewhere', { ...ofClass, ...reachableFrom('b'), storageBytes: 9 * GIB }),
      ],
      classes: [local],
    });
    // x takes `small`, so that y still finds `large`; on b one volume is there for two claims.
    expect(bindOn(storage, node('a'), 'y', 'x')).toBeUndefined();
    expect(bindOn(storage, node('b'), 'y')).toBeUndefined();
    expect(bindOn(storage, node('b'), 'y', 'x')).toEqual([
      "node(s) didn't find available persistent volumes to bind",
    ]);
  });

  it('has a volume made only where the class allows (1.8)', () => {
    const zones = [{ key: ZONE, operator: 'In' as const, values: ['z1'] }];
    const storage = stored({
      claims: [claim('c', { storageClass: 'late' })],
      classes: [{ ...LATE, allowedTopologies: [zones] }],
    });
    expect(bindOn(storage, node('a', { [ZONE]: 'z1' }), 'c')).toBeUndefined();
    expect(bindOn(storage, node('b', { [ZONE]: 'z2' }), 'c')).toBeDefined();
  });

  it('waits for the node for which a volume is being made (1.8)', () => {
    const storage = stored({
      claims: [claim('c', { storageClass: 'late', selectedNode: 'a' })],
      classes: [LATE],
    });
    expect(bindOn(storage, node('a'), 'c')).toBeUndefined();
    expect(bindOn(storage, node('b'), 'c')).toBeDefined();
  });
});
