/** A pod of high priority before a full cluster: on which nodes could it evict whom, and where would it? */

import type { Json, OtherObjects, Pod } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { drawOwners } from './owners.ts';
import { drawPod } from './pods.ts';
import type { Feature } from './pods.ts';
import { drawNodes } from './plugins-case.ts';
import type { PluginsCase } from './plugins-case.ts';
import { drawSelector } from './selectors.ts';
import { instant, NAMESPACE_OBJECTS, NOW_SECONDS } from './vocabulary.ts';
import { drawStorage, NO_STORAGE } from './volumes.ts';

const PRIORITIES = [0, 0, 10, 50, 200, -5] as const;

const PREEMPTOR_FEATURES: readonly Feature[] = [
  'tolerations',
  'ports',
  'spreadHard',
  'antiAffinity',
  'affinity',
  'nodePreferred',
  'nodeNamed',
];

export function drawPreemptionCase(draw: Draw): PluginsCase {
  const nodes = drawNodes(draw, draw.int(1, 8));
  const nodeNames = nodes.map((node) => node.metadata.name);
  const volumes = draw.chance(0.2);
  const pods = nodes.flatMap((node, row) =>
    drawVictims(draw, node.metadata.name, row, nodeNames, volumes),
  );
  const others: OtherObjects = {
    namespaces: NAMESPACE_OBJECTS,
    ...drawOwners(draw),
    ...(volumes ? drawStorage(draw, nodeNames) : NO_STORAGE),
    podDisruptionBudgets: draw.chance(0.6) ? drawBudgets(draw, pods) : [],
  };
  const incoming = drawPreemptor(draw, nodeNames, volumes);
  return { nodes, pods, others, pluginConfig: [], incoming };
}

// Enough pods for a node to be full of them, most of them without a word about others.
function drawVictims(
  draw: Draw,
  node: string,
  row: number,
  nodeNames: readonly string[],
  volumes: boolean,
): Pod[] {
  return Array.from({ length: draw.int(1, 7) }, (_, index) => {
    const features = new Set(
      draw.some<Feature>(['ports', 'antiAffinity'], draw.pick([0, 0, 0, 1])),
    );
    if (volumes && draw.chance(0.3)) features.add('volumes');
    const pod = drawPod(draw, { name: `victim-${row}-${index}`, features, nodeNames });
    const terminating = draw.chance(0.04);
    return {
      metadata: {
        ...pod.metadata,
        ...(terminating
          ? { deletionTimestamp: instant(NOW_SECONDS + 10), deletionGracePeriodSeconds: 30 }
          : {}),
      },
      spec: { ...pod.spec, nodeName: node, priority: draw.pick(PRIORITIES) },
      status: {
        phase: 'Running',
        startTime: instant(NOW_SECONDS - draw.int(0, 10_000) * 60 - row * 8 - index),
        ...(terminating && draw.chance(0.6) ? { conditions: [EVICTED] } : {}),
      },
    };
  });
}

const EVICTED: Json = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' };

function drawBudgets(draw: Draw, pods: readonly Pod[]): Json[] {
  return Array.from({ length: draw.int(1, 3) }, (_, index) => ({
    metadata: { name: `budget-${index}`, namespace: 'default' },
    spec: { selector: drawSelector(draw) },
    status: {
      disruptionsAllowed: draw.int(0, 2),
      ...draw.maybe(0.2, () => ({
        disruptedPods: { [draw.pick(pods).metadata.name]: instant(NOW_SECONDS - 60) },
      })),
    },
  }));
}

function drawPreemptor(draw: Draw, nodeNames: readonly string[], volumes: boolean): Pod {
  const features = new Set(draw.some(PREEMPTOR_FEATURES, draw.pick([0, 0, 1, 1, 2])));
  if (volumes) features.add('volumes');
  const pod = drawPod(draw, { name: 'incoming', features, nodeNames });
  const requests = {
    // What keeps a pod with volumes pending may be its volumes alone.
    cpu: draw.pick(volumes ? ['100m', '2', '4500m'] : ['1', '2', '3', '4500m', '7', '17']),
    memory: draw.pick(volumes ? ['64Mi', '3Gi'] : ['256Mi', '3Gi', '7Gi', '14Gi']),
  };
  const { resources: _, initContainers: __, ...spec } = pod.spec;
  return {
    ...pod,
    spec: {
      ...spec,
      containers: [{ ...spec.containers[0]!, resources: { requests } }],
      priority: draw.pick([100, 100, 100, 10, 0]),
      ...draw.maybe(0.05, () => ({ preemptionPolicy: 'Never' })),
    },
    ...draw.maybe(0.15, () => ({ status: { nominatedNodeName: draw.pick(nodeNames) } })),
  };
}
