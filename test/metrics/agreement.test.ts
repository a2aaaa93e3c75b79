/** Root volumes, promises and discounts on the bill of a run. */

import { expect, it } from 'vitest';
import { runText } from '../support/run-scenario.ts';

function bill(extra: string, pool = 'asg: { instanceTypes: [m6i.large], min: 2, max: 2 }') {
  const result = runText(`
name: agreement
seed: 1
duration: 10h
sampling: 1h
warmup: 2h
${extra}
assumptions: { latency.noise-sigma: 0 }
workload: [{ service: { name: web, cpu: 100m, memory: 128MiB } }]
variants: { it: { orchestrator: ecs, pools: { base: { ${pool} } } } }
`);
  return { ...result, costs: [...result.costs] };
}

const sumOf = (costs: ReturnType<typeof bill>['costs'], item: string) =>
  costs
    .filter((line) => line.item === item)
    .reduce((sum, { costMicroUsd }) => sum + costMicroUsd!, 0);

it('a root volume is a line beside its instance, by the size that the pool states', () => {
  const { costs } = bill(
    '',
    'rootVolume: 100GiB, asg: { instanceTypes: [m6i.large], min: 2, max: 2 }',
  );
  // 100 GB x 0.08 USD / 730 h = 0.010959 USD an hour; an instance of 0.096: the ratio of the two lines.
  expect(sumOf(costs, 'ebs') / sumOf(costs, 'ec2')).toBeCloseTo(8 / 730 / 0.096, 4);
  // 30 GB without a word
  const plain = bill('').costs;
  expect(sumOf(plain, 'ebs') / sumOf(plain, 'ec2')).toBeCloseTo((0.3 * 8) / 730 / 0.096, 4);
});

it('promises and discounts are lines of their own, and the cost of the run is still the sum of all', () => {
  const plain = bill('');
  const agreed = bill(`prices:
  reservedInstances: [{ instanceType: m6i.large, count: 1, pricePerHour: 0.06 }]
  savingsPlans: [{ commitment: 0.03, discount: 25 }]
  discount: 10`);
  const { costs, summary } = agreed;
  expect(summary.costMicroUsd).toBe(costs.reduce((sum, line) => sum + line.costMicroUsd!, 0));
  expect(sumOf(costs, 'ec2')).toBe(sumOf(plain.costs, 'ec2'));
  const lines = costs.filter(({ item }) => item === 'savings-plan');
  // 0.03 USD x 10 h, and 0.03 / 0.75 = 0.04 USD of on-demand an hour for as long as instances run (22 s short of 10 h).
  expect(lines.map(({ costMicroUsd }) => costMicroUsd)[0]).toBe(300_000);
  expect(lines[1]!.costMicroUsd! / -400_000).toBeCloseTo(1, 2);
  const before = summary.costMicroUsd! - sumOf(costs, 'discount');
  expect(sumOf(costs, 'discount')).toBe(-Math.round(before / 10));
});

it('an instance that is not used up by a promise is paid for all the same', () => {
  const none = bill(
    'prices: { reservedInstances: [{ instanceType: c5.large, count: 2, pricePerHour: 0.05 }] }',
  );
  // 2 x 10 h x 0.05 USD, and nothing is covered.
  expect(sumOf(none.costs, 'reserved-instance')).toBe(1_000_000);
});
