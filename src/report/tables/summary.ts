/** `summary.csv`: what one run (variant x seed) came to. */

import type { SummaryRow } from '../../metrics/rows.ts';
import { columnsOf, type Table } from './table.ts';

export type { SummaryRow };

const { text, integer, number, money } = columnsOf<SummaryRow>();

const WAIT = 'over the waiting times of tasks submitted after the warm-up, daemons left out';

export const SUMMARY: Table<SummaryRow> = {
  name: 'summary',
  rowPer: 'variant x seed',
  columns: [
    text('variant', 'variant', 'name of the variant in the scenario'),
    text('seed', 'seed', 'seed of the replication; replication 0 has the root seed'),
    integer(
      'tasks_submitted',
      'tasksSubmitted',
      'tasks',
      'tasks that entered the system, replacements included, daemons left out',
      'tasks_completed + tasks_failed + tasks_cancelled + tasks_running + tasks_pending',
    ),
    integer('tasks_completed', 'tasksCompleted', 'tasks', 'tasks that ended with success'),
    integer('tasks_failed', 'tasksFailed', 'tasks', 'tasks that ended without success'),
    integer(
      'tasks_cancelled',
      'tasksCancelled',
      'tasks',
      'tasks stopped by a decision: evicted, scaled in, replaced',
    ),
    integer(
      'tasks_running',
      'tasksRunning',
      'tasks',
      'tasks on a host when the run ended: placed, pulling or running',
    ),
    integer('tasks_pending', 'tasksPending', 'tasks', 'tasks without a host when the run ended'),
    number('wait_s_mean', 'waitSecondsMean', 's', `mean ${WAIT}`),
    number('wait_s_p50', 'waitSecondsP50', 's', `median ${WAIT}`),
    number('wait_s_p95', 'waitSecondsP95', 's', `95th percentile ${WAIT}`),
    number('wait_s_p99', 'waitSecondsP99', 's', `99th percentile ${WAIT}`),
    number('wait_s_max', 'waitSecondsMax', 's', `maximum ${WAIT}`),
    number(
      'cpu_utilization',
      'cpuUtilization',
      '1',
      'CPU requested on ready hosts, micro-VMs among them, after the warm-up',
      'time integral of requested / time integral of allocatable',
    ),
    number(
      'memory_utilization',
      'memoryUtilization',
      '1',
      'memory requested on ready hosts, micro-VMs among them, after the warm-up',
      'time integral of requested / time integral of allocatable',
    ),
    integer('hosts_peak', 'hostsPeak', 'hosts', 'most hosts at one time, Fargate left out'),
    integer('hosts_launched', 'hostsLaunched', 'hosts', 'hosts ordered, Fargate left out'),
    number(
      'host_hours',
      'hostHours',
      'h',
      'time of all hosts from running to terminated, Fargate left out',
    ),
    integer(
      'interruptions',
      'interruptions',
      'hosts',
      'hosts and micro-VMs that the provider took back or that failed',
    ),
    integer(
      'evictions',
      'evictions',
      'tasks',
      'running tasks stopped for another cause than their own end or a scale-in',
    ),
    money(
      'cost_usd',
      'costMicroUsd',
      'bill of the whole run',
      'sum of cost_usd of the table costs',
    ),
    money('cost_usd_window', 'costWindowMicroUsd', 'bill of the time after the warm-up'),
    integer('events', 'events', 'events', 'events folded into the digest'),
    text('digest', 'digest', 'digest of every event of the run'),
    number(
      'cpu_used',
      'cpuUsed',
      '1',
      'CPU in use on ready hosts, micro-VMs among them, after the warm-up',
      'time integral of used / time integral of allocatable',
    ),
    integer(
      'wait_pending_tasks',
      'waitPendingTasks',
      'tasks',
      'tasks in the waiting times that were still pending: they count with end - submitted, a lower bound of their wait',
    ),
  ],
};
