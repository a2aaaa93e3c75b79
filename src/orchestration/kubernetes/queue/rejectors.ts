/** Plugins that refuse pods, as bits: the rejectors of a pod are a number. */

import type { PluginName } from '../framework/status.ts';

/** Those that can refuse a pod, or pods that are back from the real code's list. */
const REJECTING = [
  'NodeUnschedulable',
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'NodePorts',
  'NodeResourcesFit',
  'VolumeRestrictions',
  'NodeVolumeLimits',
  'VolumeBinding',
  'VolumeZone',
  'PodTopologySpread',
  'InterPodAffinity',
  'Coscheduling',
] as const satisfies readonly PluginName[];

export type RejectingPlugin = (typeof REJECTING)[number];

export function rejectorBit(plugin: RejectingPlugin): number {
  return 1 << REJECTING.indexOf(plugin);
}

/** The bits of those among the plugins that can refuse a pod. */
export function rejectorBits(plugins: Iterable<PluginName>): number {
  let bits = 0;
  for (const plugin of plugins) {
    const at = (REJECTING as readonly PluginName[]).indexOf(plugin);
    if (at >= 0) bits |= 1 << at;
  }
  return bits;
}
