/** Hands every task to a sink as it leaves the system; those still inside follow at the end, by number. */

import { ColumnTaskRow } from './task-row.ts';
import { tasksInside } from './task-facts.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Observer } from '../simulation/observer.ts';
import type { RunKey } from './rows.ts';
import type { TaskSink } from './task-sink.ts';

export class TaskStream implements Observer {
  private readonly view: ClusterView;
  private readonly sink: TaskSink;
  private readonly row: ColumnTaskRow;

  constructor(view: ClusterView, sink: TaskSink, key: RunKey) {
    this.view = view;
    this.sink = sink;
    this.row = new ColumnTaskRow(view, key);
  }

  taskEnded(task: number): void {
    this.write(task, this.view.tasks.finishedUs[task]!);
  }

  runEnded(endUs: number): void {
    for (const task of tasksInside(this.view)) this.write(task, endUs);
  }

  save(): unknown {
    return this.sink.save?.() ?? null;
  }

  restore(state: unknown): void {
    this.sink.restore?.(state);
  }

  private write(task: number, endUs: number): void {
    this.row.show(task, endUs);
    this.sink.write(this.row);
  }
}
