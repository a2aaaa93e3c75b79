/** Tasks in the order in which they left the system: the order of `tasks.csv`. */

import { FIRST_END_STATE } from '../cluster/tasks.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Observer } from '../simulation/observer.ts';

export class LeavingOrder implements Observer {
  private tasks: number[] = [];

  taskEnded(task: number): void {
    this.tasks.push(task);
  }

  /** Those that left, then those still inside by row. */
  all(view: ClusterView): readonly number[] {
    const inside: number[] = [];
    for (let task = 0; task < view.tasks.count; task++) {
      if (view.tasks.state[task]! < FIRST_END_STATE) inside.push(task);
    }
    return [...this.tasks, ...inside];
  }

  save(): readonly number[] {
    return [...this.tasks];
  }

  restore(tasks: readonly number[]): void {
    this.tasks = [...tasks];
  }
}
