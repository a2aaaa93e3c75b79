import { describe, expect, it } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { GIB, TICKS_PER_CORE } from '../../src/base/units.ts';
import { HOST_STATE } from '../../src/cluster/hosts.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { diagnose, isFeasible } from '../../src/placement/feasible.ts';
import { plainHost } from '../support/plain-host.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { HostDescription } from '../../src/cluster/hosts.ts';
import type { TaskSpec } from '../../src/cluster/spec.ts';

class Hosts {
  readonly cluster = new Cluster(['a'], ['main'], ['batch']);
  readonly ledger = new Ledger(this.cluster);

  constructor() {
    const pool = { cluster: 0, kind: 'asg', instanceTypes: [], spot: false } as const;
    const open = { ...pool, labels: {}, taints: [], workloads: [] };
    this.cluster.pools.add({ ...open, name: 'open' }, 0, 0, 0);
    this.cluster.pools.add({ ...open, name: 'kept', workloads: [1] }, 0, 0, 0);
    for (const name of ['x', 'y']) this.cluster.workloads.add(name, 'job', 0, 0);
  }

  add(parts: Partial<HostDescription> = {}, state: number = HOST_STATE.ready): number {
    const host = this.ledger.addHost(plainHost(parts), 0);
    if (state > 0) this.ledger.setHostState(host, state, 0);
    return host;
  }

  request(parts: Partial<TaskSpec> = {}, workload = 0) {
    const spec = { ...plainTaskSpec('t', 'job', TICKS_PER_CORE, GIB), ...parts };
    return { spec: this.cluster.specs.rowOf(spec), workload };
  }

  why(hosts: readonly number[], parts: Partial<TaskSpec> = {}): string {
    return diagnose(this.cluster, this.request(parts), hosts);
  }
}

describe('why a task stays pending', () => {
  it('no-host, when there is none to ask', () => {
    expect(new Hosts().why([])).toBe('no-host');
  });

  it.each([
    ['host-not-ready', {}, HOST_STATE.launching, {}],
    ['host-not-ready', {}, HOST_STATE.terminating, {}],
    ['host-draining', {}, HOST_STATE.draining, {}],
    ['wrong-pool', { pool: 1 }, HOST_STATE.ready, {}],
    ['taint', { taints: [{ key: 'k', value: '', effect: 'NoSchedule' }] }, HOST_STATE.ready, {}],
    ['selector', {}, HOST_STATE.ready, { nodeSelector: { disk: 'ssd' } }],
    ['insufficient-cpu', {}, HOST_STATE.ready, { cpuTicks: 5 * TICKS_PER_CORE }],
    ['insufficient-memory', {}, HOST_STATE.ready, { memoryBytes: 17 * GIB }],
    ['insufficient-gpu', {}, HOST_STATE.ready, { gpuCount: 1, gpuMilli: 500 }],
    ['too-many-pods', { slots: 0 }, HOST_STATE.ready, {}],
    ['queued', {}, HOST_STATE.ready, {}],
  ] as const)('%s', (reason, hostParts, state, taskParts) => {
    const hosts = new Hosts();
    const host = hosts.add(hostParts, state);
    expect(hosts.why([host], taskParts)).toBe(reason);
    const free = hosts.cluster.hosts;
    const feasible = isFeasible(hosts.cluster, free, hosts.request(taskParts), host);
    expect(feasible).toBe(reason === 'queued');
  });

  it('is the reason of most hosts, and of the first met among equals', () => {
    const hosts = new Hosts();
    const draining = hosts.add({}, HOST_STATE.draining);
    const kept = hosts.add({ pool: 1 });
    const alsoKept = hosts.add({ pool: 1 });
    expect(hosts.why([draining, kept, alsoKept])).toBe('wrong-pool');
    expect(hosts.why([draining, kept])).toBe('host-draining');
    expect(hosts.why([kept, draining])).toBe('wrong-pool');
  });

  it('names the state before the pool, the labels before the room', () => {
    const hosts = new Hosts();
    const drainingAndKept = hosts.add({ pool: 1 }, HOST_STATE.draining);
    expect(hosts.why([drainingAndKept])).toBe('host-draining');
    const small = hosts.add({ cpuAllocatableTicks: 0 });
    expect(hosts.why([small], { nodeSelector: { disk: 'ssd' } })).toBe('selector');
  });

  it('a pool that is kept for a workload takes that workload', () => {
    const hosts = new Hosts();
    const kept = hosts.add({ pool: 1 });
    const { cluster } = hosts;
    expect(isFeasible(cluster, cluster.hosts, hosts.request({}, 1), kept)).toBe(true);
    expect(isFeasible(cluster, cluster.hosts, hosts.request({}, 0), kept)).toBe(false);
  });
});
