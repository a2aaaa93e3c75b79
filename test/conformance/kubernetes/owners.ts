/** Services and controllers, from which the system's default spreading takes its selector. */

import type { Json } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { APPS, TIERS } from './vocabulary.ts';

export interface OwnerObjects {
  readonly services: readonly Json[];
  readonly replicationControllers: readonly Json[];
  readonly replicaSets: readonly Json[];
  readonly statefulSets: readonly Json[];
}

export function drawOwners(draw: Draw): OwnerObjects {
  const drawMap = (): { [key: string]: Json } =>
    draw.chance(0.8) ? { app: draw.pick(APPS) } : { tier: draw.pick(TIERS) };
  const service = (name: string): Json => ({
    metadata: { name, namespace: 'default' },
    spec: draw.chance(0.9) ? { selector: drawMap() } : {},
  });
  const set = (name: string): Json => ({
    metadata: { name, namespace: 'default', uid: `uid-${name}` },
    spec: {
      selector: draw.chance(0.7)
        ? { matchLabels: drawMap() }
        : { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
    },
  });
  return {
    services: ['front-door', 'back-door'].slice(0, draw.int(0, 2)).map(service),
    replicationControllers: [
      {
        metadata: { name: 'rc', namespace: 'default', uid: 'uid-rc' },
        spec: { selector: drawMap() },
      },
    ],
    replicaSets: [set('rs')],
    statefulSets: [set('sts')],
  };
}

/** A reference to one of the controllers, or to one that is gone. */
export function drawOwnerReferences(draw: Draw): Json[] {
  const [apiVersion, kind, name] = draw.pick<readonly [string, string, string]>([
    ['apps/v1', 'ReplicaSet', 'rs'],
    ['apps/v1', 'ReplicaSet', 'rs'],
    ['apps/v1', 'StatefulSet', 'sts'],
    ['v1', 'ReplicationController', 'rc'],
    ['apps/v1', 'ReplicaSet', 'gone'],
    ['batch/v1', 'Job', 'job'],
  ]);
  return [{ apiVersion, kind, name, uid: `uid-${name}`, controller: true }];
}
