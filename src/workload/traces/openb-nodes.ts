/**
 * Node lists of the Alibaba GPU cluster trace 2023: `sn, cpu_milli, memory_mib, gpu, model`, a host a row, in the order
 * of the file. A node without GPUs has an empty model.
 *
 * Source: alibaba/clusterdata, cluster-trace-gpu-v2023.
 */

import { MIB, TICKS_PER_MILLI } from '../../base/units.ts';
import type { HostShape } from '../../cluster/spec.ts';
import { BadRows, type BadRowsOptions } from './bad-rows.ts';
import { eachRecord } from './each-record.ts';
import type { FieldReader } from './field-reader.ts';

const REQUIRED = ['sn', 'cpu_milli', 'memory_mib', 'gpu', 'model'] as const;
type Name = (typeof REQUIRED)[number];

/** Throws ScenarioError on malformed rows, unless they are to be skipped. */
export async function readOpenbNodes(
  chunks: AsyncIterable<string>,
  options: BadRowsOptions,
): Promise<HostShape[]> {
  const bad = new BadRows(options);
  const hosts: HostShape[] = [];
  await eachRecord<Name>(chunks, bad, {
    required: REQUIRED,
    optional: [],
    headerOf: (name) => name,
    onRecord(row, line) {
      const host = readHost(row);
      if (row.fault === null) hosts.push(host);
      else bad.add(line, 1, row.fault.field, row.raw, row.fault.message);
      return true;
    },
  });
  bad.finish();
  return hosts;
}

function readHost(row: FieldReader<Name>): HostShape {
  const { columns } = row;
  const gpuCount = row.whole(columns.gpu, 0, 1_000);
  return {
    name: row.name(columns.sn),
    cpuTicks: row.whole(columns.cpu_milli, 1, 1e9) * TICKS_PER_MILLI,
    memoryBytes: row.whole(columns.memory_mib, 1, 1e9) * MIB,
    gpuCount,
    gpuModel: gpuCount === 0 ? '' : row.name(columns.model),
  };
}
