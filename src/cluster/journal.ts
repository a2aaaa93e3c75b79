/**
 * The change journal: what indexes and lagging caches follow instead of watching the columns.
 *
 * Entries    {version, kind, row, value, timeUs}; the version is the entry's number since the start of the run, `value`
 *            a row, a state or a count.
 * Length     the last JOURNAL_LENGTH entries, and more where one instant wrote more: a fleet that begins at once. Few, so that
 *            they stay in the cache, and so that the rows of tasks that left are soon used again (`TaskColumns.add`).
 * Readers    each holds a cursor and names the kinds it follows; one that was overtaken rebuilds. Who is woken by a kind
 *            reads it within the instant, whose entries are all there.
 */

import { assert } from '../base/assert.ts';

export const CHANGE = {
  hostAdded: 0,
  /** value: the new state */
  hostState: 1,
  hostRemoved: 2,
  /** value: the new kind row (labels and taints) */
  hostLabels: 3,
  taskPending: 4,
  /** value: the host */
  taskBound: 5,
  /** value: the host */
  taskReleased: 6,
  taskReady: 7,
  /** A pending task left without being placed. */
  taskWithdrawn: 8,
  /** A scheduler tried a pending task in vain and noted why. */
  taskRefused: 11,
  /** A task was cancelled after it had been bound; value: the host. Follows its taskReleased. */
  taskCancelled: 12,
  /** A bound task was asked to stop: it keeps its room until its taskReleased; value: the host. */
  taskStopping: 13,
  /** A task failed after it had been bound; value: the host. Follows its taskReleased. */
  taskFailed: 15,
  /** A workload has another revision from now on; value: the spec that it had. */
  workloadSpec: 14,
  /** row: service, value: desired count */
  serviceDesired: 9,
  /** row: pool, value: desired hosts */
  poolDesired: 10,
  /** A machine stopped answering, or answers again; value: 0 when it is well (`hosts.down`). */
  hostHealth: 16,
  /** A task that was ready is so no more; value: the host. */
  taskUnready: 17,
  /** A node reports an image that it did not report before, or reports it no more; value: the image (`NodeImages`). */
  nodeImages: 18,
  /** A claim or a volume changed; row: the volume, value: the claim, NO_ROW where there is none (storage.ts). */
  storage: 19,
  /** A bound task asks for other sizes from now on, where it is; value: the host. `cluster.resizes` has both sizes. */
  taskResized: 20,
  /** EC2 says that a spot host is at risk (rebalance recommendation). */
  hostAtRisk: 21,
} as const;

export type ChangeKind = (typeof CHANGE)[keyof typeof CHANGE];

/** Bit of a kind in a mask of kinds. */
export function changeBit(kind: ChangeKind): number {
  return 1 << kind;
}

/** Bits of kinds. */
export function changeBits(...kinds: readonly ChangeKind[]): number {
  return kinds.reduce((bits: number, kind) => bits | changeBit(kind), 0);
}

export const JOURNAL_LENGTH = 16_384;
const KINDS = Object.keys(CHANGE).length;

export interface Change {
  version: number;
  kind: number;
  row: number;
  value: number;
}

export interface JournalState {
  readonly version: number;
  readonly oldest: number;
  readonly kind: Uint8Array;
  readonly row: Int32Array;
  readonly value: Int32Array;
  readonly timeUs: Float64Array;
  readonly lost: Float64Array;
}

export class Journal {
  /** Number of entries ever written; the next entry gets this version. */
  version = 0;
  /** Version of the oldest entry that is still there. */
  oldest = 0;
  /** Bits of the kinds written since the last `takeMask`. */
  private mask = 0;
  private length = JOURNAL_LENGTH;
  private kind = new Uint8Array(JOURNAL_LENGTH);
  private row = new Int32Array(JOURNAL_LENGTH);
  private value = new Int32Array(JOURNAL_LENGTH);
  private timeUs = new Float64Array(JOURNAL_LENGTH);
  /** Version behind the newest entry of each kind that was overwritten. */
  private readonly lost = new Float64Array(KINDS);

  write(kind: ChangeKind, row: number, value: number, timeUs: number): void {
    const version = this.version++;
    if (version - this.oldest === this.length) this.makeRoom(version, timeUs);
    const at = version % this.length;
    this.kind[at] = kind;
    this.row[at] = row;
    this.value[at] = value;
    this.timeUs[at] = timeUs;
    this.mask |= changeBit(kind);
  }

  /** Kinds written since the last call, as a mask, and forgets them. */
  takeMask(): number {
    const mask = this.mask;
    this.mask = 0;
    return mask;
  }

  /** True when an entry of these kinds, at or after `from`, was overwritten. */
  hasLost(from: number, kinds: number): boolean {
    if (from >= this.oldest) return false;
    for (let kind = 0; kind < KINDS; kind++) {
      if ((kinds & (1 << kind)) !== 0 && this.lost[kind]! > from) return true;
    }
    return false;
  }

  /** Version of the first entry at or after `from` whose kind is among `kinds`; the next to be written when there is none. */
  find(from: number, kinds: number): number {
    let version = Math.max(from, this.oldest);
    while (version < this.version && (kinds & (1 << this.kind[version % this.length]!)) === 0) {
      version++;
    }
    return version;
  }

  /** Fills `into` with an entry that was not overwritten. */
  read(version: number, into: Change): void {
    const at = version % this.length;
    into.version = version;
    into.kind = this.kind[at]!;
    into.row = this.row[at]!;
    into.value = this.value[at]!;
  }

  /** When the entry was written. */
  timeUsOf(version: number): number {
    return this.timeUs[version % this.length]!;
  }

  save(): JournalState {
    return {
      version: this.version,
      oldest: this.oldest,
      kind: this.kind.slice(),
      row: this.row.slice(),
      value: this.value.slice(),
      timeUs: this.timeUs.slice(),
      lost: this.lost.slice(),
    };
  }

  restore(state: JournalState): void {
    this.version = state.version;
    this.oldest = state.oldest;
    this.mask = 0;
    this.length = state.kind.length;
    this.kind = state.kind.slice();
    this.row = state.row.slice();
    this.value = state.value.slice();
    this.timeUs = state.timeUs.slice();
    this.lost.set(state.lost);
  }

  /** Gives up the oldest entry, or doubles the length when it is of the instant that is being written. */
  private makeRoom(version: number, timeUs: number): void {
    const at = this.oldest % this.length;
    if (this.timeUs[at] !== timeUs) {
      this.oldest++;
      this.lost[this.kind[at]!] = this.oldest;
      return;
    }
    const { kind, row, value, timeUs: time, length } = this;
    this.length = 2 * length;
    this.kind = new Uint8Array(this.length);
    this.row = new Int32Array(this.length);
    this.value = new Int32Array(this.length);
    this.timeUs = new Float64Array(this.length);
    for (let kept = this.oldest; kept < version; kept++) {
      const from = kept % length;
      const to = kept % this.length;
      this.kind[to] = kind[from]!;
      this.row[to] = row[from]!;
      this.value[to] = value[from]!;
      this.timeUs[to] = time[from]!;
    }
  }
}

/** Every kind of change. */
const ALL_CHANGES = -1;

/** A reader of the journal: remembers how far it has read. */
export class JournalCursor {
  private readonly journal: Journal;
  private readonly kinds: number;
  private readonly change: Change = { version: 0, kind: 0, row: 0, value: 0 };
  /** Version of the next entry to read. */
  version = 0;

  /** Reads the kinds whose bits are in `kinds` and passes over all others. */
  constructor(journal: Journal, kinds = ALL_CHANGES) {
    this.journal = journal;
    this.kinds = kinds;
  }

  /** True when entries that it follows were overwritten before they were read: whoever can must rebuild from the columns. */
  get isOvertaken(): boolean {
    return this.journal.hasLost(this.version, this.kinds);
  }

  /** The next entry without taking it, or undefined at the end. */
  peek(): Readonly<Change> | undefined {
    const { journal } = this;
    if (this.version === journal.version) return undefined;
    assert(
      !this.isOvertaken,
      () => `a journal reader fell behind: it wants entry ${this.version} of ${journal.version}`,
    );
    this.version = journal.find(this.version, this.kinds);
    if (this.version === journal.version) return undefined;
    journal.read(this.version, this.change);
    return this.change;
  }

  /** When the entry that `peek` showed was written. */
  get timeUs(): number {
    return this.journal.timeUsOf(this.version);
  }

  /** Takes the entry that `peek` showed. */
  skip(): void {
    this.version++;
  }

  /** The next entry, taken, or undefined at the end. */
  next(): Readonly<Change> | undefined {
    const change = this.peek();
    if (change !== undefined) this.version++;
    return change;
  }
}
