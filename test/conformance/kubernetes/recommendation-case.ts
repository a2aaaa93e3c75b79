/** Usage of a pod's containers over hours and days: which requests would the vertical autoscaler recommend? */

import type { Draw } from '../draw.ts';

const MINUTE = 60;
const DAY = 86_400;
const MEBIBYTE = 1024 * 1024;

export interface RecommendationCase {
  readonly containers: readonly ContainerUsage[];
}

interface ContainerUsage {
  readonly name: string;
  readonly requestCpu: number;
  readonly requestMemory: number;
  readonly usage: readonly Usage[];
}

type Usage =
  | { readonly atSeconds: number; readonly cpuMilli: number }
  | { readonly atSeconds: number; readonly memoryBytes: number }
  | { readonly atSeconds: number; readonly outOfMemory: true };

export function drawRecommendationCase(draw: Draw): RecommendationCase {
  return {
    containers: ['main', 'side', 'third']
      .slice(0, draw.pick([1, 1, 2, 3]))
      .map((name) => drawContainer(draw, name)),
  };
}

function drawContainer(draw: Draw, name: string): ContainerUsage {
  const everySeconds = draw.pick([MINUTE, 10 * MINUTE, 3600, DAY]);
  const lastSeconds = draw.pick([0, 5 * MINUTE, 6 * 3600, DAY, 4 * DAY, 12 * DAY, 250 * DAY]);
  const count = Math.min(400, Math.ceil(lastSeconds / everySeconds));
  // The largest of each go beyond the last bucket.
  const cpu = draw.pick([2, 40, 300, 2500, 2500, 900_000]);
  const memory = draw.pick([3, 90, 700, 6000, 6000, 800_000]);
  const usage: Usage[] = [];
  for (let index = 0; index < count; index += 1) {
    // Now and then a sample comes late or twice, as scrapes do.
    const atSeconds = index * everySeconds + (draw.chance(0.02) ? -everySeconds : draw.int(0, 5));
    usage.push({ atSeconds, cpuMilli: Math.floor((cpu * draw.int(0, 300)) / 100) });
    usage.push({ atSeconds, memoryBytes: memory * draw.int(50, 130) * 10_000 });
    if (draw.chance(0.005))
      usage.push({ atSeconds: atSeconds + 1 - draw.pick([0, 0, 2 * DAY]), outOfMemory: true });
  }
  return {
    name,
    requestCpu: draw.pick([50, 200, 1000]),
    requestMemory: draw.pick([64, 256, 2048]) * MEBIBYTE,
    usage,
  };
}
