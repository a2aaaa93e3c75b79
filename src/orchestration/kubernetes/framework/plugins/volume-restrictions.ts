/**
 * VolumeRestrictions (kubernetes.md 1.8): disks that two pods may not share on one node, and claims that one pod alone may use.
 *
 *   disks     the same EBS volume; the same GCE, iSCSI or RBD disk unless both only read it. Asked of the node's own pods
 *   claims    ReadWriteOncePod and in use by a pod of any node: no node will do until that pod is gone
 *
 * Quirk       pods that come or go within a cycle count by the name of their claim, whatever its namespace.
 */

import { claimNames, claimNotFound, claimOf, hopeless } from './pod-claims.ts';
import type { FilterPlugin } from '../plugin.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodVolume } from '../../../../cluster/pod-template.ts';
import type { Refusal, PluginName } from '../status.ts';

type Disk = Extract<PodVolume, { kind: 'disk' }>;

export interface RestrictionsState {
  readonly disks: readonly Disk[];
  /** Claims of the pod for one pod alone, and how many pods use one of them. */
  readonly exclusive: ReadonlySet<string>;
  users: number;
}

const NAME: PluginName = 'VolumeRestrictions';

function refusal(reason: string): Refusal {
  return { code: 'Unschedulable', plugin: NAME, reasons: [reason] };
}

const DISK_IN_USE = refusal('node(s) had no available disk');
const CLAIM_IN_USE = refusal(
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
);

export const volumeRestrictions: FilterPlugin<RestrictionsState> = {
  name: NAME,

  preFilter({ spec: { template } }, nodes, { storage }) {
    const disks = template.volumes.filter((volume) => volume.kind === 'disk');
    const exclusive = new Set<string>();
    for (const name of storage === undefined ? [] : claimNames(template)) {
      const claim = claimOf(storage!, template, name);
      if (claim === undefined) return { refusal: hopeless(NAME, claimNotFound(name)) };
      if (claim.accessModes.includes('ReadWriteOncePod')) exclusive.add(name);
    }
    const users = inUse(exclusive, template.namespace, nodes);
    return disks.length === 0 && users === 0 ? {} : { state: { disks, exclusive, users } };
  },

  filter(_pod, { pods }, { disks, users }) {
    const isTaken = pods.some(({ spec }) =>
      spec.template.volumes.some(
        (volume) => volume.kind === 'disk' && disks.some((disk) => collide(disk, volume)),
      ),
    );
    if (isTaken) return DISK_IN_USE;
    return users > 0 ? CLAIM_IN_USE : undefined;
  },

  copy: (state) => ({ ...state }),

  podAdded(state, _pod, added) {
    for (const name of claimNames(added.spec.template))
      if (state.exclusive.has(name)) state.users++;
  },

  podRemoved(state, _pod, removed) {
    for (const name of claimNames(removed.spec.template)) {
      if (state.exclusive.has(name)) state.users--;
    }
  },
};

/** How many of the claims some pod uses. */
function inUse(claims: ReadonlySet<string>, namespace: string, nodes: readonly NodeInfo[]): number {
  if (claims.size === 0) return 0;
  const used = new Set<string>();
  for (const { pods } of nodes) {
    for (const { spec } of pods) {
      if (spec.template.namespace !== namespace) continue;
      for (const name of claimNames(spec.template)) if (claims.has(name)) used.add(name);
    }
  }
  return used.size;
}

function collide(a: Disk, b: Disk): boolean {
  if (a.driver !== b.driver || a.id !== b.id || (a.isReadOnly && b.isReadOnly)) return false;
  return a.driver !== 'rbd' || (a.monitors ?? []).some((monitor) => b.monitors?.includes(monitor));
}
