/** Containers with requests in every way a manifest can write them, and what comes on top of them. */

import type { Container, PodSpec, Resources } from './api-objects.ts';
import type { Draw } from '../draw.ts';
import { GPU, HUGE_PAGES, IMAGES } from './vocabulary.ts';

const CPU_WORDS = ['100m', '250m', '0.5', '500m', '1', '1500m', '2', '0.1', '0', '333m'] as const;
const MEMORY_WORDS = ['64Mi', '128Mi', '200M', '512Mi', '1Gi', '0.5Gi', '1e9', '2Gi', '0'] as const;

/** The containers of a pod and its other requests. `size` 1 keeps requests as drawn, 3 triples the usual ones. */
export function drawContainers(draw: Draw): Pick<PodSpec, 'containers'> & Partial<PodSpec> {
  const containers = Array.from({ length: draw.pick([1, 1, 1, 2, 3]) }, (_, index) =>
    drawContainer(draw, `main-${index}`),
  );
  const initContainers = draw.chance(0.2)
    ? Array.from({ length: draw.int(1, 3) }, (_, index) => drawInitContainer(draw, index))
    : [];
  return {
    containers,
    ...(initContainers.length > 0 ? { initContainers } : {}),
    ...draw.maybe(0.06, () => ({
      runtimeClassName: 'sandboxed',
      overhead: { cpu: '120m', memory: '160Mi' },
    })),
    ...draw.maybe(0.06, () => ({ resources: { requests: drawPodLevelRequests(draw) } })),
  };
}

function drawContainer(draw: Draw, name: string): Container {
  const resources = draw.chance(0.12) ? {} : drawResources(draw);
  return { name, image: draw.pick(IMAGES), resources };
}

function drawInitContainer(draw: Draw, index: number): Container {
  return {
    ...drawContainer(draw, `init-${index}`),
    ...draw.maybe(0.4, () => ({ restartPolicy: 'Always' })),
  };
}

function drawResources(draw: Draw): NonNullable<Container['resources']> {
  const extended: Resources = {
    ...draw.maybe(0.08, () => ({ [GPU]: `${draw.int(0, 2)}` })),
    ...draw.maybe(0.04, () => ({ [HUGE_PAGES]: `${draw.int(1, 2) * 64}Mi` })),
  };
  const requests: Resources = {
    ...draw.maybe(0.85, () => ({ cpu: draw.pick(CPU_WORDS) })),
    ...draw.maybe(HUGE_PAGES in extended ? 1 : 0.85, () => ({ memory: draw.pick(MEMORY_WORDS) })),
    ...draw.maybe(0.12, () => ({ 'ephemeral-storage': draw.pick(['1Gi', '10Gi', '30Gi']) })),
    ...extended,
  };
  // Now and then only limits are written: the API server then copies them into the requests.
  if (draw.chance(0.08)) return { limits: { cpu: '750m', memory: '300Mi', ...extended } };
  return Object.keys(extended).length > 0 ? { requests, limits: extended } : { requests };
}

// At least what the containers ask for together, which the API server insists on.
function drawPodLevelRequests(draw: Draw): Resources {
  return {
    ...draw.maybe(0.8, () => ({ cpu: draw.pick(['12', '15', '20']) })),
    memory: draw.pick(['16Gi', '20Gi']),
  };
}
