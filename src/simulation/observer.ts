/** Whoever watches a run: metrics and auditors. Observers never change anything; the simulation calls them in order. */

import type { Actor, Decision } from '../base/reasons.ts';

export interface Observer {
  /** Time is about to advance to `nowUs`: what held since the last call held until now. */
  beforeEvent?(nowUs: number): void;
  /** An event, and all that it caused, is done. */
  afterEvent?(nowUs: number): void;
  /** A task has left the system, in whatever end state; its columns are final. */
  taskEnded?(task: number): void;
  /** A host is gone; its columns are final. */
  hostEnded?(host: number): void;
  /** A sampling time. */
  sample?(nowUs: number): void;
  decided?(nowUs: number, actor: Actor, subject: string, decision: Decision, reason: string): void;
  /** The run is over. Tasks still inside stay as they are; open hosts are billed to here. */
  runEnded?(nowUs: number): void;
  save?(): unknown;
  restore?(state: unknown): void;
}

/** An observer that watches one thing at least. */
export type Watcher<K extends keyof Observer> = Observer & Required<Pick<Observer, K>>;

/** Those of the observers that watch `what`, in their order. */
export function watchersOf<K extends keyof Observer>(
  observers: readonly Observer[],
  what: K,
): Watcher<K>[] {
  return observers.filter((one): one is Watcher<K> => one[what] !== undefined);
}
