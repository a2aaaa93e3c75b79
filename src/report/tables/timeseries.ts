/** `timeseries.csv`: the state of a run at each sampling time. */

import type { TimeseriesRow } from '../../metrics/rows.ts';
import { columnsOf, type Table } from './table.ts';

export type { TimeseriesRow };

const { text, integer, number, seconds, money } = columnsOf<TimeseriesRow>();

export const TIMESERIES: Table<TimeseriesRow> = {
  name: 'timeseries',
  rowPer: 'sample',
  columns: [
    text('variant', 'variant', 'name of the variant in the scenario'),
    text('seed', 'seed', 'seed of the replication'),
    seconds('time_s', 'timeUs', 'simulated time of the sample'),
    integer('pending', 'pending', 'tasks', 'tasks without a host, daemons left out'),
    integer(
      'running',
      'running',
      'tasks',
      'tasks on a host (placed, pulling or running), daemons left out',
    ),
    integer('hosts', 'hosts', 'hosts', 'ready hosts, Fargate left out'),
    number(
      'cpu_requested_milli',
      'cpuRequestedMilli',
      'milli-cores',
      'CPU requested by tasks on ready hosts, micro-VMs among them',
    ),
    number(
      'cpu_allocatable_milli',
      'cpuAllocatableMilli',
      'milli-cores',
      'CPU that ready hosts offer to tasks, micro-VMs among them',
    ),
    integer(
      'memory_requested_bytes',
      'memoryRequestedBytes',
      'bytes',
      'memory requested by tasks on ready hosts, micro-VMs among them',
    ),
    integer(
      'memory_allocatable_bytes',
      'memoryAllocatableBytes',
      'bytes',
      'memory that ready hosts offer to tasks, micro-VMs among them',
    ),
    money('cost_usd', 'costMicroUsd', 'bill from the start of the run to the sample'),
  ],
};
