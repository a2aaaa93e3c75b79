/** `storageClasses` of a scenario, and `volumes` of a service (kubernetes.md 1.8, 3.3). */

import { z } from 'zod';
import { EBS_DRIVER } from '../orchestration/kubernetes/volumes/provisioners.ts';
import type { ClaimTemplate } from '../cluster/pod-template.ts';
import type { StorageClassSpec } from '../cluster/storage-specs.ts';
import { bytes, name } from './schema-quantity.ts';

const storageClass = z
  .strictObject({
    provisioner: z
      .string()
      .min(1)
      .prefault(EBS_DRIVER)
      .describe('What makes the volumes: the EBS driver, or another by its name.'),
    binding: z
      .enum(['Immediate', 'WaitForFirstConsumer'])
      .prefault('WaitForFirstConsumer')
      .describe(
        'Whether a volume is made as soon as it is claimed, in a zone of its own choice, or in the zone of the node that is chosen for its first pod.',
      ),
    zones: z
      .array(z.string())
      .prefault([])
      .describe('Zones in which volumes may be made; left out, all.'),
    reclaim: z
      .enum(['Delete', 'Retain'])
      .prefault('Delete')
      .describe('Whether a volume goes with its claim, and is paid for no longer.'),
    type: z
      .enum(['gp2', 'gp3'])
      .prefault('gp3')
      .describe('Type of the EBS volumes, for their price.'),
    default: z.boolean().prefault(false).describe('The class of volumes that name none.'),
  })
  .transform(({ provisioner, binding, zones, reclaim, type, default: isDefault }) => {
    return { provisioner, isDefault, bindingMode: binding, reclaim, volumeType: type, zones };
  });

/** A class; its zones by their short names. */
type OwnClass = Omit<StorageClassSpec, 'allowedTerms'> & { readonly zones: readonly string[] };

export const storageClasses = z
  .record(name, storageClass)
  .transform((map): readonly OwnClass[] =>
    Object.entries(map).map(([key, value]) => ({ ...value, name: key })),
  );

const claim = z
  .strictObject({
    name: name.describe('Name of the volume.'),
    size: bytes.describe('Size of the volume.'),
    class: z
      .exactOptional(z.string())
      .describe('Name of its storage class; left out, the default one, else EBS gp3.'),
    access: z
      .enum(['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany'])
      .prefault('ReadWriteOnce')
      .describe('How many nodes, or pods, may use it at a time.'),
  })
  .transform(({ name: own, size, class: storageClassName, access }): ClaimTemplate => {
    return {
      name: own,
      storageBytes: size,
      accessModes: [access],
      ...(storageClassName === undefined ? {} : { storageClass: storageClassName }),
    };
  });

export const volumesKey = z
  .array(claim)
  .prefault([])
  .describe(
    'Volumes that each replica has for itself (Kubernetes): with `statefulSet` its successor takes them over, else they go with it.',
  );
