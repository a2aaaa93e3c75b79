/**
 * Evening out the zones of a steady service (aws.md 3.9): a task is started in the emptiest zone, and when it is healthy one of
 * the fullest zone is stopped.
 *
 *     target    desired / zones, the remainder one by one: no zone has two tasks more than another
 *
 * Zones      those in which the cluster has instances that take tasks; nothing is launched for the sake of balance.
 * Off        where more than the desired count may not run, so no task can be started before one goes.
 */

/** True when moving one task makes the zones more even. `counts` are tasks by zone, of the zones that have instances. */
export function needsRebalancing(counts: readonly number[]): boolean {
  return counts.length > 1 && spreadOf(counts) >= 2;
}

/** Difference between the fullest and the emptiest zone. */
function spreadOf(counts: readonly number[]): number {
  return Math.max(...counts) - Math.min(...counts);
}
