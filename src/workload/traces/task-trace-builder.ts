/**
 * Collects tasks in the order of the file and gives them back in order of submission (ties keep the file's order),
 * with equal specs sharing a row. Columns grow by doubling; sorting is skipped for files that are sorted already.
 */

import { assert } from '../../base/assert.ts';
import type { TaskSpec, TaskTrace } from '../../cluster/spec.ts';

const CAPACITY_AT_FIRST = 1024;

/** No task takes no time at all: a duration of 0 becomes the smallest step of the clock. */
const SHORTEST_DURATION_US = 1;

export class TaskTraceBuilder {
  private readonly limit: number;
  private readonly timeScale: number;
  private readonly specs: TaskSpec[] = [];
  private readonly rowsOf = new Map<string, Map<number, Map<number, number>>>();
  private specOf = new Int32Array(CAPACITY_AT_FIRST);
  private submittedUs = new Float64Array(CAPACITY_AT_FIRST);
  private durationUs = new Float64Array(CAPACITY_AT_FIRST);
  private readonly names: string[] = [];
  private count = 0;

  constructor(options: { readonly limit: number; readonly timeScale: number }) {
    this.limit = options.limit;
    this.timeScale = options.timeScale;
  }

  get isFull(): boolean {
    return this.count >= this.limit;
  }

  /**
   * The row of the spec with these two quantities, in any unit, and `rest`, which stands for all else it has; `make`
   * runs only for one not seen before. Numbers are looked up as they are: as parts of a text they would cost more than
   * the rest of the row.
   */
  internSpec(cpu: number, memory: number, rest: string, make: () => TaskSpec): number {
    const rows = mapAt(mapAt(this.rowsOf, rest), cpu);
    const known = rows.get(memory);
    if (known !== undefined) return known;
    rows.set(memory, this.specs.length);
    return this.specs.push(make()) - 1;
  }

  /** Times in whole microseconds, before the time scale. Give every task a name or none. */
  add(specRow: number, submittedUs: number, durationUs: number, name: string): void {
    assert(!this.isFull, () => `a task was added beyond the limit of ${this.limit}`);
    if (this.count === this.specOf.length) this.grow();
    this.specOf[this.count] = specRow;
    this.submittedUs[this.count] = submittedUs;
    this.durationUs[this.count] = Math.max(durationUs, SHORTEST_DURATION_US);
    if (name !== '') this.names.push(name);
    this.count += 1;
  }

  /** `fromZero` moves the first submission to time 0, for files whose clock starts anywhere. */
  finish(fromZero: boolean): TaskTrace {
    const order = this.orderOfSubmission();
    const count = this.count;
    const specOf = new Int32Array(count);
    const submittedUs = new Float64Array(count);
    const durationUs = new Float64Array(count);
    const originUs = fromZero && count > 0 ? this.submittedUs[order === null ? 0 : order[0]!]! : 0;
    for (let row = 0; row < count; row++) {
      const from = order === null ? row : order[row]!;
      specOf[row] = this.specOf[from]!;
      submittedUs[row] = Math.round((this.submittedUs[from]! - originUs) * this.timeScale);
      durationUs[row] = this.durationUs[from]!;
    }
    return { specs: this.specs, specOf, submittedUs, durationUs, names: this.namesIn(order) };
  }

  /** File rows in order of submission, or null when the file is in that order already. */
  private orderOfSubmission(): Int32Array | null {
    const times = this.submittedUs;
    let isSorted = true;
    for (let row = 1; row < this.count && isSorted; row++) {
      isSorted = times[row - 1]! <= times[row]!;
    }
    if (isSorted) return null;
    const order = new Int32Array(this.count);
    for (let row = 0; row < this.count; row++) order[row] = row;
    return order.sort((a, b) => times[a]! - times[b]! || a - b);
  }

  private namesIn(order: Int32Array | null): readonly string[] {
    const { names, count } = this;
    if (names.length === 0 || order === null) return names;
    assert(names.length === count, () => `${names.length} of ${count} tasks have a name`);
    return Array.from(order, (row) => names[row]!);
  }

  private grow(): void {
    const capacity = this.specOf.length * 2;
    this.specOf = grown(new Int32Array(capacity), this.specOf);
    this.submittedUs = grown(new Float64Array(capacity), this.submittedUs);
    this.durationUs = grown(new Float64Array(capacity), this.durationUs);
  }
}

function grown<Column extends Int32Array | Float64Array>(larger: Column, column: Column): Column {
  larger.set(column);
  return larger;
}

function mapAt<Key, Inner>(maps: Map<Key, Map<number, Inner>>, key: Key): Map<number, Inner> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const made = new Map<number, Inner>();
  maps.set(key, made);
  return made;
}
