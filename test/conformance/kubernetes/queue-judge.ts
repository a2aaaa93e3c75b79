/** Tells a history to our scheduling queue and compares the pods that it pops, and where all pods stand, with the real one. */

import {
  NO_TASK,
  SchedulingQueue,
} from '../../../src/orchestration/kubernetes/queue/scheduling-queue.ts';
import { PLACE } from '../../../src/orchestration/kubernetes/queue/batch.ts';
import { US_PER_SECOND } from '../../../src/base/units.ts';
import { FIT, SPREAD, TAINT } from './queue-case.ts';
import {
  rejectorBit,
  rejectorBits,
} from '../../../src/orchestration/kubernetes/queue/rejectors.ts';
import type { ClusterEvent } from '../../../src/orchestration/kubernetes/queue/cluster-event.ts';
import type { PluginName } from '../../../src/orchestration/kubernetes/framework/status.ts';
import type { QueueCase, QueueStep } from './queue-case.ts';
import type { QueueingHints } from '../../../src/orchestration/kubernetes/queue/queueing-hints.ts';
import type { TemplateKey } from '../../../src/orchestration/kubernetes/queue/template.ts';

interface Moment {
  readonly popped: string;
  readonly active: string;
  readonly backoff: string;
  readonly unschedulable: string;
}

const US_PER_MS = 1_000;
const PRIORITIES = 3;
const SPECS = 5;

const [fit, taint, spread] = [FIT, TAINT, SPREAD].map((plugin) =>
  rejectorBit(plugin as 'NodeName'),
);

/** As the real program's cases: the template of a pod is `workload`, its number's rest by 5, and `pool`, its priority. */
const HINTS: QueueingHints = {
  registered: ({ kind }) => {
    if (kind === 'node-added') return fit! | taint!;
    return kind === 'pod-deleted' ? fit! : spread!;
  },
  worthTrying: ({ workload }, plugins, event) => {
    if (event.kind === 'node-added') {
      const ofFit = (plugins & fit!) !== 0 && (workload + event.host) % 3 !== 0;
      return ofFit || ((plugins & taint!) !== 0 && (workload + event.host) % 2 === 0);
    }
    return event.kind !== 'pod-added' || workload % 2 === event.task % 2;
  },
};

export function judgeQueue(input: unknown, output: unknown): string | undefined {
  const { initialSeconds, maxSeconds, steps } = input as QueueCase;
  const history = new History(initialSeconds, maxSeconds);
  for (const [at, step] of steps.entries()) {
    const ours = history.take(step);
    const real = (output as readonly Moment[])[at]!;
    for (const key of ['popped', 'active', 'backoff', 'unschedulable'] as const) {
      if (ours[key] === real[key]) continue;
      return `step ${at} (${step.op}): ${key} ${ours[key]}, really ${real[key]}`;
    }
  }
  return undefined;
}

class History {
  private readonly queue: SchedulingQueue;
  private readonly backoff: readonly [initialSeconds: number, maxSeconds: number];
  private nowUs = 0;
  private added = 0;
  private readonly flying: number[] = [];

  constructor(initialSeconds: number, maxSeconds: number) {
    this.backoff = [initialSeconds, maxSeconds];
    this.queue = new SchedulingQueue({
      backoff: { initialSeconds, maxSeconds },
      hints: HINTS,
      tasks: { number: Array.from({ length: 100 }, (_, task) => task) },
      poolCount: PRIORITIES,
      priorityOf: ({ pool }) => pool,
    });
  }

  take(step: QueueStep): Moment {
    this.nowUs += step.passMs * US_PER_MS;
    const popped = this.act(step);
    return { popped: popped === NO_TASK ? '' : `${popped}`, ...this.places() };
  }

  /** The pod that was popped. */
  private act({ op, number, plugins }: QueueStep): number {
    const { queue, nowUs } = this;
    if (op === 'add') queue.add(this.added++, keyOf(number), nowUs);
    else if (op === 'pop') return this.fly(queue.pop(nowUs));
    else if (op === 'take') {
      const task = this.added === 0 ? NO_TASK : number % this.added;
      return this.fly(task !== NO_TASK && queue.take(task) ? task : NO_TASK);
    } else if (op === 'fail' || op === 'done') {
      const [task] = this.flying.splice(number % Math.max(1, this.flying.length), 1);
      if (task === undefined) return NO_TASK;
      if (op === 'done') queue.done(task);
      else queue.fail(task, rejectorBits(plugins as PluginName[]), nowUs);
    } else if (op === 'leftovers') queue.flushLeftovers(nowUs);
    else queue.tell(eventOf(op, number), nowUs);
    return NO_TASK;
  }

  private fly(task: number): number {
    if (task !== NO_TASK) this.flying.push(task);
    return task;
  }

  /** Ours moves pods out of backoff when it pops, the real one each second: those whose backoff is over are active. */
  private places(): Omit<Moment, 'popped'> {
    const names: [active: string[], backoff: string[], unschedulable: string[]] = [[], [], []];
    for (const { standing, rows, times } of this.queue.save().batches) {
      for (const [index, task] of rows.entries()) {
        let at = standing.place === PLACE.active ? 0 : 1;
        if (standing.place === PLACE.unschedulable) at = 2;
        if (at === 1 && this.isOver(standing, times[index]!)) at = 0;
        names[at]!.push(`${task}`);
      }
    }
    const [active, backoff, unschedulable] = names.map((list) => list.sort(byText).join(' '));
    return { active: active!, backoff: backoff!, unschedulable: unschedulable! };
  }

  private isOver(counts: { failures: number; errors: number }, sinceUs: number): boolean {
    const count = counts.errors > 0 ? counts.errors : counts.failures;
    const [initialSeconds, maxSeconds] = this.backoff;
    const waitUs = Math.min(maxSeconds, initialSeconds * 2 ** (count - 1)) * US_PER_SECOND;
    return Math.floor((sinceUs + waitUs) / US_PER_SECOND) < Math.floor(this.nowUs / US_PER_SECOND);
  }
}

function keyOf(number: number): TemplateKey {
  return { spec: 0, workload: number % SPECS, pool: number % PRIORITIES, isNominated: false };
}

function eventOf(kind: 'node-added' | 'pod-deleted' | 'pod-added', number: number): ClusterEvent {
  if (kind === 'node-added') return { kind, host: number };
  if (kind === 'pod-added') return { kind, task: number };
  return { kind, task: number, priorityMax: number % 2 === 0 ? Infinity : 0 };
}

/** As Go sorts strings. */
function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
