/**
 * Standard Workload Format: the batch logs of the Parallel Workloads Archive.
 *
 * A line is a job of 18 numbers separated by blanks; lines that start with `;` are comments. -1 means unknown.
 * Columns behind the 18th (some tools append their own) are left alone. Taken here, counted from 1:
 *
 *    1 job number           the task's name
 *    2 submit time, s       submitted; the first submission of the log becomes time 0
 *    4 run time, s          duration
 *    5 processors allocated
 *    8 processors requested
 *    7 used memory, KiB a processor       10 requested memory, KiB a processor
 *
 * Rules
 *   processors   Allocated when stated (> 0), else requested. One processor is one core. A job is one task: it needs all
 *                its processors on one host. Neither stated: the row is malformed.
 *   run time     -1 and 0 are kept, as jobs of 1 microsecond: a job cancelled before its start or over within the
 *                second was submitted all the same, and dropping it would change the arrivals. Protocols that drop such
 *                jobs (some papers do) filter on the duration. Any other negative number is malformed.
 *   memory       Requested when stated, else used, else `processorMemoryBytes`; times processors. More than 1 TiB a
 *                processor is malformed: such logs do not count in KiB a processor, and any guess would be silent.
 *   left out     Waiting and status of the original run, its time estimates, users, queues, dependencies.
 *
 * Source: D. Feitelson, "The Standard Workload Format", Parallel Workloads Archive, version 2.2.
 */

import { KIB, TICKS_PER_CORE, US_PER_SECOND } from '../../base/units.ts';
import { plainTaskSpec } from '../../cluster/spec.ts';
import { BadRows } from './bad-rows.ts';
import { eachLine, isBlank } from './each-line.ts';
import { NumberRow } from './number-row.ts';
import { TaskTraceBuilder } from './task-trace-builder.ts';
import type { TraceOptions, TraceReader } from './reader.ts';

const COLUMN_COUNT = 18;
const JOB = 0;
const SUBMIT = 1;
const RUN = 3;
const ALLOCATED = 4;
const MEMORY_USED = 6;
const REQUESTED = 7;
const MEMORY_REQUESTED = 9;

const UNKNOWN = -1;
const SEMICOLON = 59;
/** 1 TiB in KiB. */
const PROCESSOR_MEMORY_KIB_MAX = 1_073_741_824;
const PROCESSORS_MAX = 10_000_000;
/** 2^53 microseconds, 285 years. */
const SECONDS_MAX = 9_007_199_254;

export const swf: TraceReader = {
  format: 'swf',

  async read(chunks, options) {
    const bad = new BadRows(options);
    const tasks = new TaskTraceBuilder(options);
    const row = new NumberRow(COLUMN_COUNT);
    await eachLine(chunks, (text, from, to, line) => {
      if (tasks.isFull) return false;
      if (text.charCodeAt(from) === SEMICOLON || isBlank(text, from, to)) return true;
      row.scan(text, from, to);
      const fault = addJob(row, tasks, options);
      if (fault !== null) bad.add(line, fault.column, fault.field, row.text, fault.message);
      return !tasks.isFull;
    });
    bad.finish();
    return tasks.finish(true);
  },
};

interface RowFault {
  readonly column: number;
  readonly field: string;
  readonly message: string;
}

/** Adds the job, or says what is wrong with its row. */
function addJob(row: NumberRow, tasks: TaskTraceBuilder, options: TraceOptions): RowFault | null {
  if (row.fieldCount < COLUMN_COUNT) {
    const message = `expected ${COLUMN_COUNT} columns separated by blanks, found ${row.fieldCount}`;
    return { column: 1, field: '', message };
  }

  const submitS = row.number(SUBMIT);
  if (!(submitS >= 0 && submitS <= SECONDS_MAX)) {
    return faultAt(row, SUBMIT, 'submit time', 'seconds since the start of the log, 0 or more');
  }
  const runS = row.number(RUN);
  if (!(runS >= 0 && runS <= SECONDS_MAX) && runS !== UNKNOWN) {
    return faultAt(row, RUN, 'run time', 'seconds, 0 or more, or -1 for unknown');
  }

  const countAt = isStated(row.number(ALLOCATED)) ? ALLOCATED : REQUESTED;
  const processors = row.number(countAt);
  if (!(processors >= 1 && processors <= PROCESSORS_MAX && Number.isInteger(processors))) {
    return faultAt(row, countAt, 'processors', 'a whole number of allocated or requested ones');
  }
  const memoryAt = isStated(row.number(MEMORY_REQUESTED)) ? MEMORY_REQUESTED : MEMORY_USED;
  const memoryKib = row.number(memoryAt);
  if (!(memoryKib >= UNKNOWN && memoryKib <= PROCESSOR_MEMORY_KIB_MAX)) {
    return faultAt(row, memoryAt, 'memory', 'KiB a processor, 1 TiB at most, or -1 for unknown');
  }

  const processorBytes = memoryKib > 0 ? Math.round(memoryKib * KIB) : options.processorMemoryBytes;
  const specRow = tasks.internSpec(processors, processorBytes, '', () => ({
    ...plainTaskSpec(
      options.workload,
      'trace',
      processors * TICKS_PER_CORE,
      processors * processorBytes,
    ),
    image: options.image,
  }));
  const submittedUs = Math.round(submitS * US_PER_SECOND);
  tasks.add(specRow, submittedUs, Math.round(runS * US_PER_SECOND), row.field(JOB));
  return null;
}

/** Logs write 0 as well as -1 for what was not recorded; a field that is no number counts as stated, and is then refused. */
function isStated(value: number): boolean {
  return value !== UNKNOWN && value !== 0;
}

function faultAt(row: NumberRow, index: number, field: string, expected: string): RowFault {
  return {
    column: row.columnOf(index),
    field: `${field} (column ${index + 1})`,
    message: `expected ${expected}; found ${row.field(index)}`,
  };
}
