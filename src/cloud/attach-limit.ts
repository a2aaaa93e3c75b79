/**
 * How many EBS volumes pods may have attached to an instance, as the driver tells the scheduler (kubernetes.md 1.8,
 * NodeVolumeLimits):
 *
 *     Nitro   attachments - root volume - network interface - local NVMe disks
 *     Xen     attachments - root volume
 *
 * Departs    local disks count as one, since the catalogue states their size and not their number; further interfaces that the
 *            network plugin attaches later are not known to the driver either.
 */

import type { AssumedParameters } from './assumptions.ts';
import type { InstanceType } from './instance-type.ts';

export function attachableVolumes(
  { hypervisor, localNvmeGb }: InstanceType,
  parameters: AssumedParameters,
): number {
  if (hypervisor === 'xen') return parameters.get('ebs.xen-attachments') - 1;
  const localDisks = (localNvmeGb ?? 0) > 0 ? 1 : 0;
  return Math.max(0, parameters.get('ebs.nitro-attachments') - 2 - localDisks);
}
