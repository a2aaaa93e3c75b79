/** A pod of high priority before a full cluster: on which nodes could it evict whom, and where would it? */

import type { Json, OtherObjects, Pod } from './api-objects.ts';
import type { Draw } from './draw.ts';
import { drawOwners } from './owners.ts';
import { drawPod } from './pods.ts';
import type { Feature } from './pods.ts';
import { drawNodes } from './plugins-case.ts';
import type { PluginsCase } from './plugins-case.ts';
import { drawSelector } from './selectors.ts';
import { instant, NAMESPACE_OBJECTS, NOW_SECONDS } from './vocabulary.ts';
import { NO_STORAGE } from './volumes.ts';

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
  const pods = nodes.flatMap((node, row) => drawVictims(draw, node.metadata.name, row, nodeNames));
  const others: OtherObjects = {
    namespaces: NAMESPACE_OBJECTS,
    ...drawOwners(draw),
    ...NO_STORAGE,
    podDisruptionBudgets: draw.chance(0.6) ? drawBudgets(draw, pods) : [],
  };
  return { nodes, pods, others, pluginConfig: [], incoming: drawPreemptor(draw, nodeNames) };
}

// Enough pods for a node to be full of them, most of them without a word about others.
function drawVictims(draw: Draw, node: string, row: number, nodeNames: readonly string[]): Pod[] {
  return Array.from({ length: draw.int(1, 7) }, (_, index) => {
    const features = new Set(
      draw.some<Feature>(['ports', 'antiAffinity'], draw.pick([0, 0, 0, 1])),
    );
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

function drawPreemptor(draw: Draw, nodeNames: readonly string[]): Pod {
  const features = new Set(draw.some(PREEMPTOR_FEATURES, draw.pick([0, 0, 1, 1, 2])));
  const pod = drawPod(draw, { name: 'incoming', features, nodeNames });
  const requests = {
    cpu: draw.pick(['1', '2', '3', '4500m', '7', '17']),
    memory: draw.pick(['256Mi', '3Gi', '7Gi', '14Gi']),
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
