/**
 * A hundred pods one after another through the whole scheduling cycle, with pods and nodes that go and come in between.
 * Large clusters (100 nodes and more) are not searched through: each search starts where the one before ended.
 */

import type { Json, Node, OtherObjects, Pod } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { drawNode, drawNodeMix } from './nodes.ts';
import { drawOwners } from './owners.ts';
import { drawPluginArguments } from './plugin-arguments.ts';
import { drawPod } from './pods.ts';
import type { Feature } from './pods.ts';
import { NAMESPACE_OBJECTS } from './vocabulary.ts';
import { NO_STORAGE } from './volumes.ts';

export const PODS_PER_RUN = 100;

export interface WholeCase {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly others: OtherObjects;
  readonly pluginConfig: readonly Json[];
  readonly percentageOfNodesToScore?: number;
  readonly steps: readonly Step[];
}

type Step =
  | { readonly schedule: Pod }
  | { readonly removePod: string }
  | { readonly removeNode: string }
  | { readonly addNode: Node };

// A run has a few applications, and its pods are copies of them.
const APPLICATION_FEATURES: readonly Feature[] = [
  'nodeSelector',
  'nodeRequired',
  'nodePreferred',
  'tolerations',
  'spreadHard',
  'spreadSoft',
  'affinityPreferred',
  'antiAffinity',
  'antiPreferred',
  'owner',
];

export function drawWholeCase(draw: Draw, large: boolean): WholeCase {
  const mix = drawNodeMix(draw);
  const count = large ? draw.pick([100, 120, 130, 160, 200, 260]) : draw.int(4, 40);
  const nodes = Array.from({ length: count }, (_, index) => drawNode(draw, `node-${index}`, mix));
  const nodeNames = nodes.map((node) => node.metadata.name);
  const applications = drawApplications(draw, nodeNames, large);
  const priorities = draw.chance(0.35) ? [0, 0, 0, 100, 1000] : [0];
  const moving = draw.pick([0, 0, 0.2]);
  const steps: Step[] = [];
  for (let number = 0; number < PODS_PER_RUN; number += 1) {
    if (number > 0 && draw.chance(moving)) {
      steps.push(drawMove(draw, number, nodeNames, () => drawNode(draw, `late-${number}`, mix)));
    }
    const pod = copyOf(draw.pick(applications), `pod-${number}`, draw.pick(priorities));
    steps.push({ schedule: pod });
  }
  return {
    nodes,
    pods: [],
    others: {
      namespaces: NAMESPACE_OBJECTS,
      ...drawOwners(draw),
      ...NO_STORAGE,
      podDisruptionBudgets: [],
    },
    pluginConfig: draw.chance(0.2) ? drawPluginArguments(draw) : [],
    ...(large
      ? draw.maybe(0.4, () => ({ percentageOfNodesToScore: draw.pick([10, 60, 100]) }))
      : {}),
    steps,
  };
}

// Large clusters are there for the search, so their applications ask for less.
function drawApplications(draw: Draw, nodeNames: readonly string[], large: boolean): Pod[] {
  return Array.from({ length: draw.int(2, 6) }, (_, index) => {
    const wanted = draw.pick(large ? [0, 0, 1, 2] : [0, 1, 2, 3]);
    const features = new Set(draw.some(APPLICATION_FEATURES, wanted));
    if (draw.chance(0.1)) features.add('ports');
    return drawPod(draw, { name: `application-${index}`, features, nodeNames });
  });
}

function copyOf(application: Pod, name: string, priority: number): Pod {
  return {
    metadata: { ...application.metadata, name, uid: `uid-${name}` },
    spec: { ...application.spec, priority },
  };
}

function drawMove(
  draw: Draw,
  number: number,
  nodeNames: readonly string[],
  newNode: () => Node,
): Step {
  if (draw.chance(0.8)) return { removePod: `pod-${draw.int(0, number - 1)}` };
  return draw.chance(0.5) ? { removeNode: draw.pick(nodeNames) } : { addNode: newNode() };
}
