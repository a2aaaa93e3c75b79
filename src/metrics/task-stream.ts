/** Hands every task to a sink as it leaves the system; those still inside follow at the end, by number. */

import { fillTaskRow, emptyTaskRow } from './tables.ts';
import { tasksInside } from './task-facts.ts';
import type { ClusterView } from '../cluster/cluster.ts';
import type { Observer } from '../simulation/observer.ts';
import type { RunKey } from './tables.ts';
import type { TaskSink } from './task-sink.ts';

export class TaskStream implements Observer {
  private readonly view: ClusterView;
  private readonly sink: TaskSink;
  private readonly row;

  constructor(view: ClusterView, sink: TaskSink, key: RunKey) {
    this.view = view;
    this.sink = sink;
    this.row = emptyTaskRow(key);
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
    fillTaskRow(this.row, this.view, task, endUs);
    this.sink.write(this.row);
  }
}
