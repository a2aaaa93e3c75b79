/**
 * The whole loop against its object-oriented twin: the same digest, and how many times as long the twin takes.
 *
 * Fill       the twin would need hours to fill 10,000 hosts: until `from` and after `from + decided` it is told the hosts
 *            that the engine chose, in between it chooses itself.
 * Times      of the twin, processor time of the window and all that happens in it, in four parts. Of the engine, that of
 *            its whole run by tasks, with assembly, fill and the recording of hosts, without the tables after it.
 */

import { ObjectTwin } from './object-twin.ts';
import { alignedTable } from '../aligned-table.ts';
import { figureOf } from '../runner/figure.ts';
import { loopModel } from './loop-scenario.ts';
import { runLoop } from './run-loop.ts';
import type { Figure } from '../runner/figure.ts';
import type { LoopModel, LoopPolicy, LoopSize } from './loop-scenario.ts';

export interface TwinSize extends LoopSize {
  /** First task that the twin places itself, and how many. */
  readonly from: number;
  readonly decided: number;
}

export interface TwinRace {
  readonly size: TwinSize;
  /** Processor time of one task, us. */
  readonly loopUs: number;
  /** One a part of the window. */
  readonly twinUs: readonly number[];
  readonly fill: number;
  readonly digest: string;
  readonly twinDigest: string;
  readonly waitMeanS: number;
  readonly twinWaitMeanS: number;
}

const WINDOW_PARTS = 4;
const US_PER_MS = 1_000;
const AIM: Readonly<Record<LoopPolicy, number>> = {
  'first-fit': 10,
  'least-allocated-balanced': 100,
};

export function raceTwin(size: TwinSize): TwinRace {
  const model = loopModel(size);
  const { hostOf, loop } = runRecorded(size, model);
  const window = new WindowClock(size);
  const twin = new ObjectTwin(model, size.policy, (task) => {
    window.reached(task);
    return task >= size.from && task < size.from + size.decided ? undefined : hostOf[task];
  });
  twin.run();
  window.reached(size.tasks);
  const waits = twin.waits();
  return {
    size,
    loopUs: (loop.processorMs * US_PER_MS) / size.tasks,
    twinUs: window.usPerTask,
    fill: loop.fill,
    digest: loop.summary.digest,
    twinDigest: twin.digest.toString(),
    waitMeanS: loop.summary.waitSecondsMean ?? 0,
    twinWaitMeanS: waits.reduce((sum, wait) => sum + wait, 0) / Math.max(1, waits.length),
  };
}

/** The engine's run, and the row of the host of each task. */
function runRecorded(size: LoopSize, { hosts }: LoopModel) {
  const rowOf = new Map(hosts.map(({ name }, row) => [name, row]));
  const hostOf = new Int32Array(size.tasks);
  const loop = runLoop(size, ({ task, host }) => {
    hostOf[Number(task.slice(TASK_PREFIX.length))] = rowOf.get(host)!;
  });
  return { hostOf, loop };
}

const TASK_PREFIX = 'task-';

/** Processor time of each part of the window. */
class WindowClock {
  readonly usPerTask: number[] = [];
  private readonly size: TwinSize;
  private usage = process.cpuUsage();

  constructor(size: TwinSize) {
    this.size = size;
  }

  /** The next to be placed is `task`; told in any order within an instant, so parts may be off by a task. */
  reached(task: number): void {
    const { from, decided } = this.size;
    const length = decided / WINDOW_PARTS;
    if (task <= from && this.usPerTask.length === 0) this.usage = process.cpuUsage();
    while (
      this.usPerTask.length < WINDOW_PARTS &&
      task >= from + length * (this.usPerTask.length + 1)
    ) {
      const { user, system } = process.cpuUsage(this.usage);
      this.usage = process.cpuUsage();
      this.usPerTask.push((user + system) / length);
    }
  }
}

export function twinAgrees({ digest, twinDigest, waitMeanS, twinWaitMeanS }: TwinRace): boolean {
  // Sums in another order.
  return digest === twinDigest && Math.abs(waitMeanS - twinWaitMeanS) < 1e-9;
}

export function twinFigure(race: TwinRace): Figure {
  const { size, loopUs, twinUs, digest } = race;
  return figureOf({
    name: 'whole loop',
    workload: size.policy,
    size: `${size.hosts} hosts, ${size.tasks} tasks, ${size.decided} chosen`,
    unit: 'us',
    costs: twinUs.map(() => loopUs),
    twin: 'objects',
    twinCosts: twinUs,
    hash: digest,
    agree: twinAgrees(race),
    ...(size.hosts < 10_000 ? {} : { aim: { atLeast: AIM[size.policy] } }),
  });
}

export function twinTable(races: readonly TwinRace[]): string {
  const titles = ['policy', 'hosts', 'tasks', 'chosen by twin', 'fill'];
  return alignedTable(
    [...titles, 'loop us', 'twin us', 'twin/loop', 'digest', 'twin did'],
    races.map((race) => {
      const { size, fill } = race;
      const { value, twinValue, ratio } = twinFigure(race);
      return [
        size.policy,
        `${size.hosts}`,
        `${size.tasks}`,
        `${size.decided}`,
        `${Math.round(fill * 100)}%`,
        value.toFixed(1),
        twinValue.toFixed(1),
        ratio.toFixed(1),
        race.digest,
        twinAgrees(race) ? 'the same' : 'ANOTHER',
      ];
    }),
  );
}
