/**
 * Hints of the plugins that look at what a node has left.
 *
 *   NodeResourcesFit     an assigned pod is gone, or was resized to less; a node was added that would hold the pod if nothing else
 *                        ran there
 *   NodePorts            an assigned pod is gone that held a wanted host port; any node was added
 *   VolumeRestrictions   an assigned pod is gone that used the same disk or claim; any node was added
 *   NodeVolumeLimits     an assigned pod is gone that used a claim; any node was added, with its limits
 *   VolumeBinding, VolumeZone   any node was added or changed; one of the pod's claims changed; a volume came, or is free again
 *                               for one of its claims
 *
 * Attached  a volume that comes off a node makes room for others: NodeVolumeLimits hears of it (VolumeAttachment deleted)
 * Departs   nodes are not resized, and classes of storage do not change, while a run goes on.
 */

import { always } from './plugin-hint.ts';
import { ATTACHMENT, VOLUME_STATE } from '../../../../cluster/storage.ts';
import { NO_ROW } from '../../../../cluster/hosts.ts';
import { collide, hostPortsOf } from '../../framework/host-ports.ts';
import type { PluginHint } from './plugin-hint.ts';
import type { PodSpecInfo } from '../../framework/pod-info.ts';
import type { PodVolume } from '../../../../cluster/pod-template.ts';

export const nodeResourcesFitHint: PluginHint = {
  'pod-deleted': always,
  'pod-scaled-down': always,
  'node-added': ({ key }, { host }, { view: { specs, hosts } }) => {
    return (
      hosts.slotsAllocatable[host]! >= 1 &&
      specs.cpuTicks[key.spec]! <= hosts.cpuAllocatable[host]! &&
      specs.memoryBytes[key.spec]! <= hosts.memoryAllocatable[host]! &&
      specs.gpuCount[key.spec]! <= hosts.gpuCount[host]!
    );
  },
};

export const nodePortsHint: PluginHint = {
  'node-added': always,
  'pod-deleted': (refused, { task }, { infoOf }) => {
    const wanted = hostPortsOf(refused.info().template);
    const held = hostPortsOf(infoOf(task).template);
    return held.some((port) => wanted.some((other) => collide(port, other)));
  },
};

export const volumeRestrictionsHint: PluginHint = {
  'node-added': always,
  'pod-deleted': (refused, { task }, { infoOf }) => sharesVolume(refused.info(), infoOf(task)),
};

export const nodeVolumeLimitsHint: PluginHint = {
  'node-added': always,
  'pod-deleted': (_refused, { task }, { infoOf }) => {
    return infoOf(task).template.volumes.some(({ kind }) => kind === 'claim');
  },
  'storage-changed': (_refused, { volume }, { view: { storage } }) =>
    volume !== NO_ROW && storage.volumes.attachment[volume] === ATTACHMENT.none,
};

export const volumePlaceHint: PluginHint = {
  'node-added': always,
  'node-changed': always,
  'storage-changed': ({ key }, { volume, claim }, { view: { storage } }) =>
    key.claims?.includes(claim) === true ||
    (volume !== NO_ROW && storage.volumes.state[volume] === VOLUME_STATE.available),
};

function sharesVolume({ template: a }: PodSpecInfo, { template: b }: PodSpecInfo): boolean {
  return (
    a.namespace === b.namespace && a.volumes.some((one) => b.volumes.some((two) => same(one, two)))
  );
}

function same(a: PodVolume, b: PodVolume): boolean {
  if (a.kind === 'claim') return b.kind === 'claim' && a.claim === b.claim;
  if (a.kind !== 'disk' || b.kind !== 'disk') return false;
  return a.driver === b.driver && a.id === b.id;
}
