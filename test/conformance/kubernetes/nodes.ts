/** Nodes: sizes, labels, taints, cordons and images. */

import type { Json, Labels, Node, Resources } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { GPU, HOSTNAME, HUGE_PAGES, IMAGES, POOLS, REGION, ZONE, ZONES } from './vocabulary.ts';

export interface NodeMix {
  /** How many of the nodes carry taints, cordons and odd labels: 0 none, 1 many. */
  readonly trouble: number;
  readonly zones: readonly string[];
}

export function drawNodeMix(draw: Draw): NodeMix {
  return { trouble: draw.pick([0, 0.2, 0.5, 1]), zones: draw.some(ZONES, draw.int(1, 4)) };
}

export function drawNode(draw: Draw, name: string, mix: NodeMix): Node {
  const allocatable = drawAllocatable(draw);
  const taints = drawTaints(draw, mix.trouble);
  return {
    metadata: { name, uid: `uid-${name}`, labels: drawLabels(draw, name, mix) },
    spec: {
      ...draw.maybe(0.08 * mix.trouble, () => ({ unschedulable: true })),
      ...(taints.length > 0 ? { taints } : {}),
    },
    status: {
      capacity: allocatable,
      allocatable,
      ...draw.maybe(0.6, () => ({ images: drawImages(draw) })),
    },
  };
}

function drawAllocatable(draw: Draw): Resources {
  const cores = draw.pick([2, 4, 4, 8, 16]);
  const memory = cores * draw.pick([2, 4, 8]);
  return {
    cpu: draw.pick([`${cores}`, `${cores}000m`, `${cores - 1}920m`, `${cores - 1}.93`]),
    memory: draw.pick([`${memory}Gi`, `${memory * 1024 - 355}Mi`, `${memory}G`, `${memory * 1e9}`]),
    'ephemeral-storage': draw.pick(['100Gi', '20Gi', '47233297124']),
    pods: draw.pick(['110', '110', '29', '17', '4', '2']),
    ...draw.maybe(0.3, () => ({ [GPU]: `${draw.int(1, 8)}` })),
    ...draw.maybe(0.15, () => ({ [HUGE_PAGES]: `${draw.int(1, 4) * 128}Mi` })),
  };
}

function drawLabels(draw: Draw, name: string, mix: NodeMix): Labels {
  const zone = draw.pick(mix.zones);
  return {
    ...draw.maybe(1 - 0.05 * mix.trouble, () => ({ [HOSTNAME]: name })),
    ...draw.maybe(1 - 0.15 * mix.trouble, () => ({ [ZONE]: zone })),
    ...draw.maybe(0.7, () => ({ [REGION]: zone.slice(0, 4) })),
    ...draw.maybe(0.05 * mix.trouble, () => ({ 'failure-domain.beta.kubernetes.io/zone': zone })),
    ...draw.maybe(0.8, () => ({ pool: draw.pick(POOLS) })),
    ...draw.maybe(0.7, () => ({ disk: draw.pick(['ssd', 'hdd']) })),
    ...draw.maybe(0.7, () => ({ cores: draw.pick(['2', '4', '8', '16', 'many', '0']) })),
  };
}

function drawTaints(draw: Draw, trouble: number): Json[] {
  const taints: Json[] = [];
  if (draw.chance(0.3 * trouble)) {
    taints.push({
      key: 'dedicated',
      value: draw.pick(POOLS),
      effect: draw.pick(['NoSchedule', 'PreferNoSchedule', 'PreferNoSchedule', 'NoExecute']),
    });
  }
  if (draw.chance(0.3 * trouble)) {
    taints.push({ key: 'spot', effect: draw.pick(['PreferNoSchedule', 'NoSchedule']) });
  }
  if (draw.chance(0.2 * trouble)) {
    taints.push({ key: 'old', value: 'true', effect: 'PreferNoSchedule' });
  }
  if (draw.chance(0.05 * trouble)) {
    taints.push({ key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' });
  }
  return taints;
}

function drawImages(draw: Draw): { names: string[]; sizeBytes: number }[] {
  return draw.some(IMAGES, draw.int(1, 4)).map((name) => {
    const tagged = name.lastIndexOf(':') > name.lastIndexOf('/') ? name : `${name}:latest`;
    const names = draw.chance(0.2) ? [tagged, `${tagged}-too`] : [tagged];
    return { names, sizeBytes: draw.int(1, 60) * draw.pick([1, 20, 50]) * 1024 * 1024 };
  });
}
