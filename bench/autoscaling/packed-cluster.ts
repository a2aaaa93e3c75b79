/**
 * A cluster that Karpenter packed: nodes of some common types in three zones, filled with pods of twenty sizes until the next
 * does not fit. Nothing on it can be deleted; whether a node can be replaced by a cheaper one hangs on how it was filled.
 */

import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { GIB, MIB, TICKS_PER_MILLI } from '../../src/base/units.ts';
import { HOST_STATE, NO_ROW } from '../../src/cluster/hosts.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { PLAIN_NODE_POOL, requirementsOfChoice } from '../../src/autoscaling/karpenter/config.ts';
import { Provisioner } from '../../src/autoscaling/karpenter/provisioner.ts';
import { describeInstance } from '../../src/orchestration/host-description.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { Market } from '../../src/orchestration/host-description.ts';

const MARKET: Market = { region: 'us-east-1', parameters: new AssumedParameters() };
const ZONES = ['a', 'b', 'c'];
const TYPES = ['m5.large', 'm5.xlarge', 'm5.2xlarge', 'c5.2xlarge', 'r5.xlarge'];
const SIZES = 20;
/** Pods that are tried on a node: after so many in vain it counts as full. */
const TRIES = 40;

export interface PackedCluster {
  readonly cluster: Cluster;
  readonly provisioner: Provisioner;
  readonly pods: number;
}

export function packedCluster(nodes: number): PackedCluster {
  const cluster = new Cluster(ZONES, ['main'], ['kubernetes']);
  const ledger = new Ledger(cluster);
  const description = {
    name: 'general',
    cluster: 0,
    kind: 'karpenter' as const,
    instanceTypes: [],
    spot: false,
    labels: {},
    taints: [],
    workloads: [],
  };
  const pool = cluster.pools.add(description, 0, 0, 0);
  const workloads = Array.from({ length: SIZES }, (_, size) => {
    const cpuTicks = (250 + 250 * (size % 7)) * TICKS_PER_MILLI;
    const memoryBytes = GIB / 2 + 768 * MIB * (size % 5);
    const spec = cluster.specs.rowOf(plainTaskSpec(`s${size}`, 'service', cpuTicks, memoryBytes));
    return cluster.workloads.add(`s${size}`, 'service', 0, spec);
  });
  let next = 0;
  let pods = 0;
  for (let node = 0; node < nodes; node++) {
    const type = TYPES[node % TYPES.length]!;
    const described = describeInstance(cluster, pool, type, node % ZONES.length, false, MARKET);
    const host = ledger.addHost({ ...described, name: `n${node}` }, 0);
    for (let state = HOST_STATE.running; state <= HOST_STATE.ready; state++) {
      ledger.setHostState(host, state, 0);
    }
    for (let tried = 0; tried < TRIES; tried++) {
      const workload = workloads[next++ % SIZES]!;
      const spec = cluster.workloads.spec[workload]!;
      if (cluster.specs.cpuTicks[spec]! > cluster.hosts.cpuFree[host]!) continue;
      if (cluster.specs.memoryBytes[spec]! > cluster.hosts.memoryFree[host]!) continue;
      const born = { spec, workload, replaces: NO_ROW, durationUs: Infinity, workTickUs: 0 };
      ledger.bind(ledger.addTask(born, NO_ROW, 0), host, 0);
      pods++;
    }
  }
  const nothing = { instanceTypes: [], families: [], arch: ['amd64'] };
  const choice = { ...nothing, categories: ['c', 'm', 'r'], capacityTypes: ['on-demand'] };
  const config = {
    ...PLAIN_NODE_POOL,
    name: 'general',
    pool,
    zones: [0, 1, 2],
    requirements: requirementsOfChoice(choice),
  };
  return { cluster, provisioner: new Provisioner(cluster, 0, [config], MARKET), pods };
}
