/** The claims that a pod's volumes name. */

import type { Claim, Storage } from '../storage.ts';
import type { PluginName, Refusal } from '../status.ts';
import type { PodTemplate } from '../../../../cluster/pod-template.ts';

export function claimNames({ volumes }: PodTemplate): string[] {
  return volumes.flatMap((volume) => (volume.kind === 'claim' ? [volume.claim] : []));
}

export function claimOf(
  storage: Storage,
  { namespace }: PodTemplate,
  name: string,
): Claim | undefined {
  return storage.claims.get(`${namespace}/${name}`);
}

export function claimNotFound(name: string): string {
  return `persistentvolumeclaim "${name}" not found`;
}

/** Nothing but a change of the claims helps: preemption does not. */
export function hopeless(plugin: PluginName, reason: string): Refusal {
  return { code: 'UnschedulableAndUnresolvable', plugin, reasons: [reason] };
}
