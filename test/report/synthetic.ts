/**
 * A made-up output folder with the shape of a real one: three variants under the same five seeds, a day with a daily
 * profile and nightly jobs. It exists to draw charts from; nothing in it was simulated. Seeded, so that it never changes.
 */

import ln from '@stdlib/math-base-special-ln';
import seedrandom from 'seedrandom';
import { GIB, US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from '../../src/base/units.ts';
import type { BillItem } from '../../src/base/reasons.ts';
import type { CostRow } from '../../src/report/tables/costs.ts';
import type { SummaryRow } from '../../src/report/tables/summary.ts';
import type { TaskRow } from '../../src/report/tables/tasks.ts';
import type { TimeseriesRow } from '../../src/report/tables/timeseries.ts';

export interface SyntheticTables {
  readonly summary: SummaryRow[];
  readonly tasks: TaskRow[];
  readonly costs: CostRow[];
  readonly timeseries: TimeseriesRow[];
}

interface Shape {
  readonly variant: string;
  /** Share of tasks that find room at once. */
  readonly immediate: number;
  /** Mean wait of the others, seconds. */
  readonly scaleOutSeconds: number;
  /** Cores of one host; 0 for Fargate. */
  readonly coresPerHost: number;
  /** Hosts kept beyond need, as a factor. */
  readonly slack: number;
  readonly bill: readonly (readonly [BillItem, number])[];
}

const SHAPES: readonly Shape[] = [
  {
    variant: 'ecs-ec2-asg',
    immediate: 0.7,
    scaleOutSeconds: 260,
    coresPerHost: 8,
    slack: 1.35,
    bill: [
      ['ec2', 41],
      ['load-balancer', 1.1],
      ['nat', 2.2],
      ['registry', 0.2],
    ],
  },
  {
    variant: 'eks-karpenter',
    immediate: 0.62,
    scaleOutSeconds: 75,
    coresPerHost: 16,
    slack: 1.12,
    bill: [
      ['ec2', 31],
      ['eks-control-plane', 2.4],
      ['load-balancer', 1.1],
      ['nat', 2.2],
      ['registry', 0.2],
    ],
  },
  {
    variant: 'ecs-fargate',
    immediate: 0,
    scaleOutSeconds: 24,
    coresPerHost: 0,
    slack: 1,
    bill: [
      ['fargate-vcpu', 39],
      ['fargate-memory', 9],
      ['load-balancer', 1.1],
      ['nat', 3],
      ['registry', 0.2],
    ],
  },
];

const SEEDS = ['42', '1803276251', '992810444', '3310245871', '207718934'];
const DURATION_US = 24 * US_PER_HOUR;
export const WARMUP_US = US_PER_HOUR;
const TASKS_PER_RUN = 400;
const SAMPLE_US = 5 * US_PER_MINUTE;

export function syntheticTables(): SyntheticTables {
  const tables: SyntheticTables = { summary: [], tasks: [], costs: [], timeseries: [] };
  for (const shape of SHAPES) for (const seed of SEEDS) addRun(tables, shape, seed);
  return tables;
}

function addRun(tables: SyntheticTables, shape: Shape, seed: string): void {
  const random = seedrandom.alea(`${seed}/${shape.variant}`);
  const load = 0.9 + 0.2 * seedrandom.alea(seed)(); // common to all variants of a seed
  const tasks = tasksOf(shape, seed, random);
  const costs = shape.bill.map(([item, usd]) => costOf(shape, seed, item, usd * load));
  const timeseries = timeseriesOf(shape, seed, load, random);
  tables.tasks.push(...tasks);
  tables.costs.push(...costs);
  tables.timeseries.push(...timeseries);
  tables.summary.push(summaryOf(shape, seed, tasks, costs, timeseries));
}

function tasksOf(shape: Shape, seed: string, random: () => number): TaskRow[] {
  return Array.from({ length: TASKS_PER_RUN }, (_, index) => {
    const submittedUs = Math.floor(random() * DURATION_US);
    const exponential = -ln(1 - random());
    const seconds =
      random() < shape.immediate ? 0.2 + 2 * random() : 8 + shape.scaleOutSeconds * exponential;
    const startedUs = submittedUs + Math.floor(seconds * US_PER_SECOND);
    const isPending = startedUs >= DURATION_US;
    const finishedUs = startedUs + Math.floor(1200 * US_PER_SECOND * random());
    const isDone = !isPending && finishedUs < DURATION_US;
    return {
      variant: shape.variant,
      seed,
      task: `nightly-${index}`,
      workload: 'nightly',
      kind: 'job',
      orchestrator: shape.variant.slice(0, 3) === 'eks' ? 'kubernetes' : 'ecs',
      launchType: shape.coresPerHost === 0 ? 'fargate' : 'ec2',
      zone: 'a',
      host: isPending ? '' : `host-${index % 20}`,
      instanceType: shape.coresPerHost === 0 ? '' : 'm6i.2xlarge',
      cpuMilli: 2000,
      memoryBytes: 4 * GIB,
      gpuMilli: 0,
      submittedUs,
      placedUs: isPending ? null : startedUs,
      pulledUs: isPending ? null : startedUs,
      startedUs: isPending ? null : startedUs,
      readyUs: isPending ? null : startedUs,
      finishedUs: isDone ? finishedUs : null,
      waitUs: Math.min(startedUs, DURATION_US) - submittedUs,
      state: isPending ? 'pending' : isDone ? 'completed' : 'running',
      origin: `nightly-${index}`,
      attempts: isPending ? 0 : 1,
      reason: isPending ? 'insufficient-cpu' : isDone ? 'completed' : '',
    };
  });
}

function costOf(shape: Shape, seed: string, item: BillItem, usd: number): CostRow {
  const costMicroUsd = Math.floor(usd * 1_000_000);
  return {
    variant: shape.variant,
    seed,
    workload: 'nightly',
    item,
    resource: item,
    quantity: usd,
    unit: 'h',
    priceNanoUsd: 1_000_000_000,
    costMicroUsd,
  };
}

function timeseriesOf(
  shape: Shape,
  seed: string,
  load: number,
  random: () => number,
): TimeseriesRow[] {
  const rows: TimeseriesRow[] = [];
  for (let timeUs = 0; timeUs <= DURATION_US; timeUs += SAMPLE_US) {
    const day = timeUs / DURATION_US;
    const bump = 4 * day * (1 - day); // 0 at midnight, 1 at noon
    const cores = (20 + 90 * bump * bump) * load + 4 * random();
    const hosts =
      shape.coresPerHost === 0
        ? 0
        : Math.max(2, Math.ceil((cores * shape.slack) / shape.coresPerHost));
    const allocatable = hosts * shape.coresPerHost * 950;
    const rising = day > 0.1 && day < 0.5 ? 1 : 0.2;
    rows.push({
      variant: shape.variant,
      seed,
      timeUs,
      pending: Math.floor((shape.scaleOutSeconds / 14) * rising * random()),
      running: Math.floor(cores),
      hosts,
      cpuRequestedMilli: hosts === 0 ? 0 : Math.min(allocatable, Math.floor(cores * 1000)),
      cpuAllocatableMilli: allocatable,
      memoryRequestedBytes: hosts === 0 ? 0 : Math.floor(cores) * 2 * GIB,
      memoryAllocatableBytes: hosts * shape.coresPerHost * 4 * GIB,
      costMicroUsd: Math.floor(day * 40_000_000),
    });
  }
  return rows;
}

function summaryOf(
  shape: Shape,
  seed: string,
  tasks: readonly TaskRow[],
  costs: readonly CostRow[],
  timeseries: readonly TimeseriesRow[],
): SummaryRow {
  const waits = tasks
    .filter((task) => task.submittedUs >= WARMUP_US)
    .map((task) => (task.waitUs ?? 0) / US_PER_SECOND)
    .sort((a, b) => a - b);
  const rank = (p: number): number => waits[Math.max(0, Math.ceil(p * waits.length) - 1)] ?? 0;
  const inState = (state: string): number => tasks.filter((task) => task.state === state).length;
  const sum = (values: readonly number[]): number =>
    values.reduce((total, value) => total + value, 0);
  const costMicroUsd = sum(costs.map((line) => line.costMicroUsd ?? 0));
  const requested = sum(timeseries.map((row) => row.cpuRequestedMilli));
  const allocatable = sum(timeseries.map((row) => row.cpuAllocatableMilli));
  const hosts = timeseries.map((row) => row.hosts);
  const utilization = allocatable === 0 ? null : requested / allocatable;
  return {
    variant: shape.variant,
    seed,
    tasksSubmitted: tasks.length,
    tasksCompleted: inState('completed'),
    tasksFailed: 0,
    tasksCancelled: 0,
    tasksRunning: inState('running'),
    tasksPending: inState('pending'),
    waitSecondsMean: sum(waits) / waits.length,
    waitSecondsP50: rank(0.5),
    waitSecondsP95: rank(0.95),
    waitSecondsP99: rank(0.99),
    waitSecondsMax: rank(1),
    cpuUtilization: utilization,
    memoryUtilization: utilization === null ? null : utilization / 2,
    hostsPeak: Math.max(...hosts),
    hostsLaunched: Math.max(...hosts) + 6,
    hostHours: sum(hosts) / 12,
    interruptions: 0,
    evictions: 0,
    costMicroUsd,
    costWindowMicroUsd: Math.floor((costMicroUsd * 23) / 24),
    events: 12_345,
    digest: 'made-up',
    cpuUsed: utilization === null ? null : utilization * 0.6,
    waitPendingTasks: inState('pending'),
  };
}
