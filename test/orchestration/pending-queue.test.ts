import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterBuilder } from './cluster-builder.ts';
import { HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { NO_TASK, PendingQueue } from '../../src/orchestration/pending-queue.ts';
import { TASK_STATE } from '../../src/cluster/tasks.ts';

interface Operation {
  readonly kind: 'add' | 'withdraw' | 'move' | 'try' | 'room' | 'restore';
  readonly pick: number;
  readonly other: number;
  readonly afterUs: number;
  /** The queue reads the journal at the end of the operation. */
  readonly isRead: boolean;
}

const operations = fc.array(
  fc.record({
    kind: fc.constantFrom<Operation['kind']>(
      ...([
        'add',
        'add',
        'add',
        'withdraw',
        'move',
        'try',
        'try',
        'try',
        'room',
        'restore',
      ] as const),
    ),
    pick: fc.nat(1_000),
    other: fc.nat(1_000),
    afterUs: fc.nat(2),
    isRead: fc.boolean(),
  }),
  { minLength: 40, maxLength: 120, size: 'max' },
);

/** The dull twin: all pending tasks in a sorted array, and the set of lines that were tried in vain. */
class SortedArray {
  private readonly world: ClusterBuilder;
  private readonly strictOrder: boolean;
  private readonly blocked = new Set<string>();

  constructor(world: ClusterBuilder, strictOrder: boolean) {
    this.world = world;
    this.strictOrder = strictOrder;
  }

  waiting(): number[] {
    const { tasks, specs } = this.world.cluster;
    const priority = (task: number) => specs.at(tasks.spec[task]!).priority;
    return Array.from({ length: tasks.count }, (_, task) => task)
      .filter((task) => tasks.state[task] === TASK_STATE.pending && tasks.cluster[task] === 0)
      .sort(
        (a, b) =>
          priority(b) - priority(a) || tasks.submittedUs[a]! - tasks.submittedUs[b]! || a - b,
      );
  }

  head(): number {
    for (const task of this.waiting()) {
      if (!this.blocked.has(this.lineOf(task))) return task;
      if (this.strictOrder) return NO_TASK;
    }
    return NO_TASK;
  }

  block(head: number): number[] {
    this.blocked.add(this.lineOf(head));
    return this.waiting().filter((task) => this.lineOf(task) === this.lineOf(head));
  }

  joined(task: number): void {
    this.blocked.delete(this.lineOf(task));
  }

  roomAppeared(): void {
    this.blocked.clear();
  }

  private lineOf(task: number): string {
    const { tasks } = this.world.cluster;
    return `${tasks.spec[task]}/${tasks.workload[task]}/${tasks.pool[task]}`;
  }
}

/** What a run of operations met, so that a test can tell that it tested something. */
const met = { tries: 0, blocks: 0, waiting: 0 };

/** In a function, so that the lockstep may compare outside a test. */
function expectSame(actual: unknown, expected: unknown): void {
  expect(actual).toEqual(expected);
}

class Lockstep {
  private readonly world = new ClusterBuilder();
  private readonly workloads: number[];
  private readonly strictOrder: boolean;
  private readonly twin: SortedArray;
  private queue: PendingQueue;
  /** Joins since the queue last read. */
  private unread: number[] = [];
  private isRoomUnread = false;

  constructor(strictOrder: boolean) {
    this.strictOrder = strictOrder;
    const kinds = [{}, { priority: 5 }, { cpuTicks: 1 }, { cpuTicks: 2, priority: 5 }];
    this.workloads = kinds.map((parts) => this.world.workload('job', parts));
    this.workloads.push(this.world.workload('job', {}, 1));
    for (let pool = 1; pool < 3; pool++) this.world.pool('asg');
    this.world.host({ cluster: 0 });
    this.twin = new SortedArray(this.world, strictOrder);
    this.queue = new PendingQueue(this.world.cluster, 0, strictOrder);
    this.read();
  }

  apply({ kind, pick, other, afterUs, isRead }: Operation): void {
    const { world } = this;
    const pending = this.twin.waiting();
    world.nowUs += afterUs;
    if (kind === 'add') {
      const pool = other % 3 === 0 ? other % 3 : NO_ROW;
      this.unread.push(world.pending(this.workloads[pick % this.workloads.length]!, pool));
    } else if (kind === 'withdraw' && pending.length > 0) {
      world.ledger.end(pending[pick % pending.length]!, TASK_STATE.cancelled, 1, world.nowUs);
    } else if (kind === 'move' && pending.length > 0) {
      const task = pending[pick % pending.length]!;
      world.ledger.assignPool(task, other % 3, world.nowUs);
      this.unread.push(task);
    } else if (kind === 'room') {
      world.host({ cluster: other % 4 === 0 ? 1 : 0 });
      this.isRoomUnread ||= other % 4 !== 0;
    } else if (kind === 'restore') {
      const state = this.queue.save();
      this.queue = new PendingQueue(world.cluster, 0, this.strictOrder);
      this.queue.restore(structuredClone(state));
    }
    if (isRead || kind === 'try') this.read();
    if (kind === 'try') this.tryHead(pick);
  }

  private read(): void {
    this.queue.advance();
    for (const task of this.unread) {
      if (this.world.cluster.tasks.state[task] === TASK_STATE.pending) this.twin.joined(task);
    }
    if (this.isRoomUnread) this.twin.roomAppeared();
    this.unread = [];
    this.isRoomUnread = false;
    expectSame(this.queue.waiting(), this.twin.waiting());
    met.waiting += this.twin.waiting().length;
  }

  private tryHead(pick: number): void {
    const head = this.twin.head();
    expectSame(this.queue.head(), head);
    if (head === NO_TASK) return;
    met.tries++;
    if (pick % 2 === 0) {
      // It found a host: bound, and no longer pending.
      this.queue.take();
      this.world.ledger.bind(head, 0, this.world.nowUs);
      if (this.world.cluster.tasks.state[head] === TASK_STATE.pending) {
        // The host is full: a conflict sends it back to the queue.
        this.world.ledger.assignPool(head, this.world.cluster.tasks.pool[head]!, this.world.nowUs);
        this.unread.push(head);
        this.read();
      }
    } else {
      met.blocks++;
      expectSame(this.queue.block(), this.twin.block(head));
    }
    expectSame(this.queue.head(), this.twin.head());
  }
}

describe('the pending queue', () => {
  it.each([false, true])(
    'agrees with a sorted array under any joins, moves, withdrawals and tries (strict order: %s)',
    (strictOrder) => {
      Object.assign(met, { tries: 0, blocks: 0, waiting: 0 });
      fc.assert(
        fc.property(operations, (list) => {
          const lockstep = new Lockstep(strictOrder);
          for (const operation of list) lockstep.apply(operation);
        }),
        { numRuns: 300, seed: 42 },
      );
      expect(met.tries).toBeGreaterThan(1_000);
      expect(met.blocks).toBeGreaterThan(500);
    },
  );

  it('tries higher priorities first, then earlier submissions, then lower rows', () => {
    const world = new ClusterBuilder();
    const low = world.workload('job');
    const high = world.workload('job', { priority: 9 });
    const alsoLow = world.workload('job', { cpuTicks: 1 });
    const queue = new PendingQueue(world.cluster, 0);
    const rows = [world.pending(low), world.pending(alsoLow), world.pending(low)];
    world.nowUs = 5;
    rows.push(world.pending(high), world.pending(alsoLow));
    queue.advance();
    const order: number[] = [];
    for (let task = queue.head(); task !== NO_TASK; task = queue.head()) {
      order.push(task);
      world.ledger.end(task, TASK_STATE.cancelled, 1, 5);
    }
    expect(order).toEqual([3, 0, 1, 2, 4].map((i) => rows[i]));
  });

  it('spends one attempt on a line of equal tasks until room appears', () => {
    const world = new ClusterBuilder();
    const workload = world.workload('job');
    const host = world.host();
    const queue = new PendingQueue(world.cluster, 0);
    const line = Array.from({ length: 100 }, () => world.pending(workload));
    queue.advance();
    expect(queue.head()).toBe(line[0]);
    expect(queue.block()).toEqual(line);
    expect(queue.head()).toBe(NO_TASK);
    world.ledger.setHostState(host, HOST_STATE.draining, 1);
    queue.advance();
    expect(queue.head()).toBe(line[0]);
  });

  it('does not let a task that left in the middle of the queue upset the order', () => {
    const world = new ClusterBuilder();
    const first = world.workload('job');
    const second = world.workload('job', { cpuTicks: 1 });
    const queue = new PendingQueue(world.cluster, 0);
    const [a1] = [world.pending(first), (world.nowUs = 1)];
    const b1 = world.pending(second);
    world.nowUs = 2;
    world.pending(first);
    queue.advance();
    world.ledger.end(a1, TASK_STATE.cancelled, 1, 3);
    world.nowUs = 3;
    world.pending(first);
    queue.advance();
    expect(queue.head()).toBe(b1);
  });
});
