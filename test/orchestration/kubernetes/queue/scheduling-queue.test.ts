import fc from 'fast-check';
import { NO_ROW } from '../../../../src/cluster/hosts.ts';
import {
  NO_TASK,
  SchedulingQueue,
} from '../../../../src/orchestration/kubernetes/queue/scheduling-queue.ts';
import { PLACE } from '../../../../src/orchestration/kubernetes/queue/batch.ts';
import { ToldQueue } from './told-queue.ts';
import { US_PER_SECOND } from '../../../../src/base/units.ts';
import { describe, expect, it } from 'vitest';
import type { ClusterEvent } from '../../../../src/orchestration/kubernetes/queue/cluster-event.ts';
import type { QueueingHints } from '../../../../src/orchestration/kubernetes/queue/queueing-hints.ts';
import type { TemplateKey } from '../../../../src/orchestration/kubernetes/queue/template.ts';

const FIT = 1;
const TAINT = 2;
const AFFINITY = 4;

/** NodeResourcesFit hears of every node and of deleted pods, TaintToleration of nodes, the third of assigned pods. */
const HINTS: QueueingHints = {
  registered: ({ kind }) => {
    if (kind === 'node-added') return FIT | TAINT;
    return kind === 'pod-deleted' ? FIT : AFFINITY;
  },
  worthTrying: (template, plugins, event) => {
    if (event.kind === 'node-added')
      return (event.host + template.spec) % 3 !== 0 || plugins === TAINT;
    return event.kind !== 'pod-added' || event.task % 2 === template.spec % 2;
  },
};

/** Row i has number i. */
const NUMBERS = { number: Array.from({ length: 4_000 }, (_, task) => task) };

const priorityOf = ({ spec }: TemplateKey): number => spec % 3;

function queueOf(initialSeconds = 1, maxSeconds = 10): SchedulingQueue {
  return new SchedulingQueue({
    backoff: { initialSeconds, maxSeconds },
    hints: HINTS,
    tasks: NUMBERS,
    poolCount: 2,
    priorityOf,
  });
}

const keyOf = (spec: number): TemplateKey => ({
  spec,
  workload: spec >> 1,
  pool: NO_ROW,
  isNominated: false,
});
const seconds = (count: number): number => count * US_PER_SECOND;
const NODE: ClusterEvent = { kind: 'node-added', host: 1 };

/** Pops and fails one pod at a time. */
function failAt(queue: SchedulingQueue, nowUs: number, rejectors: number): number {
  const task = queue.pop(nowUs);
  queue.fail(task, rejectors, nowUs);
  return task;
}

describe('the scheduling queue', () => {
  it('pops by priority, then in order of time', () => {
    const queue = queueOf();
    // Priorities 0, 1, 0.
    for (const [task, spec] of [3, 1, 3].entries()) queue.add(task, keyOf(spec), seconds(task));
    expect([0, 1, 2, 3].map(() => queue.pop(seconds(3)))).toEqual([1, 0, 2, NO_TASK]);
  });

  it('pitfall 8.10: a pod that comes back goes behind its equals that came meanwhile (1.2)', () => {
    const queue = queueOf();
    queue.add(0, keyOf(0), 0);
    expect(queue.pop(0)).toBe(0);
    queue.add(1, keyOf(3), seconds(1));
    queue.fail(0, FIT, seconds(2));
    queue.tell(NODE, seconds(9));
    expect([queue.pop(seconds(9)), queue.pop(seconds(9))]).toEqual([1, 0]);
  });

  it('pitfall 8.10: backs off in windows of whole seconds: 1, 2, 4, 8, 10, 10 s after the second of the failure (1.2)', () => {
    const queue = queueOf();
    queue.add(0, keyOf(0), 0);
    let nowUs = 300_000;
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      failAt(queue, nowUs, 0);
      const nextUs = queue.nextErrorUs;
      expect(queue.pop(nextUs - 1)).toBe(NO_TASK);
      waits.push(nextUs - nowUs);
      nowUs = nextUs + 300_000;
    }
    // Failed at x.3 s: expiry in second x + duration, eligible in the second after it: duration + 1 - 0.3 s.
    expect(waits).toEqual([1, 2, 4, 8, 10, 10].map((wait) => seconds(wait + 0.7)));
  });

  it('pitfall 8.10: an idle scheduler pops from the backoff of refused pods, not of errors (1.2)', () => {
    const queue = queueOf();
    queue.add(0, keyOf(0), 0);
    queue.add(1, keyOf(0), 1);
    failAt(queue, 2, FIT);
    failAt(queue, 3, 0);
    queue.tell(NODE, 4);
    // Pod 0 backs off until second 2 and is popped at once; pod 1 waits.
    expect([queue.pop(5), queue.pop(5)]).toEqual([0, NO_TASK]);
    expect(queue.pop(seconds(2))).toBe(1);
  });

  it('pitfall 8.10: pods of an empty cluster come back by error backoff, without any event (1.2)', () => {
    const queue = queueOf();
    queue.add(0, keyOf(0), 0);
    failAt(queue, 0, 0);
    expect(queue.nextErrorUs).toBe(seconds(2));
    expect(queue.pop(seconds(2))).toBe(0);
  });

  it('pitfall 8.10: only hints of the plugins that refused a pod bring it back (1.2)', () => {
    const queue = queueOf();
    queue.add(0, keyOf(0), 0);
    queue.add(1, keyOf(0), 1);
    failAt(queue, 2, TAINT);
    failAt(queue, 3, FIT);
    queue.tell({ kind: 'pod-deleted', task: 9, priorityMax: Infinity }, 4);
    expect([queue.pop(5), queue.pop(5)]).toEqual([1, NO_TASK]);
  });

  it('pitfall 8.10: what nothing has moved for more than five minutes is tried again (1.2)', () => {
    const queue = queueOf();
    queue.add(0, keyOf(0), 0);
    failAt(queue, seconds(1), AFFINITY);
    queue.flushLeftovers(seconds(300));
    expect(queue.pop(seconds(301))).toBe(NO_TASK);
    queue.flushLeftovers(seconds(301));
    expect(queue.pop(seconds(301))).toBe(NO_TASK);
    queue.flushLeftovers(seconds(301) + 1);
    expect(queue.pop(seconds(302))).toBe(0);
  });

  it('asks about events that came while a pod was in flight', () => {
    const queue = queueOf();
    queue.add(0, keyOf(0), 0);
    queue.tell(NODE, 1);
    queue.pop(1);
    queue.fail(0, FIT, 2);
    expect(queue.canPop).toBe(false);
    queue.tell(NODE, 3);
    queue.pop(3);
    queue.tell(NODE, 4);
    queue.fail(0, FIT, 5);
    expect(queue.canPop).toBe(true);
  });

  it('delivers the end of a nomination to pods of at most its priority', () => {
    const queue = queueOf();
    // Priorities 0 and 1.
    queue.add(0, keyOf(0), 0);
    queue.add(1, keyOf(1), 0);
    failAt(queue, 1, FIT);
    failAt(queue, 1, FIT);
    queue.tell({ kind: 'pod-deleted', task: 9, priorityMax: 0 }, 2);
    expect([queue.pop(3), queue.pop(3)]).toEqual([0, NO_TASK]);
  });

  it('holds a gated pod until it is released', () => {
    const queue = queueOf();
    queue.add(0, keyOf(0), 0, true);
    queue.tell(NODE, 1);
    expect(queue.pop(1)).toBe(NO_TASK);
    queue.release(0);
    expect(queue.pop(2)).toBe(0);
  });
});

const PLACE_NAMES = ['active', 'backoff', 'error-backoff', 'unschedulable', 'gated'];
const SPECS = 5;

interface Step {
  readonly op: string;
  readonly spec: number;
  readonly pick: number;
  readonly rejectors: number;
  readonly passUs: number;
}

const OPS = [
  'add',
  'add',
  'pop',
  'pop',
  'fail',
  'fail',
  'together',
  'done',
  'back',
  'tell',
  'remove',
];
OPS.push('leftovers', 'release', 'gated', 'nominate', 'take');

const step = fc.record({
  op: fc.constantFrom(...OPS),
  spec: fc.nat(SPECS - 1),
  pick: fc.nat(1_000),
  rejectors: fc.constantFrom(0, FIT, FIT, TAINT, FIT | TAINT, AFFINITY),
  passUs: fc.constantFrom(0, 0, 1, 400_000, seconds(1), seconds(3), seconds(40), seconds(200)),
});

class Race {
  queue: SchedulingQueue;
  private readonly told: ToldQueue;
  private readonly options: readonly [number, number];
  private nowUs = 0;
  private added = 0;
  private flying: number[] = [];
  private bound: number[] = [];

  constructor(initialSeconds: number, maxSeconds: number) {
    this.options = [initialSeconds, maxSeconds];
    this.queue = queueOf(initialSeconds, maxSeconds);
    this.told = new ToldQueue(HINTS, priorityOf, initialSeconds, maxSeconds);
  }

  run({ op, spec, pick, rejectors, passUs }: Step): void {
    this.nowUs += passUs;
    const { queue, told, nowUs } = this;
    const flying = this.flying[pick % Math.max(1, this.flying.length)];
    if (op === 'add' || op === 'gated') {
      for (let i = 0; i <= pick % 4; i++) {
        queue.add(this.added, keyOf(spec), nowUs, op === 'gated');
        told.add(this.added++, keyOf(spec), nowUs, op === 'gated');
      }
    } else if (op === 'pop') this.pop();
    else if (op === 'tell') this.tell(pick);
    else if (op === 'leftovers') {
      queue.flushLeftovers(nowUs);
      told.flushLeftovers(nowUs);
    } else if (op === 'remove' || op === 'release') {
      const task = pick % Math.max(1, this.added);
      if (this.flying.includes(task) || told.podOf(task) === undefined) return;
      if (this.bound.includes(task)) return;
      queue[op](task);
      told[op](task);
    } else if (op === 'take') {
      const task = pick % Math.max(1, this.added);
      const isTaken = queue.take(task);
      expect(isTaken).toBe(told.take(task));
      if (isTaken) this.flying.push(task);
    } else if (op === 'back') this.back(pick);
    else if (flying !== undefined) this.land(op, flying, rejectors);
  }

  /** Pods and where they stand, the same in both. */
  compare(): void {
    const { queue, told, nowUs } = this;
    const standings = new Map<number, string>();
    for (const { key, standing, rows, times } of queue.save().batches) {
      for (const [index, task] of rows.entries()) {
        const { place, failures, errors, rejectors } = standing;
        const kept = place === PLACE.unschedulable ? rejectors : 0;
        const text = `${PLACE_NAMES[place]} ${failures} ${errors} ${kept} ${times[index]} ${key.isNominated}`;
        standings.set(task, text);
      }
    }
    const countMax = this.options[1] === 10 ? 5 : 3;
    const waiting = told.pods.filter(({ place }) => place !== 'in-flight' && place !== 'gone');
    expect(queue.size).toBe(waiting.length);
    for (const { task, key, place, failures, errors, rejectors, sinceUs } of waiting) {
      const kept = place === 'unschedulable' ? rejectors : 0;
      const counts = [failures, errors].map((count) => Math.min(count, countMax)).join(' ');
      const text = `${place} ${counts} ${kept} ${sinceUs} ${key.isNominated}`;
      expect(`${nowUs} ${task} ${standings.get(task)}`).toBe(`${nowUs} ${task} ${text}`);
    }
    expect(queue.nextErrorUs).toBe(told.nextErrorUs);
  }

  /** Goes on from a copy. */
  reload(): void {
    const state = structuredClone(this.queue.save());
    this.queue = queueOf(...this.options);
    this.queue.restore(state);
  }

  private pop(): void {
    const task = this.queue.pop(this.nowUs);
    expect(task).toBe(this.told.pop(this.nowUs));
    if (task !== NO_TASK) this.flying.push(task);
  }

  private tell(pick: number): void {
    const events: ClusterEvent[] = [
      { kind: 'node-added', host: pick % 7 },
      { kind: 'pod-deleted', task: pick % 5, priorityMax: pick % 2 === 0 ? Infinity : 0 },
      { kind: 'pod-added', task: pick % 5 },
    ];
    const event = events[pick % 3]!;
    this.queue.tell(event, this.nowUs);
    this.told.tell(event, this.nowUs);
  }

  private back(pick: number): void {
    const [task] = this.bound.splice(pick % Math.max(1, this.bound.length), 1);
    if (task === undefined) return;
    const { key } = this.told.podOf(task)!;
    this.queue.comeBack(task, key, this.nowUs);
    this.told.comeBack(task, key, this.nowUs);
  }

  private land(op: string, task: number, rejectors: number): void {
    const { queue, told, nowUs } = this;
    this.flying = this.flying.filter((other) => other !== task);
    if (op === 'done') {
      queue.done(task);
      told.done(task);
      this.bound.push(task);
    } else if (op === 'together') {
      const first = queue.failTogether(task, rejectors, nowUs);
      const toldFirst = told.failTogether(task, rejectors, nowUs);
      expect(first.sort((a, b) => a - b)).toEqual(toldFirst.sort((a, b) => a - b));
    } else {
      queue.fail(task, rejectors, nowUs, op === 'nominate');
      told.fail(task, rejectors, nowUs, op === 'nominate');
    }
  }
}

describe('the scheduling queue told pod by pod', () => {
  it.each([
    [1, 10],
    [2, 8],
  ])('pops the same and leaves every pod in the same place, backoff %i to %i s', (initial, max) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 150 }), fc.nat(150), (steps, at) => {
        const race = new Race(initial, max);
        for (const [index, one] of steps.entries()) {
          race.run(one);
          race.compare();
          if (index === at) race.reload();
        }
      }),
      { seed: 42, numRuns: 200 },
    );
  });
});
