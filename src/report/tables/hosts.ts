/** `hosts.csv`: every host that was ordered; a Fargate micro-VM is one with launch type fargate. */

import type { HostRow } from '../../metrics/rows.ts';
import { columnsOf, type Table } from './table.ts';

export type { HostRow };

const { text, integer, number, seconds, money, price } = columnsOf<HostRow>();

export const HOSTS: Table<HostRow> = {
  name: 'hosts',
  rowPer: 'host',
  columns: [
    text('variant', 'variant', 'name of the variant in the scenario'),
    text('seed', 'seed', 'seed of the replication'),
    text('host', 'host', 'name of the host, unique in its run'),
    text('instance_type', 'instanceType', 'instance type; empty for hosts one owns'),
    text('capacity_type', 'capacityType', 'on-demand, spot or reserved'),
    text('zone', 'zone', 'availability zone'),
    seconds('requested_s', 'requestedUs', 'when it was ordered'),
    seconds('running_s', 'runningUs', 'when the machine ran and billing began'),
    seconds('ready_s', 'readyUs', 'when it could take tasks'),
    seconds('terminated_s', 'terminatedUs', 'when it was gone; empty when still there'),
    text('termination_reason', 'terminationReason', 'why it was terminated'),
    number('cpu_milli', 'cpuMilli', 'milli-cores', 'CPU of the machine'),
    integer('memory_bytes', 'memoryBytes', 'bytes', 'memory of the machine'),
    price('h')(
      'price_usd_per_hour',
      'priceNanoUsdPerHour',
      'price when it was launched; empty when unknown',
    ),
    seconds(
      'billed_s',
      'billedUs',
      'time on the bill; open hosts are billed to the end of the run',
    ),
    money('cost_usd', 'costMicroUsd', 'its lines of the table costs'),
    number(
      'cpu_utilization',
      'cpuUtilization',
      '1',
      'CPU requested while ready',
      'time integral of requested / (allocatable x time ready)',
    ),
    text('launch_type', 'launchType', 'ec2, fargate or external'),
    text('pool', 'pool', 'pool of the scenario that it belongs to'),
  ],
};
