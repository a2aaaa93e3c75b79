/**
 * What every trace reader promises: text in chunks of any size goes in, task columns come out.
 *
 *   - every row of the file becomes one task or one rejected row: nothing is lost silently;
 *   - the first `limit` accepted rows in the order of the file are kept, and nothing behind them is read;
 *   - tasks come out in order of submission, ties in the order of the file;
 *   - equal specs share one row of `specs`, in order of first use;
 *   - where the chunks are cut never matters.
 */

import type { TaskTrace } from '../../cluster/spec.ts';

/** A row that could not be read, with its text as it stands in the file. */
export interface RejectedRow {
  readonly file: string;
  /** Counts from 1, header and comments included. */
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

/** The columns of a plain CSV trace; the value is the name in its header. */
export interface CsvColumns {
  readonly submitted: string;
  readonly duration: string;
  readonly cpu: string;
  readonly memory: string;
  /** Columns that may be missing. */
  readonly name: string;
  readonly gpu: string;
  readonly image: string;
}

export interface TraceOptions {
  /** Name of the workload that the tasks belong to. */
  readonly workload: string;
  /** Name of the file, for messages. */
  readonly file: string;
  /** Number of tasks to read; Infinity for all. */
  readonly limit: number;
  /** Stretches the submission times, and only them: 0.5 brings the same jobs in half the time, so twice the load. */
  readonly timeScale: number;
  /** Image of every task whose row names none; '' for none. */
  readonly image: string;
  /** SWF: memory for each processor of a job whose row states no memory. */
  readonly processorMemoryBytes: number;
  readonly columns: CsvColumns;
  /** False: one malformed row stops the reading with a ScenarioError of them all. True: they go to `reject`. */
  readonly skipBadRows: boolean;
  readonly reject: (row: RejectedRow) => void;
}

export interface TraceReader {
  /** Name in scenario files. */
  readonly format: string;
  /** Throws ScenarioError on malformed rows, unless they are to be skipped. */
  read(chunks: AsyncIterable<string>, options: TraceOptions): Promise<TaskTrace>;
}

/** Options at their defaults: everything, as it stands, strictly. */
export function plainTraceOptions(workload: string, file: string): TraceOptions {
  return {
    workload,
    file,
    limit: Infinity,
    timeScale: 1,
    image: '',
    processorMemoryBytes: 0,
    columns: {
      submitted: 'submitted',
      duration: 'duration',
      cpu: 'cpu',
      memory: 'memory',
      name: 'name',
      gpu: 'gpu',
      image: 'image',
    },
    skipBadRows: false,
    reject: () => {},
  };
}
