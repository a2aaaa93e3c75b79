/** The dull twin of the calendar: one object an event in a fastpriorityqueue, ordered by (time, phase, sequence). */

import FastPriorityQueue from 'fastpriorityqueue';

export interface PlainEvent {
  readonly timeUs: number;
  readonly phase: number;
  readonly sequence: number;
  readonly id: number;
}

export function comesBefore(a: PlainEvent, b: PlainEvent): boolean {
  if (a.timeUs !== b.timeUs) return a.timeUs < b.timeUs;
  if (a.phase !== b.phase) return a.phase < b.phase;
  return a.sequence < b.sequence;
}

export class HeapOfObjects {
  private readonly heap = new FastPriorityQueue<PlainEvent>(comesBefore);
  private pushes = 0;

  push(timeUs: number, phase: number, id: number): void {
    this.heap.add({ timeUs, phase, sequence: this.pushes++, id });
  }

  /** Costs a scan: cancelling is rare in the twin. */
  cancel(id: number): boolean {
    return this.heap.removeOne((event) => event.id === id) !== undefined;
  }

  pop(): PlainEvent | undefined {
    return this.heap.poll();
  }
}
