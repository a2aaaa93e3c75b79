/** A pod on a node, and a container that exits again and again: classes, OOM scores, waits for a restart. */

import type { Draw } from '../draw.ts';

export interface KubeletCase {
  readonly pod: {
    readonly spec: {
      readonly priority: number;
      readonly priorityClassName: string;
      readonly containers: readonly BareContainer[];
      readonly initContainers?: readonly BareContainer[];
    };
  };
  /** Memory of the node, bytes. */
  readonly capacity: number;
  /** How long the container runs each time, seconds. */
  readonly runs: readonly number[];
}

/** Amounts as whole numbers: `m` of CPU, bytes of memory. */
export interface BareContainer {
  readonly name: string;
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
}

const MIB = 1_048_576;
const NODE_CRITICAL = 2_000_001_000;
const PRIORITIES = [0, 0, 0, 1_000, 2_000_000_000, NODE_CRITICAL];
const RUNS_S = [1, 5, 30, 290, 599, 600, 601, 700, 1_200];

export function drawKubeletCase(draw: Draw): KubeletCase {
  const priority = draw.pick(PRIORITIES);
  const count = draw.int(1, 3);
  const likeLimits = draw.chance(0.4);
  const container = (name: string) => drawContainer(draw, name, likeLimits);
  return {
    pod: {
      spec: {
        priority,
        priorityClassName: priority === NODE_CRITICAL ? 'system-node-critical' : '',
        containers: Array.from({ length: count }, (_, i) => container(`c${i}`)),
        ...draw.maybe(0.3, () => ({ initContainers: [container('init')] })),
      },
    },
    capacity: draw.pick([1_024 * MIB, 16_384 * MIB, 33_013_841_920, 999_999_937]),
    runs: Array.from({ length: 14 }, () => draw.pick(RUNS_S)),
  };
}

function drawContainer(draw: Draw, name: string, likeLimits: boolean): BareContainer {
  const cpu = () => `${draw.pick([0, 50, 100, 1_000])}m`;
  const memory = () =>
    String(draw.pick([0, 1, 10 * MIB, 33 * MIB, 1_024 * MIB, 20_480 * MIB, 123_456_789]));
  if (likeLimits) {
    const limits = { cpu: `${draw.pick([100, 250])}m`, memory: String(draw.int(1, 64) * MIB) };
    return { name, resources: { requests: limits, limits: draw.chance(0.9) ? limits : {} } };
  }
  const amounts = (probability: number) => ({
    ...draw.maybe(probability, () => ({ cpu: cpu() })),
    ...draw.maybe(probability, () => ({ memory: memory() })),
  });
  const limits = amounts(0.3);
  // A limit without a request is copied, as the API server does.
  return { name, resources: { requests: { ...limits, ...amounts(0.5) }, limits } };
}
