/** A Node, as `kubectl get nodes -o yaml` tells it. */

import type { NodeSpec } from '../../cluster/node-spec.ts';
import type { Taint } from '../../cluster/spec.ts';
import { amountsOf } from './api-values.ts';
import type { ManifestObject } from './manifest-object.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

export function nodeSpec({ cursor, name }: ManifestObject): NodeSpec {
  const spec = cursor.get('spec');
  const status = cursor.get('status');
  const capacity = amountsOf(status.get('capacity'));
  const allocatable = status.get('allocatable');
  return {
    name,
    labels: cursor.get('metadata').get('labels').textMap(),
    taints: spec.get('taints').items().map(taintOf),
    isUnschedulable: spec.get('unschedulable').flag(),
    capacity,
    allocatable: allocatable.isAbsent ? capacity : amountsOf(allocatable),
  };
}

function taintOf(taint: YamlCursor): Taint {
  return {
    key: taint.get('key').text(),
    value: taint.get('value').text(),
    effect: taint.get('effect').oneOf(EFFECTS, 'NoSchedule'),
  };
}
