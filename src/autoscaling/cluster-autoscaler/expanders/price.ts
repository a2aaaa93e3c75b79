/**
 * The group that is cheapest for what it takes, with a taste for nodes that suit the size of the cluster.
 *
 *     score = U (nodes + p0) / (pods + p0)               prices of one hour; the lowest wins
 *     U     = (u - 1) (1 - tanh((n - 1) / 15)) + 1       u = max(P / cores, cores / P), n new nodes; 1000 with GPUs
 *     P     = 1, 2, 4, 8, 16, 32 cores up to 2, 6, 20, 60, 200, any number of nodes in the cluster
 *     p0    = price of a pod of 500 m and 500 MiB
 *
 * Pods      are priced at what Fargate asks for their CPU and memory: a price of resources without a machine.
 * Unpriced  a group without a known price is left out, unless that leaves none.
 * Departs   the AWS provider of the real one has no prices at all, so its price expander cannot be used there.
 * Source    kubernetes.md 5.5.
 */

import {
  GIB,
  MIB,
  NANO_USD_PER_USD,
  TICKS_PER_CORE,
  TICKS_PER_MILLI,
} from '../../../base/units.ts';
import { exp } from '../../../random/portable-math.ts';
import { lowestBy } from '../expander.ts';
import type { AssumedParameters } from '../../../cloud/assumptions.ts';
import type { Expander, ExpansionOption } from '../expander.ts';

const PREFERRED_CORES: readonly (readonly [nodesMax: number, cores: number])[] = [
  [2, 1],
  [6, 2],
  [20, 4],
  [60, 8],
  [200, 16],
  [Infinity, 32],
];

export function priceExpander(parameters: AssumedParameters): Expander {
  return {
    name: 'price',
    best: (options, clusterNodes) => {
      const priced = options.filter(({ node }) => !Number.isNaN(node.priceNanoUsdPerHour));
      if (priced.length === 0) return options;
      return lowestBy(priced, (option) => score(option, clusterNodes, parameters));
    },
  };
}

function score(
  option: ExpansionOption,
  clusterNodes: number,
  parameters: AssumedParameters,
): number {
  const { node, nodeCount, podCpuTicks, podMemoryBytes } = option;
  const smallPod = podUsd(500 * TICKS_PER_MILLI, 500 * MIB, parameters);
  const nodes = (nodeCount * node.priceNanoUsdPerHour) / NANO_USD_PER_USD;
  const pods = podUsd(podCpuTicks, podMemoryBytes, parameters);
  return (unfitness(option, clusterNodes) * (nodes + smallPod)) / (pods + smallPod);
}

/** How badly the nodes suit the size of the cluster; 1 suits. */
export function unfitness({ node, nodeCount }: ExpansionOption, clusterNodes: number): number {
  if (node.gpuCount > 0) return 1000;
  const preferred = PREFERRED_CORES.find(([nodesMax]) => clusterNodes <= nodesMax)![1];
  const cores = node.cpuCapacityTicks / TICKS_PER_CORE;
  const off = Math.max(preferred / cores, cores / preferred);
  // 1 - tanh(x) = 2 / (exp(2x) + 1)
  const weight = 2 / (exp((2 * (nodeCount - 1)) / 15) + 1);
  return (off - 1) * weight + 1;
}

function podUsd(cpuTicks: number, memoryBytes: number, parameters: AssumedParameters): number {
  const cores = (cpuTicks / TICKS_PER_CORE) * parameters.get('price.fargate-x86-vcpu-usd');
  return cores + (memoryBytes / GIB) * parameters.get('price.fargate-x86-gb-usd');
}
