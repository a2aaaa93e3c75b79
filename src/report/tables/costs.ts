/** `costs.csv`: every line of the bill, shared among the workloads. */

import type { CostRow } from '../../metrics/rows.ts';
import { columnsOf, type Table } from './table.ts';

export type { CostRow };

const { text, number, money, price } = columnsOf<CostRow>();

export const COSTS: Table<CostRow> = {
  name: 'costs',
  rowPer: 'bill line',
  columns: [
    text('variant', 'variant', 'name of the variant in the scenario'),
    text('seed', 'seed', 'seed of the replication'),
    text(
      'workload',
      'workload',
      'workload that the line is for, by max(CPU share, memory share) of requests on a host; idle for the remainder',
    ),
    text('item', 'item', 'what the line is for'),
    text('resource', 'resource', 'instance type, cluster or other thing that is billed'),
    number('quantity', 'quantity', 'unit column', 'how much of it'),
    text('unit', 'unit', 'unit of the quantity'),
    price('unit')('price_usd', 'priceNanoUsd', 'price of one unit; empty when unknown'),
    money(
      'cost_usd',
      'costMicroUsd',
      'cost of the line; empty when the price is unknown',
      'quantity x price_usd, rounded once to a micro-USD',
    ),
  ],
};
