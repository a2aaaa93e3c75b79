/**
 * What bound tasks asked for before they were resized in place: a reader that lags behind the journal asks for the spec that a
 * task had at an entry, where its column tells the latest.
 *
 * Kept    while the entry of the resize is in the journal: nobody reads about an older one.
 * Cost    nothing while no task is resized; then a look at the resizes that the reader has not come to.
 */

interface TaskResize {
  /** Version of its entry in the journal. */
  readonly version: number;
  readonly task: number;
  /** Rows of the specs before and after. */
  readonly from: number;
  readonly to: number;
}

export class TaskResizes {
  /** In the order of their versions. */
  private resizes: TaskResize[] = [];

  /** Notes a resize whose entry is the newest; `oldestEntry` is the oldest that is still in the journal. */
  note(resize: TaskResize, oldestEntry: number): void {
    const first = this.resizes.findIndex(({ version }) => version >= oldestEntry);
    if (first !== 0) this.resizes.splice(0, first < 0 ? Infinity : first);
    this.resizes.push(resize);
  }

  /** The resize that the entry of this version tells of. */
  at(version: number): { readonly from: number; readonly to: number } {
    return this.resizes.find((resize) => resize.version === version)!;
  }

  /** The spec that a task had when the entry of this version was written; `latest` is the one that it has. */
  specOf(task: number, version: number, latest: number): number {
    const { resizes } = this;
    let spec = latest;
    for (let i = resizes.length - 1; i >= 0 && resizes[i]!.version > version; i--) {
      if (resizes[i]!.task === task) spec = resizes[i]!.from;
    }
    return spec;
  }

  /** Four numbers a resize. */
  save(): number[] {
    return this.resizes.flatMap(({ version, task, from, to }) => [version, task, from, to]);
  }

  restore(state: readonly number[]): void {
    this.resizes = [];
    for (let i = 0; i < state.length; i += 4) {
      const [version, task, from, to] = state.slice(i, i + 4) as [number, number, number, number];
      this.resizes.push({ version, task, from, to });
    }
  }
}
