/** Workloads as columns: services with a desired count, job streams, traces and daemons. */

import { ColumnTable } from '../base/columns.ts';
import type { WorkloadKind } from './spec.ts';

export const WORKLOAD_KINDS: readonly WorkloadKind[] = ['service', 'job', 'trace', 'daemon'];

export const RESIZE_RESTART = { cpu: 1, memory: 2 } as const;

export class WorkloadColumns extends ColumnTable {
  readonly names: string[] = [];
  /** Index of WORKLOAD_KINDS. */
  kind = new Uint8Array(64);
  cluster = new Int32Array(64);
  /** Spec of a service's or daemon's tasks; of the latest task for jobs and traces. */
  spec = new Int32Array(64);

  /** What a vertical autoscaler lets new tasks ask for instead of what is written; 0 for what is written. */
  admittedCpuTicks = new Float64Array(64);
  admittedMemoryBytes = new Float64Array(64);
  /** 1 where limits keep their ratio to the requests that are admitted. */
  scalesLimits = new Uint8Array(64);
  /** Bits of RESIZE_RESTART: containers start again when one of these is resized in place. */
  resizeRestarts = new Uint8Array(64);

  /** 1 where new tasks are held until a quota admits them. */
  holds = new Uint8Array(64);

  /** Tasks submitted so far: the ordinal of the next. */
  submitted = new Int32Array(64);

  /** Services: wanted replicas and their bounds. */
  desired = new Int32Array(64);
  minimum = new Int32Array(64);
  maximum = new Int32Array(64);

  /** Tasks that are pending, bound (placed, pulling or running) and ready; stopping ones count in `stopping` only. */
  pending = new Int32Array(64);
  bound = new Int32Array(64);
  ready = new Int32Array(64);
  stopping = new Int32Array(64);

  add(name: string, kind: WorkloadKind, cluster: number, spec: number): number {
    const row = this.addRow();
    this.names.push(name);
    this.kind[row] = WORKLOAD_KINDS.indexOf(kind);
    this.cluster[row] = cluster;
    this.spec[row] = spec;
    return row;
  }
}
