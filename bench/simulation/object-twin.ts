/**
 * The same model as one writes it first: an object a host, a task and an event, a heap of events that hold closures, and
 * every host asked for every task. Written from the model, not from the engine; random numbers, the fingerprint and the
 * container's start-up time are the engine's own, so that both see the same world.
 *
 *     arrival -> waits -> placed -> (container starts) -> runs -> ends -> whoever waits is tried again, first come first
 *
 * Instants   what happens at one time goes by phase: ends, starts, arrivals, placement; then in order of scheduling.
 * Kept       every task, to the end; statistics are computed from them plainly.
 * Replay     in place of asking all hosts, the host of a task may be told: to reach a full fleet in reasonable time.
 */

import FastPriorityQueue from 'fastpriorityqueue';
import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { DIGEST_KIND, Digest } from '../../src/simulation/digest.ts';
import { HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { Streams } from '../../src/random/streams.ts';
import { US_PER_SECOND } from '../../src/base/units.ts';
import { chooseHost } from './object-policies.ts';
import { containerStarts } from '../../src/runtime/container-start.ts';
import { ln } from '../../src/random/portable-math.ts';
import type { LoopJobs, LoopModel, LoopPolicy } from './loop-scenario.ts';
import type { Stream } from '../../src/random/streams.ts';
import type { TwinHost } from './object-policies.ts';

interface TwinEvent {
  readonly timeUs: number;
  readonly phase: number;
  readonly sequence: number;
  readonly happen: () => void;
}

interface TwinTask {
  readonly number: number;
  /** Number among the tasks of its jobs. */
  readonly ordinal: number;
  readonly jobs: LoopJobs;
  readonly submittedUs: number;
  readonly durationUs: number;
  startedUs?: number;
  endedUs?: number;
  host?: TwinHost;
}

const PHASE = { end: 0, start: 3, arrival: 4, placement: 6 } as const;

/** Told before a task is placed: the row of its host, or undefined to have it chosen. */
type Replay = (task: number) => number | undefined;

export class ObjectTwin {
  readonly digest = new Digest();
  readonly tasks: TwinTask[] = [];
  private readonly model: LoopModel;
  private readonly policy: LoopPolicy;
  private readonly replay: Replay;
  private readonly hosts: TwinHost[];
  private readonly calendar = new FastPriorityQueue<TwinEvent>(
    (a, b) =>
      a.timeUs < b.timeUs ||
      (a.timeUs === b.timeUs &&
        (a.phase < b.phase || (a.phase === b.phase && a.sequence < b.sequence))),
  );
  private readonly parameters = new AssumedParameters({});
  private readonly streams: Streams;
  private waiting: TwinTask[] = [];
  private nowUs = 0;
  private scheduled = 0;
  private placementIsDue = false;

  constructor(model: LoopModel, policy: LoopPolicy, replay: Replay = () => undefined) {
    this.model = model;
    this.policy = policy;
    this.replay = replay;
    this.streams = new Streams(model.seed);
    this.hosts = model.hosts.map((shape, id) => ({
      id,
      cpu: { all: shape.cpuMilli, free: shape.cpuMilli },
      memory: { all: shape.memoryBytes, free: shape.memoryBytes },
      gpusFree: shape.gpus,
    }));
  }

  run(): void {
    for (const { id } of this.hosts) {
      for (const state of [HOST_STATE.running, HOST_STATE.ready]) {
        this.digest.fold(0, DIGEST_KIND.hostState, NO_ROW, id * 8 + state);
      }
    }
    for (const jobs of this.model.jobs) this.open(jobs);
    for (let event = this.calendar.poll(); event !== undefined; event = this.calendar.poll()) {
      this.nowUs = event.timeUs;
      event.happen();
    }
  }

  /** Of tasks submitted after the warm-up, seconds, shortest first. */
  waits(): number[] {
    return this.tasks
      .filter(({ submittedUs }) => submittedUs >= this.model.warmupS * US_PER_SECOND)
      .map(({ submittedUs, startedUs }) => (startedUs! - submittedUs) / US_PER_SECOND)
      .sort((a, b) => a - b);
  }

  private at(timeUs: number, phase: number, happen: () => void): void {
    this.calendar.add({ timeUs, phase, sequence: this.scheduled++, happen });
  }

  private open(jobs: LoopJobs): void {
    const gaps = this.streams.open(`arrivals/${jobs.name}`);
    const durations = this.streams.open(`${jobs.name}/duration`);
    let submitted = 0;
    let atUs = 0;
    const next = (): void => {
      if (submitted === jobs.limit) return;
      atUs += exponential(US_PER_SECOND / jobs.ratePerSecond, gaps);
      this.at(Math.round(atUs), PHASE.arrival, () => {
        const meanUs = this.model.lifetimeS * US_PER_SECOND;
        const durationUs = Math.max(1, Math.round(exponential(meanUs, durations)));
        this.submit(jobs, submitted++, durationUs);
        next();
      });
    };
    next();
  }

  private submit(jobs: LoopJobs, ordinal: number, durationUs: number): void {
    const number = this.tasks.length;
    const task: TwinTask = { number, ordinal, jobs, submittedUs: this.nowUs, durationUs };
    this.tasks.push(task);
    this.fold(DIGEST_KIND.arrive, task);
    this.waiting.push(task);
    this.placeSoon();
  }

  private placeSoon(): void {
    if (this.placementIsDue || this.waiting.length === 0) return;
    this.placementIsDue = true;
    this.at(this.nowUs, PHASE.placement, () => {
      this.placementIsDue = false;
      this.waiting = this.waiting.filter((task) => !this.place(task));
    });
  }

  private place(task: TwinTask): boolean {
    const told = this.replay(task.number);
    const host =
      told === undefined ? chooseHost(this.policy, this.hosts, task.jobs) : this.hosts[told];
    if (host === undefined) return false;
    task.host = host;
    this.take(task, host, 1);
    this.fold(DIGEST_KIND.bind, task);
    const stream = `${this.model.seed}/${task.jobs.name}`;
    const startUs = containerStarts(this.parameters, stream).us(task.ordinal);
    this.at(this.nowUs + startUs, PHASE.start, () => {
      task.startedUs = this.nowUs;
      this.fold(DIGEST_KIND.start, task);
      this.fold(DIGEST_KIND.ready, task);
      this.at(this.nowUs + task.durationUs, PHASE.end, () => {
        task.endedUs = this.nowUs;
        this.take(task, host, -1);
        this.fold(DIGEST_KIND.end, task);
        this.placeSoon();
      });
    });
    return true;
  }

  private take({ jobs }: TwinTask, host: TwinHost, sign: 1 | -1): void {
    host.cpu.free -= sign * jobs.cpuMilli;
    host.memory.free -= sign * jobs.memoryBytes;
    host.gpusFree -= sign * jobs.gpus;
  }

  private fold(kind: number, { number, host }: TwinTask): void {
    this.digest.fold(this.nowUs, kind, number, host?.id ?? NO_ROW);
  }
}

function exponential(mean: number, stream: Stream): number {
  return -mean * ln(1 - stream.next()) + 0;
}
