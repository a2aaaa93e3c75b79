/** Draws docs/images/ec2-vs-fargate.svg: cost of EC2 as a share of Fargate's by packing: `npx tsx scripts/make-break-even-chart.ts`. */

import { CONFIG, SCHEMA, VARIANT_COLOURS } from '../src/report/charts/chart.ts';
import { run } from '../test/scenarios/run-scenario.ts';
import { svgOf } from '../src/report/charts/svg.ts';
import { writeFileSync } from 'node:fs';
import type { ChartSpec } from '../src/report/charts/chart.ts';

/** Prefix of the variants on EC2, their counterpart on Fargate, tasks that the vCPUs of a host hold. */
const SERIES = [
  ['m6i-large-', 'fargate-m6i-shape', 8, 'm6i.large'],
  ['m6i-2xlarge-', 'fargate-m6i-shape', 32, 'm6i.2xlarge'],
  ['c6i-large-', 'fargate-c6i-shape', 8, 'c6i.large'],
  ['jobs-m6i-2xlarge-', 'fargate-jobs', 32, 'm6i.2xlarge, tasks of 5 min'],
] as const;
const TASKS = 608;

const { summary } = await run('standard/ec2-vs-fargate-break-even.yaml');
const costOf = (name: string): number =>
  summary.find(({ variant }) => variant === name)!.costMicroUsd!;

const values = SERIES.flatMap(([prefix, fargate, perHost, hosts]) =>
  summary
    .filter(({ variant }) => variant.startsWith(prefix))
    .map(({ variant, hostsPeak }) => ({
      hosts,
      packing: TASKS / (perHost * hostsPeak),
      ratio: costOf(variant) / costOf(fargate),
    })),
);

for (const [, , , hosts] of SERIES) {
  const points = values.filter((one) => one.hosts === hosts).sort((a, b) => a.packing - b.packing);
  const next = points.findIndex(({ ratio }) => ratio < 1);
  if (next < 1) {
    console.log(
      `${hosts}: Fargate is cheaper up to ${(100 * points.at(-1)!.packing).toFixed(1)} %`,
    );
    continue;
  }
  // Cost falls as one over packing: between two points the ratio is interpolated in one over packing.
  const [before, after] = [points[next - 1]!, points[next]!];
  const part = (before.ratio - 1) / (before.ratio - after.ratio);
  const inverse = (1 - part) / before.packing + part / after.packing;
  console.log(`${hosts}: EC2 is cheaper from ${(100 / inverse).toFixed(1)} % on`);
}

const spec: ChartSpec = {
  $schema: SCHEMA,
  title: {
    text: 'EC2 against Fargate, by packing',
    subtitle:
      'cost of the same 608 tasks of 0.25 vCPU on EC2, as a multiple of their cost on Fargate',
  },
  description: 'Cost of EC2 as a multiple of that of Fargate over the packing of hosts.',
  width: 560,
  height: 300,
  layer: [
    {
      data: { values: [{ one: 1 }] },
      mark: { type: 'rule', strokeDash: [4, 4] },
      encoding: { y: { field: 'one', type: 'quantitative', scale: { type: 'log' } } },
    },
    {
      data: { values },
      mark: { type: 'line', point: true },
      encoding: {
        x: {
          field: 'packing',
          type: 'quantitative',
          title: 'share of the CPU of hosts that tasks ask for',
          scale: { domain: [0.2, 1] },
          axis: { format: '.0%' },
        },
        y: {
          field: 'ratio',
          type: 'quantitative',
          title: 'cost on EC2 / cost on Fargate',
          scale: { type: 'log', domain: [0.8, 5], nice: false },
          axis: { values: [0.8, 1, 1.5, 2, 3, 4, 5], format: '.1f' },
        },
        color: {
          field: 'hosts',
          type: 'nominal',
          title: 'hosts',
          scale: {
            domain: SERIES.map(([, , , hosts]) => hosts),
            range: VARIANT_COLOURS.slice(0, 4),
          },
        },
      },
    },
  ],
  config: CONFIG,
};

writeFileSync('docs/images/ec2-vs-fargate.svg', await svgOf(spec));
