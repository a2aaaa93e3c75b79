/** Runs engines over one load in turns, and folds what each decides: equal hashes mean the same host for every task. */

import { IndexEngine } from './index-engine.ts';
import { NaiveEngine } from './naive-engine.ts';
import { ScanEngine } from './scan-engine.ts';
import { Streams } from '../../src/random/streams.ts';
import { drawLoad } from './load.ts';
import type { Contestant } from './contestants.ts';
import type { Draw } from '../../src/placement/tie-rule.ts';
import type { Engine } from './engine.ts';
import type { Load, LoadSize } from './load.ts';

const NS_PER_MS = 1e6;
const NS_PER_US = 1e3;
/** Lengths at which hashes are taken: those that two engines reached are compared. */
const MARKS = 24;
/** The steps whose hash is told, a power of two that every index reaches: a slow machine tells the same as a fast one. */
const HASHED_STEPS = 4_096;

export type EngineName = 'naive' | 'scan' | 'index';

export interface Lap {
  readonly engine: EngineName;
  readonly steps: number;
  /** Processor time of one release and one placement: the median over the turns. */
  readonly ns: number;
  /** Of the hosts of the first steps. */
  readonly hash: number;
}

export interface Race extends LoadSize {
  readonly policy: string;
  readonly laps: readonly Lap[];
  /** All engines took the same host for every task, as far as the slowest came. */
  readonly agree: boolean;
}

/** One engine on its way through the load. */
class Runner {
  readonly name: EngineName;
  readonly turns: number[] = [];
  readonly marks = new Map<number, number>();
  step = 0;
  hash = 0;
  private readonly engine: Engine;
  private readonly load: Load;
  private readonly hostOf: Int32Array;
  private spentNs = 0;
  private stride = 1;

  constructor(name: EngineName, engine: Engine, load: Load, hostOf: Int32Array) {
    this.name = name;
    this.engine = engine;
    this.load = load;
    this.hostOf = hostOf;
  }

  get isDone(): boolean {
    return this.step >= this.load.endingTask.length;
  }

  get spentMs(): number {
    return this.spentNs / NS_PER_MS;
  }

  /** About `turnMs` of steps. */
  turn(turnMs: number): void {
    const steps = Math.min(this.stride, this.load.endingTask.length - this.step);
    const start = process.cpuUsage();
    for (let i = 0; i < steps; i++) this.doStep();
    const { user, system } = process.cpuUsage(start);
    const ns = (user + system) * NS_PER_US;
    this.spentNs += ns;
    this.turns.push(ns / steps);
    if (ns < (turnMs * NS_PER_MS) / 2) this.stride *= 2;
  }

  private doStep(): void {
    const { load, hostOf, engine } = this;
    const ending = load.endingTask[this.step]!;
    const from = hostOf[ending]!;
    if (from >= 0) engine.take(from, load.templateOf[ending]!, ending);
    const task = load.filled + this.step;
    const template = load.templateOf[task]!;
    const host = engine.choose(template);
    if (host >= 0) engine.put(host, template, task);
    hostOf[task] = host;
    this.hash = Math.imul(this.hash ^ host, 0x01000193) >>> 0;
    this.step++;
    if ((this.step & (this.step - 1)) === 0) this.marks.set(this.step, this.hash);
  }

  lap(): Lap {
    // The first half of the turns warms the compiler and the caches.
    const late = this.turns.slice(this.turns.length >> 1).sort((a, b) => a - b);
    return {
      engine: this.name,
      steps: this.step,
      ns: late[late.length >> 1]!,
      hash: this.marks.get(HASHED_STEPS) ?? this.hash,
    };
  }
}

const MAKE: Readonly<
  Record<EngineName, new (load: Load, contestant: Contestant, draw: Draw) => Engine>
> = { naive: NaiveEngine, scan: ScanEngine, index: IndexEngine };

export function race(
  contestant: Contestant,
  size: LoadSize,
  engines: readonly EngineName[],
  budgetMs: number,
): Race {
  const load = drawLoad(size);
  const hostOf = fill(load, contestant);
  const runners = engines.map((name) => {
    const engine = new MAKE[name](load, contestant, draws('steps'));
    for (let task = 0; task < load.filled; task++) {
      if (hostOf[task]! >= 0) engine.put(hostOf[task]!, load.templateOf[task]!, task);
    }
    return new Runner(name, engine, load, hostOf.slice());
  });
  for (let going = runners; going.length > 0;) {
    for (const runner of going) runner.turn(budgetMs / 40);
    going = going.filter((runner) => !runner.isDone && runner.spentMs < budgetMs);
  }
  return {
    ...size,
    policy: contestant.name,
    laps: runners.map((runner) => runner.lap()),
    agree: doAgree(runners),
  };
}

/** The hosts of the tasks that are there when the clock starts, chosen by the index. */
function fill(load: Load, contestant: Contestant): Int32Array {
  const engine = new IndexEngine(load, contestant, draws('fill'));
  const hostOf = new Int32Array(load.templateOf.length).fill(-1);
  for (let task = 0; task < load.filled; task++) {
    const template = load.templateOf[task]!;
    const host = engine.choose(template);
    if (host >= 0) engine.put(host, template, task);
    hostOf[task] = host;
  }
  return hostOf;
}

function draws(name: string): Draw {
  const stream = new Streams(42).open(`race/${name}`);
  return () => stream.next();
}

function doAgree(runners: readonly Runner[]): boolean {
  for (let mark = 0; mark < MARKS; mark++) {
    const hashes = runners.flatMap(({ marks }) => marks.get(1 << mark) ?? []);
    if (new Set(hashes).size > 1) return false;
  }
  return true;
}
