/** Counts by workload and host, and by workload and zone. Rows appear on first use. */

export class WorkloadCounts {
  private byHost: Int32Array[] = [];
  private byZone: Int32Array[] = [];

  onHost(workload: number, host: number): number {
    return this.byHost[workload]?.[host] ?? 0;
  }

  inZone(workload: number, zone: number): number {
    return this.byZone[workload]?.[zone] ?? 0;
  }

  add(workload: number, host: number, zone: number, by: number): void {
    addAt(this.byHost, workload, host, by);
    addAt(this.byZone, workload, zone, by);
  }

  save(): { byHost: Int32Array[]; byZone: Int32Array[] } {
    return { byHost: copied(this.byHost), byZone: copied(this.byZone) };
  }

  restore(state: ReturnType<WorkloadCounts['save']>): void {
    this.byHost = copied(state.byHost);
    this.byZone = copied(state.byZone);
  }
}

/** Rows that were not used yet are empty in the copy. */
function copied(rows: readonly (Int32Array | undefined)[]): Int32Array[] {
  return Array.from(rows, (row) => row?.slice() ?? new Int32Array(0));
}

function addAt(rows: Int32Array[], row: number, column: number, by: number): void {
  let counts = rows[row];
  if (counts === undefined || column >= counts.length) {
    const larger = new Int32Array(Math.max(16, column * 2));
    if (counts !== undefined) larger.set(counts);
    counts = rows[row] = larger;
  }
  counts[column]! += by;
}
