import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BARE } from '../../../../../src/orchestration/kubernetes/framework/surroundings.ts';
import { CycleFilters } from '../../../../../src/orchestration/kubernetes/framework/cycle-filters.ts';
import { DEFAULT_ARGUMENTS } from '../../../../../src/cluster/plugin-arguments.ts';
import { HOST, ZONE, node, pod, selector, spec, spreadOver } from '../pods-and-nodes.ts';
import { NominatedPods } from '../../../../../src/orchestration/kubernetes/framework/nominated-pods.ts';
import { podTopologySpreadFilter } from '../../../../../src/orchestration/kubernetes/framework/plugins/pod-topology-spread-filter.ts';
import { podTopologySpreadScore } from '../../../../../src/orchestration/kubernetes/framework/plugins/pod-topology-spread-score.ts';
import { scoreNodes } from '../../../../../src/orchestration/kubernetes/framework/scores.ts';
import type { NodeInfo } from '../../../../../src/orchestration/kubernetes/framework/node-info.ts';
import type { PodInfo } from '../../../../../src/orchestration/kubernetes/framework/pod-info.ts';
import type { SpreadArguments } from '../../../../../src/cluster/plugin-arguments.ts';
import type { TopologySpread } from '../../../../../src/cluster/pod-template.ts';

const NOBODY = new NominatedPods();
const FILTER = podTopologySpreadFilter(DEFAULT_ARGUMENTS.spread);
const WEB = spec({ labels: { app: 'web' } });

function codes(incoming: PodInfo, nodes: readonly NodeInfo[]): (string | undefined)[] {
  const { state } = FILTER.preFilter!(incoming, nodes, BARE);
  if (state === undefined) return nodes.map(() => 'skip');
  return nodes.map((one) => FILTER.filter(incoming, one, state, BARE)?.code);
}

function scores(
  incoming: PodInfo,
  feasible: readonly NodeInfo[],
  all = feasible,
  args: SpreadArguments = DEFAULT_ARGUMENTS.spread,
) {
  const plugin = podTopologySpreadScore(args);
  return scoreNodes([{ plugin, weight: 1 }], incoming, feasible, all, BARE).plugins[0];
}

/** A node in a zone with so many pods `app: web` on it. */
function loaded(name: string, zone: string, pods: number): NodeInfo {
  const one = node(name, { [ZONE]: zone });
  for (let i = 0; i < pods; i++) one.add(pod(`${name}-${i}`, WEB));
  return one;
}

function spreading(...topologySpread: readonly TopologySpread[]): PodInfo {
  return pod('incoming', { labels: { app: 'web' }, template: { topologySpread } });
}

describe('hard topology spread', () => {
  it('refuses domains that would be more than maxSkew above the least (1.8)', () => {
    const nodes = [loaded('a', 'z1', 2), loaded('b', 'z2', 1), loaded('c', 'z3', 1)];
    // z1: 2 + 1 - 1 = 2 > 1; z2, z3: 1 + 1 - 1 = 1.
    expect(codes(spreading(spreadOver(ZONE)), nodes)).toEqual([
      'Unschedulable',
      undefined,
      undefined,
    ]);
  });

  it('does not count the pod itself where its own selector does not match it (1.8)', () => {
    const nodes = [loaded('a', 'z1', 2), loaded('b', 'z2', 1)];
    const other = pod('incoming', {
      labels: { app: 'db' },
      template: { topologySpread: [spreadOver(ZONE)] },
    });
    // z1: 2 + 0 - 1 = 1.
    expect(codes(other, nodes)).toEqual([undefined, undefined]);
  });

  it('pitfall 8.8: preemption cannot resolve a missing key, but it can a skew (1.14)', () => {
    const nodes = [loaded('a', 'z1', 1), loaded('b', 'z2', 0), node('c')];
    expect(codes(spreading(spreadOver(ZONE)), nodes)).toEqual([
      'Unschedulable',
      undefined,
      'UnschedulableAndUnresolvable',
    ]);
  });

  it('pitfall 8.6: fewer domains than minDomains make the least 0 (1.8)', () => {
    const nodes = [loaded('a', 'z1', 1), loaded('b', 'z2', 1)];
    // With the real least 1: 1 + 1 - 1 = 1. With 0: 2 > 1.
    expect(codes(spreading(spreadOver(ZONE)), nodes)).toEqual([undefined, undefined]);
    expect(codes(spreading(spreadOver(ZONE, { minDomains: 3 })), nodes)).toEqual([
      'Unschedulable',
      'Unschedulable',
    ]);
  });

  it('pitfall 8.6: terminating pods do not count (1.8)', () => {
    const nodes = [loaded('a', 'z1', 0), loaded('b', 'z2', 0)];
    nodes[0]!.add(pod('leaving', WEB, { isTerminating: true }));
    expect(codes(spreading(spreadOver(ZONE)), nodes)).toEqual([undefined, undefined]);
  });

  it('counts pods of the own namespace alone, and none for an empty selector (1.8)', () => {
    const nodes = [loaded('a', 'z1', 0), loaded('b', 'z2', 0)];
    const elsewhere = spec({ labels: { app: 'web' }, template: { namespace: 'other' } });
    nodes[0]!.add(pod('elsewhere', elsewhere));
    expect(codes(spreading(spreadOver(ZONE)), nodes)).toEqual([undefined, undefined]);
    nodes[0]!.add(pod('here', WEB));
    const all = spreading(spreadOver(ZONE, { selector: selector({}) }));
    expect(codes(all, nodes)).toEqual([undefined, undefined]);
  });

  it('pitfall 8.6: taints are ignored by default: an empty tainted zone still holds the others back (1.8)', () => {
    const taint = { key: 'gone', value: '', effect: 'NoSchedule' as const };
    const tainted = node('b', { [ZONE]: 'z2' }, { taints: [taint] });
    const nodes = [loaded('a', 'z1', 1), tainted];
    expect(codes(spreading(spreadOver(ZONE)), nodes)[0]).toBe('Unschedulable');
    const honoring = spreading(spreadOver(ZONE, { nodeTaintsPolicy: 'Honor' }));
    expect(codes(honoring, nodes)[0]).toBeUndefined();
  });

  it('leaves out nodes that the pod may not go to, unless told to ignore that (1.8)', () => {
    const nodes = [loaded('a', 'z1', 1), loaded('b', 'z2', 0)];
    const only = (constraint: TopologySpread): PodInfo =>
      pod('incoming', {
        labels: { app: 'web' },
        nodeSelector: { [ZONE]: 'z1' },
        template: { topologySpread: [constraint] },
      });
    expect(codes(only(spreadOver(ZONE)), nodes)[0]).toBeUndefined();
    expect(codes(only(spreadOver(ZONE, { nodeAffinityPolicy: 'Ignore' })), nodes)[0]).toBe(
      'Unschedulable',
    );
  });

  it('pitfall 8.6: has nothing to say of pods with the system defaults, which are soft (1.8)', () => {
    const plain = pod('incoming', {
      labels: { app: 'web' },
      defaultSelector: selector({ app: 'web' }),
    });
    expect(codes(plain, [loaded('a', 'z1', 5)])).toEqual(['skip']);
  });
});

describe('hard topology spread in a what-if', () => {
  const zones = ['z1', 'z2', 'z3'];
  const layout = fc.record({
    pods: fc.array(fc.tuple(fc.nat(5), fc.boolean()), { maxLength: 20 }),
    node: fc.nat(5),
    changes: fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 8 }),
    maxSkew: fc.integer({ min: 1, max: 3 }),
  });

  it('answers as if it had counted anew, whatever comes to and goes from one node', () => {
    fc.assert(
      fc.property(layout, ({ pods, node: at, changes, maxSkew }) => {
        const nodes = Array.from({ length: 6 }, (_, i) => node(`n${i}`, { [ZONE]: zones[i % 3]! }));
        const other = spec({ labels: { app: 'db' } });
        for (const [i, [on, isWeb]] of pods.entries())
          nodes[on]!.add(pod(`p${i}`, isWeb ? WEB : other));
        const incoming = spreading(spreadOver(ZONE, { maxSkew }), spreadOver(HOST, { maxSkew: 3 }));
        const { filters } = CycleFilters.begin([FILTER], incoming, nodes, BARE);
        const whatIf = filters.copy();
        const changed = nodes[at]!.clone();
        for (const [i, [isWeb, arrives]] of changes.entries()) {
          const leaving = changed.pods[0];
          if (arrives || leaving === undefined)
            whatIf.add(pod(`new${i}`, isWeb ? WEB : other), changed);
          else whatIf.remove(leaving, changed);
        }
        const anew = nodes.map((one, i) => (i === at ? changed : one));
        const told = anew.map((one) => whatIf.refusalOf(one, NOBODY)?.code);
        expect(told).toEqual(codes(incoming, anew));
        // What was not asked what-if stays as it was.
        expect(nodes.map((one) => filters.refusalOf(one, NOBODY)?.code)).toEqual(
          codes(incoming, nodes),
        );
      }),
      { seed: 18, numRuns: 200 },
    );
  });
});

describe('quirks of hard topology spread in a what-if', () => {
  function whatIfOf(nodes: readonly NodeInfo[]): CycleFilters {
    return CycleFilters.begin([FILTER], spreading(spreadOver(ZONE)), nodes, BARE).filters.copy();
  }

  it('only the two domains with the fewest pods are followed: a third that has the fewest then is missed (1.8)', () => {
    const nodes = [loaded('a', 'z1', 1), loaded('b', 'z2', 2), loaded('c', 'z3', 3)];
    const whatIf = whatIfOf(nodes);
    const [a, b] = [nodes[0]!.clone(), nodes[1]!.clone()];
    for (let i = 0; i < 4; i++) whatIf.add(pod(`a${i}`, WEB), a);
    for (let i = 0; i < 3; i++) whatIf.add(pod(`b${i}`, WEB), b);
    // 5, 5, 3: the least is taken for 5, so that 5 + 1 - 5 = 1 passes where 5 + 1 - 3 = 3 would not.
    expect(whatIf.refusalOf(a, NOBODY)).toBeUndefined();
    expect(codes(spreading(spreadOver(ZONE)), [a, b, nodes[2]!])[0]).toBe('Unschedulable');
  });

  it('a terminating pod that goes is taken off, although it was not counted (1.8)', () => {
    const nodes = [loaded('a', 'z1', 1), loaded('b', 'z2', 0)];
    const leaving = pod('leaving', WEB, { isTerminating: true });
    nodes[0]!.add(leaving);
    const whatIf = whatIfOf(nodes);
    expect(whatIf.refusalOf(nodes[0]!, NOBODY)?.code).toBe('Unschedulable');
    const without = nodes[0]!.clone();
    whatIf.remove(leaving, without);
    // 1 - 1 + 1 - 0 = 1, with one pod that matches still there.
    expect(whatIf.refusalOf(without, NOBODY)).toBeUndefined();
    expect(codes(spreading(spreadOver(ZONE)), [without, nodes[1]!])[0]).toBe('Unschedulable');
  });
});

describe('soft topology spread', () => {
  it('pitfall 8.6: weighs by ln(size + 2), sizes from feasible nodes and counts from all (worked value, section 6)', () => {
    // Six nodes are feasible and in three zones; (pods on host, in zone) = (1,3), (0,3), (0,1), (2,2). Weights ln 8 = 2.079, ln 5 = 1.609.
    const nodes = [
      loaded('a', 'z1', 1),
      loaded('b', 'z1', 0),
      loaded('c', 'z2', 0),
      loaded('d', 'z3', 2),
      loaded('e', 'z1', 0),
      loaded('f', 'z2', 0),
    ];
    // The rest of the zones' pods are on nodes that are not feasible: z1 has 3 with these 2, z2 has 1.
    const full = [loaded('x', 'z1', 2), loaded('y', 'z2', 1)];
    const incoming = pod('incoming', {
      labels: { app: 'web' },
      defaultSelector: selector({ app: 'web' }),
    });
    const found = scores(incoming, nodes, [...nodes, ...full])!;
    // 1 * 2.079 + 2 + 3 * 1.609 + 4 = 12.9; 6 + 3 * 1.609 = 10.8; 6 + 1.609 = 7.6; 2 * 2.079 + 6 + 2 * 1.609 = 13.4.
    expect(found.raw.slice(0, 4)).toEqual([13, 11, 8, 13]);
    // 100 * (13 + 8 - raw) div 13.
    expect(found.normalized!.slice(0, 4)).toEqual([61, 76, 100, 61]);
  });

  it('pitfall 8.6: system defaults score nodes without a zone too, other constraints give them 0 (1.9)', () => {
    const nodes = [loaded('a', 'z1', 1), node('bare')];
    const labels = { app: 'web' };
    const byDefault = pod('incoming', { labels, defaultSelector: selector(labels) });
    // a: 1 * ln 4 + 2 + 1 * ln 4 + 4 = 8.8; bare: 0 + 2 alone, because it has no zone.
    expect(scores(byDefault, nodes)!.raw).toEqual([9, 2]);
    const own = spreading(spreadOver(ZONE, { whenUnsatisfiable: 'ScheduleAnyway' }));
    expect(scores(own, nodes)!.normalized).toEqual([100, 0]);
    const listed = [
      { topologyKey: ZONE, maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' as const },
    ];
    expect(scores(byDefault, nodes, nodes, { defaults: listed })!.normalized).toEqual([100, 0]);
  });

  it('gives 100 to all where no raw score is above 0 (1.9)', () => {
    const own = spreading(spreadOver(ZONE, { whenUnsatisfiable: 'ScheduleAnyway' }));
    expect(scores(own, [loaded('a', 'z1', 0), loaded('b', 'z2', 0)])!.normalized).toEqual([
      100, 100,
    ]);
  });

  it('is skipped for a pod that no Service and no controller selects (1.9)', () => {
    expect(scores(pod('incoming', WEB), [loaded('a', 'z1', 1)])).toBeUndefined();
  });
});
