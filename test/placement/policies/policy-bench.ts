/** Hosts of stated sizes and tasks of stated demands, to ask a policy for scores. */

import { Cluster } from '../../../src/cluster/cluster.ts';
import { GIB, MILLI_PER_GPU, TICKS_PER_CORE } from '../../../src/base/units.ts';
import { GPUS_PER_HOST_MAX, HOST_STATE, NO_ROW } from '../../../src/cluster/hosts.ts';
import { Ledger } from '../../../src/cluster/ledger.ts';
import { parsePolicyName } from '../../../src/base/policy-name.ts';
import { placementPolicy } from '../../../src/scenario/registry.ts';
import { plainHost } from '../../support/plain-host.ts';
import { plainTaskSpec } from '../../../src/cluster/spec.ts';
import type { PlacementRequest, ScorePolicy } from '../../../src/placement/policy.ts';
import type { TaskSpec } from '../../../src/cluster/spec.ts';
import type { WorkloadMix } from '../../../src/placement/policies/workload-mix.ts';

/** The policy that a scenario would write so. */
export function policyNamed(text: string, mix: WorkloadMix = []): ScorePolicy {
  const parsed = parsePolicyName(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return placementPolicy(parsed.value, [], () => mix);
}

export function demand(
  cores: number,
  gib: number,
  gpuCount = 0,
  gpuMilli = gpuCount === 0 ? 0 : MILLI_PER_GPU,
): TaskSpec {
  const spec = plainTaskSpec('t', 'job', cores * TICKS_PER_CORE, gib * GIB);
  return { ...spec, gpuCount, gpuMilli };
}

export class PolicyBench {
  readonly cluster = new Cluster(['a'], ['main'], ['batch']);
  readonly ledger = new Ledger(this.cluster);
  nowUs = 0;

  constructor() {
    const pool = { name: 'pool', cluster: 0, kind: 'external', instanceTypes: [], spot: false };
    const description = {
      ...pool,
      kind: 'external',
      labels: {},
      taints: [],
      workloads: [],
    } as const;
    this.cluster.pools.add(description, 0, 0, 0);
    this.cluster.workloads.add('jobs', 'job', 0, 0);
    this.cluster.workloads.add('agent', 'daemon', 0, 0);
  }

  /** A ready host. */
  host(cores: number, gib: number, gpuCount = 0, labels: Record<string, string> = {}): number {
    const cpuAllocatableTicks = cores * TICKS_PER_CORE;
    const parts = { cpuAllocatableTicks, memoryAllocatableBytes: gib * GIB, gpuCount, labels };
    const host = this.ledger.addHost(plainHost({ ...parts, slots: 1_000 }), this.nowUs);
    this.ledger.setHostState(host, HOST_STATE.ready, this.nowUs);
    return host;
  }

  request(spec: TaskSpec): PlacementRequest {
    return { spec: this.cluster.specs.rowOf(spec), workload: 0 };
  }

  /** Binds a task of `spec`; of the daemon when `workload` is 1. */
  bind(spec: TaskSpec, host: number, workload = 0): number {
    const request = { ...this.request(spec), workload };
    const parts = { replaces: NO_ROW, durationUs: 1, workTickUs: 0 };
    const task = this.ledger.addTask({ ...request, ...parts }, NO_ROW, this.nowUs);
    const refusal = this.ledger.bind(task, host, this.nowUs);
    if (refusal !== undefined) throw new Error(`the bench cannot bind: ${refusal}`);
    return task;
  }

  gpuFree(host: number): number[] {
    const { gpuCount, gpuFree } = this.cluster.hosts;
    const base = host * GPUS_PER_HOST_MAX;
    return Array.from(gpuFree.subarray(base, base + gpuCount[host]!));
  }

  score(policy: ScorePolicy, spec: TaskSpec, host: number): number {
    return policy.score(host, this.request(spec), this.cluster);
  }
}
