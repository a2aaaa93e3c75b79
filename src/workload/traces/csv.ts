/**
 * A plain CSV trace: one task a row, columns found by the names in the header (`columns` in the options renames them).
 *
 *   submitted   when the task arrives: seconds since the start of the run, or a duration such as `1h30m`
 *   duration    how long it runs: likewise; empty means to the end of the run
 *   cpu         cores, or a CPU amount such as `500m`
 *   memory      bytes, or a size such as `512MiB`
 *   name        optional; without the column tasks are numbered
 *   gpu         optional: a whole number of devices, or a fraction of one such as 0.5; empty means none
 *   image       optional; empty means the image of the options
 *
 * Bare numbers come from programs and are rounded to the nearest microsecond, tick, byte or milli-GPU; quantities with a
 * unit come from people and must be exact. Other columns are left alone. Times are taken as they stand: the first
 * task need not arrive at 0.
 */

import { parseBytes, parseCpu, parseDuration, type Parsed } from '../../base/quantity.ts';
import { MILLI_PER_GPU, TICKS_PER_CORE, US_PER_SECOND } from '../../base/units.ts';
import { plainTaskSpec, type TaskSpec } from '../../cluster/spec.ts';
import { BadRows } from './bad-rows.ts';
import { eachRecord } from './each-record.ts';
import type { Column, FieldReader } from './field-reader.ts';
import { TaskTraceBuilder } from './task-trace-builder.ts';
import type { CsvColumns, TraceOptions, TraceReader } from './reader.ts';

type Name = keyof CsvColumns;
const REQUIRED: readonly Name[] = ['submitted', 'duration', 'cpu', 'memory'];
const OPTIONAL: readonly Name[] = ['name', 'gpu', 'image'];

export const csv: TraceReader = {
  format: 'csv',

  async read(chunks, options) {
    const bad = new BadRows(options);
    const tasks = new TaskTraceBuilder(options);
    await eachRecord<Name>(chunks, bad, {
      required: REQUIRED,
      optional: OPTIONAL,
      headerOf: (name) => options.columns[name],
      onRecord(row, line) {
        if (tasks.isFull) return false;
        addTask(row, tasks, options);
        if (row.fault !== null) bad.add(line, 1, row.fault.field, row.raw, row.fault.message);
        return !tasks.isFull;
      },
    });
    bad.finish();
    return tasks.finish(false);
  },
};

function addTask(row: FieldReader<Name>, tasks: TaskTraceBuilder, options: TraceOptions): void {
  const { submitted, duration, cpu, memory, image: imageColumn, name: nameColumn } = row.columns;
  const submittedUs = amount(row, submitted, US_PER_SECOND, parseDuration);
  const durationUs = row.isEmpty(duration)
    ? Infinity
    : amount(row, duration, US_PER_SECOND, parseDuration);
  const cpuTicks = amount(row, cpu, TICKS_PER_CORE, parseCpu);
  const memoryBytes = amount(row, memory, 1, parseBytes);
  const gpuMilli = gpuMilliOf(row);
  const image = row.isEmpty(imageColumn) ? options.image : row.text(imageColumn);
  const name = nameColumn.at === -1 ? '' : row.name(nameColumn);
  if (row.fault !== null) return;

  const isPlain = gpuMilli === 0 && image === options.image;
  const rest = isPlain ? '' : `${gpuMilli} ${image}`;
  const spec = tasks.internSpec(cpuTicks, memoryBytes, rest, (): TaskSpec => ({
    ...plainTaskSpec(options.workload, 'trace', cpuTicks, memoryBytes),
    gpuCount: Math.ceil(gpuMilli / MILLI_PER_GPU),
    gpuMilli: Math.min(gpuMilli, MILLI_PER_GPU),
    image,
  }));
  tasks.add(spec, submittedUs, durationUs, name);
}

function amount(
  row: FieldReader<Name>,
  column: Column,
  perUnit: number,
  parse: (text: string) => Parsed,
): number {
  const value = Math.round(row.decimal(column) * perUnit);
  if (Number.isSafeInteger(value)) return value;
  const parsed = parse(row.text(column));
  if (parsed.ok) return parsed.value;
  row.fail(column, parsed.message);
  return NaN;
}

/** Milli-GPU in all: whole devices, or a part of one. */
function gpuMilliOf(row: FieldReader<Name>): number {
  const { gpu } = row.columns;
  if (row.isEmpty(gpu)) return 0;
  const devices = row.decimal(gpu);
  const milli = Math.round(devices * MILLI_PER_GPU);
  if (Number.isInteger(devices) && devices <= 1_000) return milli;
  if (devices < 1 && milli >= 1 && milli < MILLI_PER_GPU) return milli;
  row.refuse(gpu, 'a whole number of GPUs or a fraction of one from 0.001 to 0.999');
  return NaN;
}
