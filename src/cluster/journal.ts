/**
 * The change journal: what indexes and lagging caches follow instead of watching the columns.
 *
 * Entries    {version, kind, row, value, timeUs}; the version is the entry's number since the start of the run.
 * Readers    each holds a cursor; `read` answers false for an entry that was overwritten, and an index then rebuilds.
 *            Controllers read at every wake, far within JOURNAL_LENGTH entries.
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
  /** row: service, value: desired count */
  serviceDesired: 9,
  /** row: pool, value: desired hosts */
  poolDesired: 10,
} as const;

export type ChangeKind = (typeof CHANGE)[keyof typeof CHANGE];

/** Bit of a kind in a mask of kinds. */
export function changeBit(kind: ChangeKind): number {
  return 1 << kind;
}

export const JOURNAL_LENGTH = 65_536;

export interface Change {
  version: number;
  kind: number;
  row: number;
  value: number;
  timeUs: number;
}

export interface JournalState {
  readonly version: number;
  readonly kind: Uint8Array;
  readonly row: Int32Array;
  readonly value: Float64Array;
  readonly timeUs: Float64Array;
}

export class Journal {
  /** Number of entries ever written; the next entry gets this version. */
  version = 0;
  /** Bits of the kinds written since the last `takeMask`. */
  private mask = 0;
  private readonly kind = new Uint8Array(JOURNAL_LENGTH);
  private readonly row = new Int32Array(JOURNAL_LENGTH);
  private readonly value = new Float64Array(JOURNAL_LENGTH);
  private readonly timeUs = new Float64Array(JOURNAL_LENGTH);

  write(kind: ChangeKind, row: number, value: number, timeUs: number): void {
    const at = this.version++ % JOURNAL_LENGTH;
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

  /** Fills `into` with entry `version`; false when it was overwritten: the reader must rebuild. */
  read(version: number, into: Change): boolean {
    if (version < this.version - JOURNAL_LENGTH) return false;
    const at = version % JOURNAL_LENGTH;
    into.version = version;
    into.kind = this.kind[at]!;
    into.row = this.row[at]!;
    into.value = this.value[at]!;
    into.timeUs = this.timeUs[at]!;
    return true;
  }

  save(): JournalState {
    return {
      version: this.version,
      kind: this.kind.slice(),
      row: this.row.slice(),
      value: this.value.slice(),
      timeUs: this.timeUs.slice(),
    };
  }

  restore(state: JournalState): void {
    this.version = state.version;
    this.mask = 0;
    this.kind.set(state.kind);
    this.row.set(state.row);
    this.value.set(state.value);
    this.timeUs.set(state.timeUs);
  }
}

/** A reader of the journal: remembers how far it has read. */
export class JournalCursor {
  private readonly journal: Journal;
  private readonly change: Change = { version: 0, kind: 0, row: 0, value: 0, timeUs: 0 };
  /** Version of the next entry to read. */
  version = 0;

  constructor(journal: Journal) {
    this.journal = journal;
  }

  /** True when entries were overwritten before they were read: whoever can must rebuild from the columns. */
  get isOvertaken(): boolean {
    return this.journal.version - this.version > JOURNAL_LENGTH;
  }

  /** The next entry without taking it, or undefined at the end. */
  peek(): Readonly<Change> | undefined {
    if (this.version === this.journal.version) return undefined;
    const kept = this.journal.read(this.version, this.change);
    assert(
      kept,
      () =>
        `a journal reader fell behind: it wants entry ${this.version} of ${this.journal.version}`,
    );
    return this.change;
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
