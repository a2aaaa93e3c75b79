/**
 * Pods that wait for Karpenter, of fifty kinds, and two NodePools that may launch any type of five hundred and more: one for
 * every pod, one of more weight for those that tolerate its taint.
 *
 * Plain    sizes, zones, capacity types and architectures; nothing about other pods.
 * Spread   a fifth of the kinds spread over zones besides.
 */

import { AssumedParameters } from '../../src/cloud/assumptions.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import { GIB, MIB, TICKS_PER_MILLI } from '../../src/base/units.ts';
import { Ledger } from '../../src/cluster/ledger.ts';
import { NO_ROW } from '../../src/cluster/hosts.ts';
import { PLAIN_NODE_POOL, requirementsOfChoice } from '../../src/autoscaling/karpenter/config.ts';
import { Provisioner } from '../../src/autoscaling/karpenter/provisioner.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import { podOf } from '../../src/autoscaling/karpenter/pod.ts';
import type { Market } from '../../src/orchestration/host-description.ts';
import type { Pod } from '../../src/autoscaling/karpenter/pod.ts';
import type { TaskSpec } from '../../src/cluster/spec.ts';

const MARKET: Market = { region: 'us-east-1', parameters: new AssumedParameters() };
const ZONES = ['a', 'b', 'c'];
const KINDS = 50;
const ZONE = 'topology.kubernetes.io/zone';
const DEDICATED = { key: 'dedicated', value: 'batch', effect: 'NoSchedule' } as const;

export interface WaitingPods {
  readonly cluster: Cluster;
  readonly provisioner: Provisioner;
  readonly pods: readonly Pod[];
}

export function waitingPods(count: number, spreads: boolean): WaitingPods {
  const cluster = new Cluster(ZONES, ['main'], ['kubernetes']);
  const ledger = new Ledger(cluster);
  const pool = (name: string, taints: readonly (typeof DEDICATED)[]) =>
    cluster.pools.add(
      {
        name,
        cluster: 0,
        kind: 'karpenter' as const,
        instanceTypes: [],
        spot: false,
        labels: {},
        taints,
        workloads: [],
      },
      0,
      0,
      0,
    );
  const choice = { instanceTypes: [], families: [], arch: [], capacityTypes: [] };
  const configs = [
    { name: 'general', weight: 0, pool: pool('general', []) },
    { name: 'batch', weight: 10, pool: pool('batch', [DEDICATED]) },
  ].map((one) => ({
    ...PLAIN_NODE_POOL,
    ...one,
    zones: [0, 1, 2],
    requirements: requirementsOfChoice({ ...choice, categories: ['c', 'm', 'r'] }),
  }));
  const workloads = Array.from({ length: KINDS }, (_, kind) => {
    const spec = cluster.specs.rowOf(specOf(kind, spreads));
    return cluster.workloads.add(`w${kind}`, 'service', 0, spec);
  });
  const pods = Array.from({ length: count }, (_, at) => {
    const workload = workloads[(at * 7) % KINDS]!;
    const spec = cluster.workloads.spec[workload]!;
    const born = { spec, workload, replaces: NO_ROW, durationUs: Infinity, workTickUs: 0 };
    return podOf(cluster, ledger.addTask(born, NO_ROW, 0));
  });
  return { cluster, provisioner: new Provisioner(cluster, 0, configs, MARKET), pods };
}

function specOf(kind: number, spreads: boolean): TaskSpec {
  const cpuTicks = (100 + 150 * (kind % 11)) * TICKS_PER_MILLI;
  const memoryBytes = 256 * MIB + (GIB / 2) * (kind % 7);
  const selectors = [
    {},
    {},
    { [ZONE]: `us-east-1${ZONES[kind % 3]}` },
    { 'karpenter.sh/capacity-type': 'on-demand' },
    { 'kubernetes.io/arch': 'arm64' },
  ];
  const tolerated = { operator: 'Equal', ...DEDICATED } as const;
  const spread = { topologyKey: ZONE, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' } as const;
  return {
    ...plainTaskSpec(`w${kind}`, 'service', cpuTicks, memoryBytes),
    nodeSelector: selectors[kind % selectors.length]!,
    tolerations: kind % 4 === 0 ? [tolerated] : [],
    spread: spreads && kind % 5 === 1 ? [spread] : [],
  };
}
