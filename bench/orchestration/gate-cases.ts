/**
 * Clusters and pods of kube-scheduler's own performance tests (kubernetes/kubernetes, test/integration/scheduler_perf): 5,000
 * nodes of 4 cores, 32 GiB and 110 pods; pods of 100m and 500Mi; and the rate below which a release is held up.
 */

import { HOST_KEY, ZONE_KEY } from '../../src/orchestration/kubernetes/topology-keys.ts';
import { MIB, TICKS_PER_MILLI } from '../../src/base/units.ts';
import { NO_AFFINITY, PLAIN_POD } from '../../src/cluster/pod-template.ts';
import { plainTaskSpec } from '../../src/cluster/spec.ts';
import type { LabelSelector, PodTemplate } from '../../src/cluster/pod-template.ts';
import type { TaskSpec } from '../../src/cluster/spec.ts';

export interface GateCase {
  readonly name: string;
  /** Pods/s, of the whole system with API server and etcd. */
  readonly gate: number;
  readonly zones: number;
  /** Pods that are there before the clock starts. */
  readonly before: { readonly pods: number; readonly spec: TaskSpec };
  readonly measured: { readonly pods: number; readonly spec: TaskSpec };
}

const CPU_MILLI = 100;
const MEMORY_BYTES = 500 * MIB;
const NAMESPACES = ['sched-1', 'sched-0'];

const BLUE: LabelSelector = { matchLabels: { color: 'blue' }, matchExpressions: [] };
const GREEN: LabelSelector = { matchLabels: { color: 'green' }, matchExpressions: [] };

interface Parts {
  readonly kind?: TaskSpec['kind'];
  readonly labels?: Readonly<Record<string, string>>;
  readonly pod?: Partial<PodTemplate>;
}

function spec(workload: string, { kind = 'job', labels = {}, pod = {} }: Parts = {}): TaskSpec {
  const container = {
    name: 'pause',
    image: '',
    requests: { cpu: CPU_MILLI, memory: MEMORY_BYTES },
    limits: { cpu: CPU_MILLI, memory: MEMORY_BYTES },
    hostPorts: [],
    isSidecar: false,
  };
  return {
    ...plainTaskSpec(workload, kind, CPU_MILLI * TICKS_PER_MILLI, MEMORY_BYTES),
    labels,
    pod: { ...PLAIN_POD, containers: [container], ...pod },
  };
}

const near: Partial<PodTemplate> = {
  affinity: {
    ...NO_AFFINITY,
    required: [{ topologyKey: ZONE_KEY, selector: BLUE, namespaces: NAMESPACES }],
  },
};
const far: Partial<PodTemplate> = {
  antiAffinity: {
    ...NO_AFFINITY,
    required: [{ topologyKey: HOST_KEY, selector: GREEN, namespaces: NAMESPACES }],
  },
};

export const GATE_CASES: readonly GateCase[] = [
  {
    name: 'plain',
    gate: 680,
    zones: 1,
    before: { pods: 1_000, spec: spec('before') },
    measured: { pods: 10_000, spec: spec('measured') },
  },
  {
    name: 'default spreading',
    gate: 160,
    zones: 3,
    before: { pods: 5_000, spec: spec('before') },
    measured: { pods: 50_000, spec: spec('measured', { kind: 'service', labels: { app: 'x' } }) },
  },
  {
    name: 'topology spread',
    gate: 460,
    zones: 3,
    before: { pods: 5_000, spec: spec('before') },
    measured: {
      pods: 5_000,
      spec: spec('measured', {
        labels: { color: 'blue' },
        pod: {
          topologySpread: [
            {
              topologyKey: ZONE_KEY,
              maxSkew: 5,
              whenUnsatisfiable: 'DoNotSchedule',
              selector: BLUE,
              minDomains: 1,
              nodeAffinityPolicy: 'Honor',
              nodeTaintsPolicy: 'Ignore',
            },
          ],
        },
      }),
    },
  },
  {
    name: 'node affinity',
    gate: 220,
    zones: 1,
    before: { pods: 5_000, spec: nodeAffinity('before') },
    measured: { pods: 10_000, spec: nodeAffinity('measured') },
  },
  {
    name: 'pod affinity',
    gate: 35,
    zones: 1,
    before: {
      pods: 5_000,
      spec: spec('before', { labels: { color: 'blue' }, pod: { ...near, namespace: 'sched-0' } }),
    },
    measured: {
      pods: 5_000,
      spec: spec('measured', { labels: { color: 'blue' }, pod: { ...near, namespace: 'sched-1' } }),
    },
  },
  {
    name: 'pod anti-affinity',
    gate: 60,
    zones: 1,
    before: {
      pods: 1_000,
      spec: spec('before', { labels: { color: 'green' }, pod: { ...far, namespace: 'sched-0' } }),
    },
    measured: {
      pods: 2_000,
      spec: spec('measured', { labels: { color: 'green' }, pod: { ...far, namespace: 'sched-1' } }),
    },
  },
];

function nodeAffinity(workload: string): TaskSpec {
  const expressions = [{ key: ZONE_KEY, operator: 'In' as const, values: ['a', 'b'] }];
  return spec(workload, { pod: { requiredNodeTerms: [{ expressions, fields: [] }] } });
}
