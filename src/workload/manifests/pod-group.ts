/** A PodGroup of scheduling.x-k8s.io (kubernetes.md 1.13). */

import { TICKS_PER_MILLI } from '../../base/units.ts';
import { quantityOf } from './api-values.ts';
import type { ManifestObject } from './manifest-object.ts';
import type { PodGroupSpec } from '../../cluster/pod-group-spec.ts';

export function podGroupSpec({ cursor, namespace, name }: ManifestObject): PodGroupSpec {
  const spec = cursor.get('spec');
  const resources = spec.get('minResources');
  const timeout = spec.get('scheduleTimeoutSeconds');
  return {
    namespace,
    name,
    minMember: spec.get('minMember').whole(0),
    ...(timeout.isAbsent ? {} : { scheduleTimeoutS: timeout.whole(0) }),
    ...(resources.isAbsent
      ? {}
      : {
          minResources: {
            cpuTicks: (quantityOf(resources.get('cpu'), 'milli') ?? 0) * TICKS_PER_MILLI,
            memoryBytes: quantityOf(resources.get('memory'), 'unit') ?? 0,
          },
        }),
  };
}
