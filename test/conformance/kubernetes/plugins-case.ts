/** One pod before one small cluster: what does every plugin say of every node? */

import type { Json, Node, OtherObjects, Pod } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { drawNode, drawNodeMix } from './nodes.ts';
import { drawOwners } from './owners.ts';
import { drawPlacedPods } from './placed-pods.ts';
import { drawPluginArguments } from './plugin-arguments.ts';
import { drawPod, FEATURES } from './pods.ts';
import type { Feature } from './pods.ts';
import { NAMESPACE_OBJECTS } from './vocabulary.ts';
import { drawStorage, NO_STORAGE } from './volumes.ts';

export interface PluginsCase {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly others: OtherObjects;
  readonly pluginConfig: readonly Json[];
  readonly incoming: Pod;
}

export function drawPluginsCase(draw: Draw): PluginsCase {
  const nodes = drawNodes(draw, draw.chance(0.1) ? draw.int(20, 30) : draw.int(2, 12));
  const nodeNames = nodes.map((node) => node.metadata.name);
  const features = drawFeatures(draw);
  const volumes = features.has('volumes');
  return {
    nodes,
    pods: [
      ...drawPlacedPods(draw, nodeNames, {
        perNode: draw.pick([1, 3, 5]),
        felt: draw.pick([0, 0.1, 0.3]),
        terminating: draw.pick([0, 0, 0.2]),
        volumes,
      }),
      ...(draw.chance(0.1) ? [drawNominatedPod(draw, nodeNames, volumes)] : []),
    ],
    others: {
      namespaces: NAMESPACE_OBJECTS,
      ...drawOwners(draw),
      ...(volumes ? drawStorage(draw, nodeNames) : NO_STORAGE),
      podDisruptionBudgets: [],
    },
    pluginConfig: draw.chance(0.25) ? drawPluginArguments(draw) : [],
    incoming: drawIncoming(draw, features, nodeNames),
  };
}

export function drawNodes(draw: Draw, count: number): Node[] {
  const mix = drawNodeMix(draw);
  return Array.from({ length: count }, (_, index) => drawNode(draw, `node-${index}`, mix));
}

// Volumes drag much with them, and required terms empty small clusters: both are drawn less often than the rest.
function drawFeatures(draw: Draw): Set<Feature> {
  const likely = FEATURES.filter((feature) => feature !== 'volumes' && feature !== 'nodeNamed');
  const features = new Set<Feature>(draw.some(likely, draw.pick([1, 2, 3, 4, 5])));
  if (draw.chance(0.5)) features.add('tolerations');
  if (draw.chance(0.2)) features.add('volumes');
  if (draw.chance(0.06)) features.add('nodeNamed');
  return features;
}

function drawIncoming(
  draw: Draw,
  features: ReadonlySet<Feature>,
  nodeNames: readonly string[],
): Pod {
  const pod = drawPod(draw, { name: 'incoming', features, nodeNames });
  return {
    ...pod,
    spec: {
      ...pod.spec,
      priority: draw.pick([0, 0, 10]),
      ...draw.maybe(0.03, () => ({ nodeName: draw.pick(nodeNames) })),
      ...draw.maybe(0.02, () => ({ affinity: drawNamedTwice(draw, nodeNames) })),
      ...draw.maybe(0.04, () => ({
        resources: { ...pod.spec.resources, limits: { cpu: '40', memory: '64Gi' } },
      })),
    },
  };
}

// A term may name a node twice, and then fits nowhere unless the names agree.
function drawNamedTwice(draw: Draw, nodeNames: readonly string[]): { [key: string]: Json } {
  const named = (): Json => ({
    key: 'metadata.name',
    operator: 'In',
    values: [draw.pick(nodeNames.slice(0, 3))],
  });
  const nodeSelectorTerms = [{ matchFields: [named(), named()] }];
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  return { nodeAffinity: required };
}

function drawNominatedPod(draw: Draw, nodeNames: readonly string[], volumes: boolean): Pod {
  const features = new Set(
    draw.some<Feature>(['antiAffinity', 'ports', 'affinity'], draw.int(0, 2)),
  );
  if (volumes) features.add('volumes');
  const pod = drawPod(draw, { name: 'nominated', features, nodeNames });
  return {
    ...pod,
    spec: { ...pod.spec, priority: draw.pick([0, 5, 100]) },
    status: { phase: 'Pending', nominatedNodeName: draw.pick(nodeNames) },
  };
}
