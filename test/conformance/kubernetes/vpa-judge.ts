/** Feeds our histories with the usage of a case and asks for the recommendation that the vertical autoscaler gave. */

import { ContainerHistory } from '../../../src/autoscaling/vpa/container-history.ts';
import { ContainerSamples } from '../../../src/autoscaling/vpa/container-samples.ts';
import { recommend } from '../../../src/autoscaling/vpa/recommendation.ts';
import { US_PER_SECOND } from '../../../src/base/units.ts';
import type { ContainerAmounts } from '../../../src/autoscaling/vpa/recommendation.ts';
import type { RecommendationCase } from './recommendation-case.ts';

type Amounts = readonly (readonly [cpuMilli: number, memoryBytes: number])[];

interface Answer {
  readonly target: Amounts;
  readonly lower: Amounts;
  readonly upper: Amounts;
}

export function judgeVpa(input: unknown, output: unknown): string | undefined {
  const real = output as Answer;
  const { containers } = input as RecommendationCase;
  for (const [index, container] of containers.entries()) {
    const ours = recommend(historyOf(container), containers.length);
    for (const bound of ['target', 'lower', 'upper'] as const) {
      const expected = real[bound][index]!;
      const found = pairOf(ours[bound]);
      if (expected[0] !== found[0] || expected[1] !== found[1]) {
        return `${container.name} ${bound}: expected ${expected.join(', ')}, found ${found.join(', ')}`;
      }
    }
  }
  return undefined;
}

function pairOf({ cpuMilli, memoryBytes }: ContainerAmounts): readonly [number, number] {
  return [cpuMilli, memoryBytes];
}

function historyOf(container: RecommendationCase['containers'][number]): ContainerHistory {
  const history = new ContainerHistory();
  const samples = new ContainerSamples();
  for (const usage of container.usage) {
    const atUs = usage.atSeconds * US_PER_SECOND;
    if ('outOfMemory' in usage) samples.addOom(history, container.requestMemory, atUs);
    else if ('cpuMilli' in usage) samples.addCpu(history, usage.cpuMilli, atUs);
    else samples.addMemory(history, usage.memoryBytes, atUs);
  }
  return history;
}
