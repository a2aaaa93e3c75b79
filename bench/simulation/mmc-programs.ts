/**
 * The queue M/M/c three times in this language:
 *
 *   kernel    a bare queue on the engine's kernel and calendar
 *   engine    the whole engine: a replayed trace on one host of c cores, with metrics, digest, auditors and cost
 *   objects   what one writes first: a heap of events with closures, an object a customer
 *
 * Each returns the mean wait; the time is taken by the caller.
 */

import FastPriorityQueue from 'fastpriorityqueue';
import { Kernel } from '../../src/kernel/kernel.ts';
import { LadderCalendar } from '../../src/kernel/ladder-calendar.ts';
import { MIB, TICKS_PER_CORE, US_PER_SECOND } from '../../src/base/units.ts';
import { PHASE } from '../../src/simulation/phases.ts';
import { SERVERS } from './mmc-draws.ts';
import { knownPolicies } from '../../src/scenario/registry.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import { runCell } from '../../src/experiment/run-cell.ts';
import { traceKey } from '../../src/scenario/inputs.ts';
import type { CalendarEvent } from '../../src/kernel/calendar.ts';
import type { Draws } from './mmc-draws.ts';

const ARRIVAL = 0;
const DEPARTURE = 1;

class KernelQueue {
  readonly kernel = new Kernel(new LadderCalendar(), (event) => this.handle(event));
  waitSumUs = 0;
  private readonly draws: Draws;
  private readonly arrivedUs: Float64Array;
  private arrived = 0;
  /** Customers start in the order in which they came. */
  private started = 0;
  private busy = 0;

  constructor(draws: Draws) {
    this.draws = draws;
    this.arrivedUs = new Float64Array(draws.gapsUs.length);
    this.expectArrival();
  }

  private handle({ kind, timeUs }: Readonly<CalendarEvent>): void {
    if (kind === ARRIVAL) {
      this.arrivedUs[this.arrived++] = timeUs;
      this.expectArrival();
    } else this.busy--;
    if (this.busy < SERVERS && this.started < this.arrived) this.start(timeUs);
  }

  private start(nowUs: number): void {
    const customer = this.started++;
    this.busy++;
    this.waitSumUs += nowUs - this.arrivedUs[customer]!;
    const endUs = nowUs + this.draws.servicesUs[customer]!;
    this.kernel.schedule(endUs, PHASE.completion, DEPARTURE, customer);
  }

  private expectArrival(): void {
    const { gapsUs } = this.draws;
    if (this.arrived === gapsUs.length) return;
    const atUs = this.kernel.nowUs + gapsUs[this.arrived]!;
    this.kernel.schedule(atUs, PHASE.arrival, ARRIVAL, this.arrived);
  }
}

function byKernel(draws: Draws): number {
  const queue = new KernelQueue(draws);
  while (queue.kernel.step());
  return queue.waitSumUs / draws.gapsUs.length;
}

function byEngine({ gapsUs, servicesUs }: Draws): number {
  let atUs = 0;
  const submittedUs = gapsUs.map((gapUs) => (atUs += gapUs));
  const { variants, seed } = loadScenario(scenarioUntil(atUs), 'mmc.yaml', {
    knownPolicies: knownPolicies(),
  });
  const [workload] = variants[0]!.scenario.workload;
  if (workload?.kind !== 'trace') throw new Error('the scenario of M/M/c has a trace');
  const trace = {
    specs: [plainTaskSpec(workload.name, 'trace', TICKS_PER_CORE, MIB)],
    specOf: new Int32Array(gapsUs.length),
    submittedUs,
    durationUs: servicesUs,
    names: [],
  };
  const { summary } = runCell(
    variants[0]!,
    seed,
    { traces: { [traceKey(workload)]: trace }, hosts: {}, manifests: {}, nodePools: {} },
    { recordDecisions: false, policies: [], taskSink: { write: () => {} } },
  );
  return summary.waitSecondsMean! * US_PER_SECOND;
}

function scenarioUntil(lastUs: number): string {
  return `
name: mmc
seed: 42
duration: ${Math.ceil(lastUs / US_PER_SECOND) + 1_000}s
workload:
  - trace: { name: customers, format: csv, file: drawn.csv }
variants:
  fcfs:
    orchestrator: batch
    pools: { servers: { external: { hosts: 1, cpu: ${SERVERS}, memory: 1GiB, costPerHour: 1 } } }
`;
}

interface Customer {
  readonly arrivedUs: number;
  readonly serviceUs: number;
}

function byObjects({ gapsUs, servicesUs }: Draws): number {
  const events = new FastPriorityQueue<{ timeUs: number; sequence: number; happen: () => void }>(
    (a, b) => a.timeUs < b.timeUs || (a.timeUs === b.timeUs && a.sequence < b.sequence),
  );
  const waiting: Customer[] = [];
  let [nowUs, sequence, busy, waitSumUs, next, head] = [0, 0, 0, 0, 0, 0];
  const at = (timeUs: number, happen: () => void): void =>
    events.add({ timeUs, sequence: sequence++, happen });
  const start = ({ arrivedUs, serviceUs }: Customer): void => {
    busy++;
    waitSumUs += nowUs - arrivedUs;
    at(nowUs + serviceUs, () => {
      busy--;
      if (head < waiting.length) start(waiting[head++]!);
    });
  };
  const arrive = (): void => {
    const customer = { arrivedUs: nowUs, serviceUs: servicesUs[next]! };
    if (busy < SERVERS) start(customer);
    else waiting.push(customer);
    next++;
    if (next < gapsUs.length) at(nowUs + gapsUs[next]!, arrive);
  };
  at(gapsUs[0]!, arrive);
  for (let event = events.poll(); event !== undefined; event = events.poll()) {
    nowUs = event.timeUs;
    event.happen();
  }
  return waitSumUs / gapsUs.length;
}

export const PROGRAMS = { kernel: byKernel, engine: byEngine, objects: byObjects };
export type ProgramName = keyof typeof PROGRAMS;
