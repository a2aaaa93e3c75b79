/**
 * Pods as a trace: a file of Kubernetes manifests, a Pod a document, submitted one after the other in the order of the file.
 *
 *   submitted    at time 0, all; a scheduler takes them in the order of the file
 *   duration     to the end of the run: a manifest states none
 *   the rest     as in manifests (workload/manifests/pod-task-spec.ts)
 *
 * Documents are parted by lines `---`; each is parsed when it is whole, so the file never stands in memory. A document that is no
 * Pod, or is faulty, is one malformed row: its first line.
 */

import { eachLine } from './each-line.ts';
import { manifestObjects } from '../manifests/manifest-object.ts';
import { podTaskSpec } from '../manifests/pod-task-spec.ts';
import { PriorityClasses } from '../manifests/priority-classes.ts';
import { readYaml } from '../manifests/yaml-cursor.ts';
import { BadRows } from './bad-rows.ts';
import { TaskTraceBuilder } from './task-trace-builder.ts';
import type { Fault } from '../../base/scenario-error.ts';
import type { TaskSpec } from '../../cluster/spec.ts';
import type { TraceOptions, TraceReader } from './reader.ts';

const PARTING = /^---(\s|$)/;

export const kubernetesPods: TraceReader = {
  format: 'kubernetes',

  async read(chunks, options) {
    const bad = new BadRows(options);
    const tasks = new TaskTraceBuilder(options);
    let lines: string[] = [];
    let firstLine = 1;
    const take = (): boolean => {
      if (lines.some((line) => line.trim() !== '')) {
        takeDocument(lines.join('\n'), firstLine, options, tasks, bad);
      }
      lines = [];
      return !tasks.isFull;
    };
    await eachLine(chunks, (text, from, to, line) => {
      const content = text.slice(from, to);
      if (!PARTING.test(content)) {
        if (lines.length === 0) firstLine = line;
        lines.push(content);
        return true;
      }
      return take();
    });
    if (!tasks.isFull) take();
    bad.finish();
    return tasks.finish(false);
  },
};

function takeDocument(
  text: string,
  firstLine: number,
  { file, workload, image }: TraceOptions,
  tasks: TaskTraceBuilder,
  bad: BadRows,
): void {
  const faults: Fault[] = [];
  for (const object of readYaml(file, text, faults).flatMap(manifestObjects)) {
    if (tasks.isFull) return;
    if (object.type !== '/Pod') {
      object.cursor.faultSaying(`expected a Pod, found ${object.kind}`);
      continue;
    }
    const { spec } = podTaskSpec(object.cursor, workload, 'trace', 1, new PriorityClasses());
    if (faults.length === 0) add(tasks, { ...spec, image }, object.name);
  }
  const [fault] = faults;
  if (fault === undefined) return;
  const { line, column, path, message } = fault;
  bad.add(firstLine + line - 1, column, path, text.slice(0, text.indexOf('\n')), message);
}

function add(tasks: TaskTraceBuilder, spec: TaskSpec, name: string): void {
  const { cpuTicks, memoryBytes, ...rest } = spec;
  const row = tasks.internSpec(cpuTicks, memoryBytes, JSON.stringify(rest), () => spec);
  tasks.add(row, 0, Infinity, name);
}
