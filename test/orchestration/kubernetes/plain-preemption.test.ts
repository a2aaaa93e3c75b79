import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterBuilder } from '../cluster-builder.ts';
import { BARE } from '../../../src/orchestration/kubernetes/framework/surroundings.ts';
import { DisruptionBudgets } from '../../../src/orchestration/kubernetes/controllers/disruption-budgets.ts';
import { NominatedPods } from '../../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { Nominations } from '../../../src/orchestration/kubernetes/queue/nominations.ts';
import { PLAIN_POD } from '../../../src/cluster/pod-template.ts';
import { Preemptor } from '../../../src/orchestration/kubernetes/preemption/preemptor.ts';
import { PreemptionRules } from '../../../src/orchestration/kubernetes/preemption/preemption-rules.ts';
import { SchedulingCycle } from '../../../src/orchestration/kubernetes/framework/cycle.ts';
import { TASK_STATE } from '../../../src/cluster/tasks.ts';
import { TICKS_PER_MILLI } from '../../../src/base/units.ts';
import { ViewNodes } from '../../../src/orchestration/kubernetes/view-nodes.ts';
import { preempt } from '../../../src/orchestration/kubernetes/framework/preemption.ts';
import { preemptPlainly } from '../../../src/orchestration/kubernetes/preemption/plain-preemption.ts';
import { profileOf } from '../../../src/orchestration/kubernetes/framework/profile.ts';
import { spreadOver, term } from './framework/pods-and-nodes.ts';
import { zoneInterleaved } from '../../../src/orchestration/kubernetes/cycle/node-order.ts';
import type { DisruptionBudget } from '../../../src/orchestration/kubernetes/framework/surroundings.ts';
import type { PodTemplate } from '../../../src/cluster/pod-template.ts';
import type { TaskSpec } from '../../../src/cluster/spec.ts';

const NO_CHOICE = { choose: () => -1, save: () => null, restore: () => {} };

const HOST = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

/** Of so many thousandths of a core. */
function pods(milli: number, priority: number, rest: Partial<PodTemplate> = {}): Partial<TaskSpec> {
  const port = rest.containers?.[0]?.hostPorts ?? [];
  const container = {
    name: 'main',
    image: '',
    requests: { cpu: milli },
    limits: {},
    hostPorts: port,
    isSidecar: false,
  };
  return {
    cpuTicks: milli * TICKS_PER_MILLI,
    priority,
    labels: { app: 'web' },
    pod: { ...PLAIN_POD, ...rest, containers: [container] },
  };
}

const ALONE: Partial<PodTemplate> = { antiAffinity: { required: [term(HOST)], preferred: [] } };
const SPREAD: Partial<PodTemplate> = { topologySpread: [spreadOver(ZONE)] };
const FRIEND: Partial<PodTemplate> = { affinity: { required: [term(ZONE)], preferred: [] } };
const PORT: Partial<PodTemplate> = {
  containers: [
    {
      name: 'main',
      image: '',
      requests: {},
      limits: {},
      hostPorts: [{ ip: '0.0.0.0', protocol: 'TCP', port: 80 }],
      isSidecar: false,
    },
  ],
};

const VICTIMS = [
  pods(1000, 0),
  pods(1000, 5),
  pods(500, 20),
  pods(500, 0, ALONE),
  pods(500, 5, PORT),
  { ...pods(1500, 0), labels: { app: 'db' } },
];
const INCOMING = [
  pods(1000, 10, SPREAD),
  pods(3000, 10, ALONE),
  pods(2000, 10, PORT),
  pods(1500, 10, FRIEND),
  pods(500, 10, { ...SPREAD, ...ALONE }),
];

/** Each over the kinds whose bits are set; it allows as many disruptions as one of these kinds has pods that are healthy. */
function budgetsOver(
  { cluster }: ClusterBuilder,
  kinds: readonly number[],
  drawn: readonly { readonly covers: number; readonly healthy: number }[],
): { budgets: DisruptionBudgets; told: DisruptionBudget[] } {
  const rule = { minAvailable: { count: 0 }, unhealthyPodEviction: 'IfHealthyBudget' as const };
  const all = drawn
    .map(({ covers }) => ({ rule, workloads: kinds.filter((_, i) => (covers & (1 << i)) !== 0) }))
    .filter(({ workloads }) => workloads.length > 0);
  for (const [i, { workloads }] of all.entries()) {
    cluster.workloads.ready[workloads[0]!] = drawn[i]!.healthy;
  }
  const budgets = new DisruptionBudgets(cluster, all);
  const told = all.map((budget) => ({
    namespace: 'default',
    selector: {
      matchLabels: {},
      matchExpressions: [
        {
          key: 'kind',
          operator: 'In' as const,
          values: budget.workloads.map((row) => `${kinds.indexOf(row)}`),
        },
      ],
    },
    disruptionsAllowed: budgets.allowed(budget),
    disrupted: new Set<string>(),
  }));
  return { budgets, told };
}

describe('preemption for terms that select by labels of namespaces', () => {
  it('evicts a pod of a namespace with the label, where it knows the labels', () => {
    const outcome = (namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>) => {
      const world = new ClusterBuilder();
      const host = world.host();
      world.running(world.workload('job', pods(100, 0, { namespace: 'shop' })), host);
      const namespaceSelector = { matchLabels: { team: 'web' }, matchExpressions: [] };
      const antiAffinity = { required: [{ ...term(HOST), namespaceSelector }], preferred: [] };
      const task = world.pending(world.workload('job', pods(100, 10, { antiAffinity })));
      const choice = { ...NO_CHOICE, filter: () => () => true };
      const preemptor = new Preemptor(world.cluster, 0, choice, undefined, namespaces);
      preemptor.noted(0);
      return preemptor.preempt(task, [host]).kind;
    };
    expect(outcome(new Map([['shop', { team: 'web' }]]))).toBe('preempts');
    expect(outcome(new Map([['shop', {}]]))).toBe('no-candidate');
  });
});

describe('preemption on the columns', () => {
  const layout = fc.record({
    hosts: fc.integer({ min: 1, max: 6 }),
    running: fc.array(fc.tuple(fc.nat(5), fc.nat(VICTIMS.length - 1)), { maxLength: 24 }),
    incoming: fc.nat(INCOMING.length - 1),
    budgets: fc.array(fc.record({ covers: fc.nat(63), healthy: fc.nat(3) }), { maxLength: 2 }),
    nominated: fc.option(fc.tuple(fc.nat(5), fc.boolean()), { nil: undefined }),
  });

  it('chooses the node and the victims that the framework chooses pod by pod, whatever rules there are', () => {
    let evictions = 0;
    let broken = 0;
    fc.assert(
      fc.property(layout, ({ hosts: count, running, incoming, budgets: drawn, nominated }) => {
        const world = new ClusterBuilder();
        const hosts = Array.from({ length: count }, (_, i) =>
          world.host({ name: `n${i}`, zone: i % 3 }),
        );
        const kinds = VICTIMS.map((spec, kind) =>
          world.workload('job', { ...spec, labels: { ...spec.labels, kind: `${kind}` } }),
        );
        for (const [i, [on, kind]] of running.entries()) {
          world.nowUs = i;
          const task = world.pending(kinds[kind]!);
          if (world.ledger.bind(task, hosts[on % count]!, i) !== undefined) continue;
          world.cluster.tasks.state[task] = TASK_STATE.running;
        }
        const task = world.pending(world.workload('job', INCOMING[incoming]));
        const nominations = new Nominations();
        const waiting = new NominatedPods();
        const nodes = new ViewNodes(world.cluster);
        if (nominated !== undefined) {
          const [on, isHigh] = nominated;
          const other = world.pending(kinds[isHigh ? 2 : 0]!);
          nominations.add(other, hosts[on % count]!);
          waiting.add(nodes.podOf(other), world.cluster.hostNames[hosts[on % count]!]!);
        }

        const { budgets, told: toldBudgets } = budgetsOver(world, kinds, drawn);
        const around = { ...BARE, budgets: toldBudgets };

        const order = zoneInterleaved(hosts, (host) => world.cluster.hosts.zone[host]!);
        const infos = order.map((host) => nodes.at(host));
        const snapshot = {
          nodes: infos,
          byName: (name: string) => infos.find(({ node }) => node.name === name),
        };
        const pod = nodes.podOf(task);
        const cycle = new SchedulingCycle({ profile: profileOf(), percentage: 0 }, waiting);
        const unfit = cycle.run(pod, snapshot, around);
        fc.pre(unfit.kind === 'unfit');
        const told = preempt(pod, unfit, { snapshot, nominated: waiting, around });

        const rules = new PreemptionRules(task, hosts, nodes, nominations);
        const view = world.cluster;
        const ours = preemptPlainly(task, hosts, { view, nominations, rules, budgets });
        expect(ours.kind).toBe(told.kind);
        if (ours.kind !== 'preempts' || told.kind !== 'preempts') return;
        evictions++;
        if (told.violations > 0) broken++;
        expect(world.cluster.hostNames[ours.host]).toBe(told.node.node.name);
        expect(ours.victims.map((victim) => `pod-${victim}`)).toEqual(
          told.victims.map(({ name }) => name),
        );
      }),
      { seed: 110, numRuns: 500 },
    );
    expect(evictions).toBeGreaterThan(30);
    expect(broken).toBeGreaterThan(3);
  });
});
