/** Asks our expanders which of the options they find best. */

import { parse } from 'yaml';
import { TICKS_PER_MILLI } from '../../../src/base/units.ts';
import { leastNodes } from '../../../src/autoscaling/cluster-autoscaler/expanders/least-nodes.ts';
import { leastWaste } from '../../../src/autoscaling/cluster-autoscaler/expanders/least-waste.ts';
import { mostPods } from '../../../src/autoscaling/cluster-autoscaler/expanders/most-pods.ts';
import { nodeSpecOf, podSpecOf } from './framework-objects.ts';
import { priorityExpander } from '../../../src/autoscaling/cluster-autoscaler/expanders/priority.ts';
import type {
  Expander,
  ExpansionOption,
} from '../../../src/autoscaling/cluster-autoscaler/expander.ts';
import type { PriorityRule } from '../../../src/autoscaling/cluster-autoscaler/expanders/priority.ts';
import type { ExpanderCase } from './expander-case.ts';

type Answer = Readonly<Record<string, readonly number[]>>;

export function judgeExpander(input: unknown, output: unknown): string | undefined {
  const { options, priorities } = input as ExpanderCase;
  const offers = options.map(offerOf);
  const expanders = [leastWaste, mostPods, leastNodes, priorityExpander(rulesOf(priorities))];
  for (const expander of expanders) {
    const found = positionsOf(expander, offers);
    const expected = (output as Answer)[expander.name]!.join(' ');
    if (found !== expected) return `${expander.name}: expected ${expected}, found ${found}`;
  }
  return undefined;
}

function positionsOf(expander: Expander, offers: readonly ExpansionOption[]): string {
  return expander
    .best(offers, offers.length)
    .map((option) => offers.indexOf(option))
    .join(' ');
}

function offerOf({ id, node, count, group }: ExpanderCase['options'][number], pool: number) {
  const { capacity } = nodeSpecOf(node);
  const { requests } = podSpecOf(group.pod);
  const pods = group.names.length;
  return {
    pool,
    id,
    nodeCount: count,
    node: {
      cpuCapacityTicks: (capacity['cpu'] ?? 0) * TICKS_PER_MILLI,
      memoryCapacityBytes: capacity['memory'] ?? 0,
      gpuCount: 0,
      priceNanoUsdPerHour: NaN,
    },
    podCount: pods,
    podCpuTicks: pods * (requests['cpu'] ?? 0) * TICKS_PER_MILLI,
    podMemoryBytes: pods * (requests['memory'] ?? 0),
  };
}

/** Text that the autoscaler cannot read is no priorities at all. */
function rulesOf(yaml = ''): readonly PriorityRule[] {
  try {
    const written = parse(yaml) as Record<string, readonly string[]>;
    const rules = Object.entries(written).map(([priority, patterns]) => ({
      priority: Number(priority),
      patterns: patterns.map((pattern) => new RegExp(pattern)),
    }));
    return rules.some(({ priority }) => Number.isNaN(priority)) ? [] : rules;
  } catch {
    return [];
  }
}
