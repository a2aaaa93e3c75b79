/**
 * Runs the default profile by its index, node by node and as objects over one load, in turns, and folds what each decides: equal
 * hashes mean the same node for every pod.
 */

import { ObjectsEngine } from './default-profile-objects.ts';
import { ProfileEngine } from './default-profile-cluster.ts';
import { drawLoad } from './load.ts';
import type { Engine } from './engine.ts';
import type { Load, LoadSize } from './load.ts';

export const CONTESTANTS = ['index', 'loop', 'objects'] as const;
export type ContestantName = (typeof CONTESTANTS)[number];

export interface Heat extends LoadSize {
  /** percentageOfNodesToScore; 0 adapts to the number of nodes. */
  readonly percentage: number;
}

export interface ProfileRace extends Heat {
  /** Processor time of one release and one placement, a round an element. */
  readonly ns: Readonly<Record<ContestantName, readonly number[]>>;
  /** Steps that the index made, and a fold of the nodes that it chose in the first 256: the same however fast it is. */
  readonly steps: number;
  readonly hash: number;
  /** All took the same node for every pod, as far as the slowest came. */
  readonly agree: boolean;
}

const NS_PER_US = 1e3;
const NS_PER_MS = 1e6;
/** 2^8 steps. */
const HASHED_MARK = 8;
/** Rounds that warm the compiler and the caches. */
const WARM_ROUNDS = 2;

interface ProfileLike extends Engine {
  nextStart: number;
}

/** One contestant on its way through the load. */
class Runner {
  step = 0;
  hash = 0;
  /** Hash after each power of two of steps. */
  readonly marks: number[] = [];
  private readonly engine: ProfileLike;
  private readonly load: Load;
  private readonly nodeOf: Int32Array;
  private stride = 1;

  constructor(engine: ProfileLike, load: Load, filled: Filled) {
    this.engine = engine;
    this.load = load;
    this.nodeOf = filled.nodeOf.slice();
    engine.nextStart = filled.nextStart;
    for (let pod = 0; pod < load.filled; pod++) {
      if (this.nodeOf[pod]! >= 0) engine.put(this.nodeOf[pod]!, load.templateOf[pod]!, pod);
    }
  }

  get isDone(): boolean {
    return this.step === this.load.endingTask.length;
  }

  /** About `budgetMs` of steps; ns a step. */
  round(budgetMs: number): number {
    let spentNs = 0;
    const first = this.step;
    while (spentNs < budgetMs * NS_PER_MS && !this.isDone) {
      const steps = Math.min(this.stride, this.load.endingTask.length - this.step);
      const start = process.cpuUsage();
      for (let i = 0; i < steps; i++) this.doStep();
      const { user, system } = process.cpuUsage(start);
      const ns = (user + system) * NS_PER_US;
      spentNs += ns;
      // Strides of a tenth of the budget, so that the clock is read seldom and the budget is kept.
      if (ns < (budgetMs * NS_PER_MS) / 10) this.stride *= 2;
    }
    return spentNs / (this.step - first);
  }

  private doStep(): void {
    const { load, nodeOf, engine } = this;
    const ending = load.endingTask[this.step]!;
    const from = nodeOf[ending]!;
    if (from >= 0) engine.take(from, load.templateOf[ending]!, ending);
    const pod = load.filled + this.step;
    const template = load.templateOf[pod]!;
    const node = engine.choose(template);
    if (node >= 0) engine.put(node, template, pod);
    nodeOf[pod] = node;
    this.hash = Math.imul(this.hash ^ node, 0x01000193) >>> 0;
    this.step++;
    if ((this.step & (this.step - 1)) === 0) this.marks.push(this.hash);
  }
}

/** Where the pods are when the clock starts. */
interface Filled {
  readonly nodeOf: Int32Array;
  readonly nextStart: number;
}

/** As the index places them. */
function fill(load: Load, percentage: number): Filled {
  const engine = new ProfileEngine(load, percentage, true);
  const nodeOf = new Int32Array(load.templateOf.length).fill(-1);
  for (let pod = 0; pod < load.filled; pod++) {
    const template = load.templateOf[pod]!;
    const node = engine.choose(template);
    if (node >= 0) engine.put(node, template, pod);
    nodeOf[pod] = node;
  }
  return { nodeOf, nextStart: engine.nextStart };
}

export function race(heat: Heat, rounds: number, budgetMs: number): ProfileRace {
  const load = drawLoad(heat);
  const { percentage } = heat;
  const filled = fill(load, percentage);
  const runners: Record<ContestantName, Runner> = {
    index: new Runner(new ProfileEngine(load, percentage, true), load, filled),
    loop: new Runner(new ProfileEngine(load, percentage, false), load, filled),
    objects: new Runner(new ObjectsEngine(load, percentage), load, filled),
  };
  const ns: Record<ContestantName, number[]> = { index: [], loop: [], objects: [] };
  for (let round = -WARM_ROUNDS; round < rounds; round++) {
    if (runners.index.isDone) break;
    for (const name of CONTESTANTS) {
      const cost = runners[name].round(budgetMs);
      if (round >= 0) ns[name].push(cost);
    }
  }
  // However slow the machine, the steps whose hash is told are made.
  while (runners.index.marks[HASHED_MARK] === undefined) runners.index.round(budgetMs);
  return {
    ...heat,
    ns,
    steps: runners.index.step,
    hash: runners.index.marks[HASHED_MARK],
    agree: CONTESTANTS.every((name) =>
      runners[name].marks.every((hash, i) => hash === (runners.index.marks[i] ?? hash)),
    ),
  };
}
