/** Draws docs/images/eks-hpa-karpenter.svg: ready pods over time, measured and simulated: `npx tsx scripts/make-scale-out-chart.ts`. */

import { CONFIG, SCHEMA, VARIANT_COLOURS } from '../src/report/charts/chart.ts';
import { MEASURED, podsOf, readyAt } from '../test/support/scale-out.ts';
import { load } from '../test/scenarios/run-scenario.ts';
import { svgOf } from '../src/report/charts/svg.ts';
import { writeFileSync } from 'node:fs';
import type { ChartSpec } from '../src/report/charts/chart.ts';

const END_S = 400;
const STEP_S = 2;

const replications = podsOf(load('published/eks-hpa-karpenter/scenario.yaml'), 10);
const simulated = Array.from({ length: END_S / STEP_S + 1 }, (_, i) => i * STEP_S).map((s) => {
  const ready = replications.map((pods) => readyAt(pods, s)).sort((a, b) => a - b);
  return { s, low: ready[0], middle: ready[ready.length >> 1], high: ready.at(-1) };
});
const measured = MEASURED.ready.map(([s, ready]) => ({ s, ready }));

const x = { field: 's', type: 'quantitative' as const, title: 'seconds since the spike' };
const spec: ChartSpec = {
  $schema: SCHEMA,
  title: {
    text: 'Ready pods: measured on EKS, and simulated',
    subtitle: 'dots: one measured run; line and band: median, lowest and highest of ten simulated',
  },
  description: 'Ready pods over the seconds since the spike, measured and simulated.',
  width: 560,
  height: 280,
  layer: [
    {
      data: { values: simulated },
      mark: { type: 'area', opacity: 0.25, color: VARIANT_COLOURS[0] },
      encoding: {
        x,
        y: { field: 'low', type: 'quantitative', title: 'ready pods' },
        y2: { field: 'high' },
      },
    },
    {
      data: { values: simulated },
      mark: { type: 'line', color: VARIANT_COLOURS[0] },
      encoding: { x, y: { field: 'middle', type: 'quantitative' } },
    },
    {
      data: { values: measured },
      mark: { type: 'point', filled: true, size: 50, color: VARIANT_COLOURS[1] },
      encoding: { x, y: { field: 'ready', type: 'quantitative' } },
    },
  ],
  config: CONFIG,
};

writeFileSync('docs/images/eks-hpa-karpenter.svg', await svgOf(spec));
