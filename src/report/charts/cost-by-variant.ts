/** What each variant costs, stacked by bill item: mean over seeds, with the 95 % interval of the total. */

import { BILL_ITEMS, type BillItem } from '../../base/reasons.ts';
import { MICRO_USD_PER_USD } from '../../base/units.ts';
import { variantsOf } from '../comparison.ts';
import { comparisonOf } from '../overview.ts';
import { usdText } from '../readable.ts';
import type { ComparisonRow } from '../tables/comparison.ts';
import type { CostRow } from '../tables/costs.ts';
import { CHART_WIDTH, CONFIG, SCHEMA, titleOf, variantRows } from './chart.ts';
import type { Chart, ChartContext } from './chart.ts';

const ITEM_COLOURS: Readonly<Record<BillItem, string>> = {
  ec2: '#0072B2',
  'fargate-vcpu': '#D55E00',
  'fargate-storage': '#F0E442',
  'fargate-memory': '#E69F00',
  'eks-control-plane': '#009E73',
  'ecs-anywhere': '#882255',
  'hybrid-node': '#AA4499',
  'eks-auto-mode': '#117733',
  'external-host': '#44AA99',
  ebs: '#56B4E9',
  'reserved-instance': '#8DA0CB',
  'savings-plan': '#66C2A5',
  discount: '#B3B3B3',
  'load-balancer': '#CC79A7',
  nat: '#999933',
  registry: '#888888',
  'data-transfer': '#DDCC77',
};

export type CostLine = Pick<CostRow, 'variant' | 'seed' | 'item' | 'costMicroUsd'>;

/** Mean over seeds of the sum of an item's lines, in USD. */
export interface ItemCost {
  readonly variant: string;
  readonly item: BillItem;
  readonly usd: number;
}

/** Items in the order of the closed list; lines without a known cost are left out. */
export function itemCosts(
  lines: Iterable<CostLine>,
  comparison: readonly ComparisonRow[],
): ItemCost[] {
  const sums = new Map<string, number>();
  const seeds = new Map<string, Set<string>>();
  for (const line of lines) {
    const key = `${line.variant}\n${line.item}`;
    sums.set(key, (sums.get(key) ?? 0) + (line.costMicroUsd ?? 0));
    const own = seeds.get(line.variant) ?? new Set();
    seeds.set(line.variant, own.add(line.seed));
  }
  return variantsOf(comparison).flatMap((variant) =>
    BILL_ITEMS.flatMap(({ word: item }) => {
      const sum = sums.get(`${variant}\n${item}`);
      const runs = seeds.get(variant)?.size ?? 1;
      return sum === undefined ? [] : [{ variant, item, usd: sum / (MICRO_USD_PER_USD * runs) }];
    }),
  );
}

export function costByVariant(
  costs: readonly ItemCost[],
  comparison: readonly ComparisonRow[],
  context: ChartContext,
): Chart {
  const variants = variantsOf(comparison);
  const totals = variants.flatMap((variant) => totalOf(comparison, variant));
  const y = variantRows(variants);
  const title = 'Cost of the whole run by variant';
  const detail = 'mean by bill item, line: 95 % interval of the total';
  const description = `Stacked bars of mean cost in USD by bill item for ${variants.join(', ')}.`;
  return {
    name: 'cost-by-variant',
    title,
    detail,
    description,
    spec: {
      $schema: SCHEMA,
      title: titleOf(title, context, detail),
      description,
      width: CHART_WIDTH,
      height: { step: 38 },
      layer: [
        itemBars(
          costs.filter((cost) => cost.usd > 0),
          y,
        ),
        {
          data: { values: totals.filter((total) => total.low !== null) },
          mark: { type: 'rule', strokeWidth: 1.6 },
          encoding: { y, x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
        },
        {
          data: { values: totals },
          mark: { type: 'text', align: 'left', dx: 6, fontSize: 12 },
          encoding: {
            y,
            x: { field: 'end', type: 'quantitative' },
            text: { field: 'label', type: 'nominal' },
          },
        },
      ],
      config: CONFIG,
    },
  };
}

/** Mean and interval of the total; the label stands where the interval ends. */
function totalOf(comparison: readonly ComparisonRow[], variant: string) {
  const row = comparisonOf(comparison, 'cost_usd', variant);
  if (row === undefined || row.mean === null) return [];
  const { mean, ciLow: low, ciHigh: high } = row;
  return [{ variant, mean, low, high, end: high ?? mean, label: usdText(mean) }];
}

function itemBars(costs: readonly ItemCost[], y: ReturnType<typeof variantRows>) {
  const items = BILL_ITEMS.map(({ word }) => word).filter((item) =>
    costs.some((cost) => cost.item === item),
  );
  return {
    data: { values: costs.map((cost) => ({ ...cost, order: items.indexOf(cost.item) })) },
    mark: { type: 'bar' as const, height: { band: 0.62 } },
    encoding: {
      y,
      x: {
        field: 'usd',
        type: 'quantitative' as const,
        stack: 'zero' as const,
        title: 'cost of the run, USD',
      },
      color: {
        field: 'item',
        type: 'nominal' as const,
        title: null,
        scale: { domain: items, range: items.map((item) => ITEM_COLOURS[item]) },
      },
      order: { field: 'order', type: 'quantitative' as const },
      tooltip: [
        { field: 'variant', type: 'nominal' as const },
        { field: 'item', type: 'nominal' as const },
        { field: 'usd', type: 'quantitative' as const, title: 'USD', format: ',.2f' },
      ],
    },
  };
}
